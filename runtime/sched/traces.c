/* traces.c: traces of goroutines other than the running one, in gc's format: tools read them. */
#include "runtime/caps/caps.h"
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

static void print_part(void *unused, const char *p, size_t n) {
    (void)unused;
    rt_print_string((GoString){(const uint8_t *)p, (int64_t)n});
}

/* goroutine 7 [chan receive, 2 minutes, locked to thread]: */
void rt_trace_header(const RtGoroutine *g) {
    if (!g) {
        rt_print_cstr("goroutine 0 [idle]:\n");
        return;
    }
    rt_print_cstr("goroutine ");
    rt_print_uint(g->id);
    rt_print_cstr(" [");
    rt_print_cstr(status_text(g));
    int64_t since = __atomic_load_n(&g->wait_since, __ATOMIC_RELAXED);
    int64_t minutes = since ? (rt_nanotime() - since) / ns_per_minute : 0;
    if (minutes > 0 && __atomic_load_n(&g->status, __ATOMIC_RELAXED) == GS_WAITING) {
        rt_print_cstr(", ");
        rt_print_int(minutes);
        rt_print_cstr(" minutes");
    }
    if (g->locked_m) rt_print_cstr(", locked to thread");
    if (g->g.caps) {
        rt_print_cstr(", capabilities ");
        rt_caps_text(g->g.caps, print_part, NULL);
    }
    rt_print_cstr("]:\n");
}

/* created by main.f in goroutine 1; a timer is no goroutine. */
void rt_trace_creator(const RtGoroutine *g) {
    const RtFunc *f = g->created_at ? rt_func_find(g->created_at - 1) : NULL;
    if (!f) return;
    RtActivation a = rt_activation(f, g->created_at);
    rt_print_cstr("created by ");
    rt_print_cstr(a.name);
    if (g->parent) {
        rt_print_cstr(" in goroutine ");
        rt_print_uint(g->parent);
    }
    rt_print_cstr("\n\t");
    rt_print_cstr(a.file);
    rt_print_cstr(":");
    rt_print_uint(a.line);
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

/* ---- as text for the program ---- */

typedef struct Text { uint8_t *buf; int64_t len; bool all; RtWalk caller; } Text;

static void write_text(void *arg) {
    Text *t = arg;
    if (t->all) rt_stop_world("stack trace");
    RtM *m = rt_m();
    m->out.into = t->buf;
    m->out.room = (size_t)t->len;
    rt_trace_header(m->g);
    rt_trace_frames(t->caller);
    rt_trace_creator(m->g);
    if (t->all) rt_trace_others(m->g);
    t->len = m->out.into - t->buf;
    m->out.into = NULL;
    if (t->all) rt_start_world();
}

int64_t rt_trace_text(uint8_t *buf, int64_t n, bool all) {
    if (n <= 0) return 0;
    Text t = {buf, n, all, rt_walk_here(__builtin_frame_address(0))};
    rt_system_stack(write_text, &t);
    return t.len;
}

/* ---- how long goroutines wait ---- */

static void note_wait(RtGoroutine *g, void *now) {
    if (__atomic_load_n(&g->status, __ATOMIC_RELAXED) == GS_WAITING && !__atomic_load_n(&g->wait_since, __ATOMIC_RELAXED))
        __atomic_store_n(&g->wait_since, *(int64_t *)now, __ATOMIC_RELAXED);
}

void rt_note_waits(int64_t now) { rt_each_goroutine(note_wait, &now); }
