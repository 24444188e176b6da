/* traces.c: traces of goroutines other than the running one, in gc's format: tools read them. */
#include "runtime/sched/proc.h"

static const int64_t ns_per_minute = (int64_t)60 * 1000 * 1000 * 1000;

static const char *const wait_text[] = {
#define WAIT(name, text) [name] = text,
#include "runtime/sched/wait.def"
};

static const char *status_text(const RtGoroutine *g) {
    switch ((RtStatus)__atomic_load_n(&g->status, __ATOMIC_RELAXED)) {
    case GS_IDLE: return "idle";
    case GS_RUNNABLE: return "runnable";
    case GS_RUNNING: return "running";
    case GS_SYSCALL: return "syscall";
    case GS_WAITING: return g->wait < RW_COUNT && g->wait != RW_NONE ? wait_text[g->wait] : "waiting";
    case GS_DEAD: return "dead";
    }
    return "???";
}

/* goroutine 7 [chan receive, 2 minutes, locked to thread]: */
void rt_trace_header(const RtGoroutine *g) {
    rt_print_cstr("goroutine ");
    rt_print_uint(g->id);
    rt_print_cstr(" [");
    rt_print_cstr(status_text(g));
    int64_t minutes = g->wait_since ? (rt_nanotime() - g->wait_since) / ns_per_minute : 0;
    if (minutes > 0 && __atomic_load_n(&g->status, __ATOMIC_RELAXED) == GS_WAITING) {
        rt_print_cstr(", ");
        rt_print_int(minutes);
        rt_print_cstr(" minutes");
    }
    if (g->locked_m) rt_print_cstr(", locked to thread");
    rt_print_cstr("]:\n");
}

/* created by main.f in goroutine 1 */
void rt_trace_creator(const RtGoroutine *g) {
    const RtFunc *f = g->created_at ? rt_func_find(g->created_at - 1) : NULL;
    if (!f) return;
    const RtCallSite *site = rt_func_site(f, g->created_at);
    const RtInline *in = site ? (const RtInline *)(uintptr_t)site->inl : NULL;
    rt_print_cstr("created by ");
    rt_print_cstr((const char *)(uintptr_t)(in ? in->name : f->name));
    rt_print_cstr(" in goroutine ");
    rt_print_uint(g->parent);
    rt_print_cstr("\n\t");
    rt_print_cstr((const char *)(uintptr_t)(in ? in->file : f->file));
    rt_print_cstr(":");
    rt_print_uint(site ? site->line : f->line);
    rt_print_cstr(" +");
    rt_print_hex(g->created_at - f->entry);
    rt_print_nl();
}

/* Where a goroutine that does not run stands. */
static RtWalk walk_of(const RtGoroutine *g) {
    const RtContext *c = __atomic_load_n(&g->status, __ATOMIC_RELAXED) == GS_SYSCALL ? (const RtContext *)g->saved : g->sp;
    return rt_walk_of(g, c->pc, c->fp);
}

static void print_other(RtGoroutine *g, void *but) {
    if (g == but || g->system) return;
    rt_print_nl();
    rt_trace_header(g);
    if (__atomic_load_n(&g->status, __ATOMIC_RELAXED) == GS_RUNNING)
        rt_print_cstr("\tgoroutine running on other thread; stack unavailable\n");
    else
        rt_trace_frames(walk_of(g));
    rt_trace_creator(g);
}

void rt_trace_others(RtGoroutine *but) { rt_each_goroutine(print_other, but); }

_Noreturn void rt_fatal_all(GoString text) {
    rt_print_lock();
    rt_print_cstr("fatal error: ");
    rt_print_string(text);
    rt_print_nl();
    rt_trace_others(NULL);
    while (rt_m()->out.depth > 0) rt_print_unlock();
    rt_sys_exit(RT_EXIT_PANIC);
}
