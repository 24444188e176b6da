/* goroutine.c: where goroutines come from and where they end.
 *
 * The records of ended goroutines are kept, with their stacks: by the processor, and beyond DEAD_MAX in a common
 * list. Starting one from there takes no lock. All records are in one list, for traces and the collector. */
#include "runtime/caps/caps.h"
#include "runtime/sched/proc.h"

enum {
    DEAD_MAX = 64,   /* ended goroutines kept by a processor */
    ID_BATCH = 16,   /* ids taken at a time */
};

static struct {
    RtMutex lock;
    RtGoroutine *all;  /* linked by all_next, oldest record first; atomic: only grows */
    RtGoroutine *last;
    RtGoroutine *dead; /* linked by next */
    uint64_t last_id;  /* atomic */
} goroutines;

void rt_goroutine_register(RtGoroutine *g) {
    rt_mutex_lock(&goroutines.lock);
    /* Released with the record: the list is read without the lock. */
    __atomic_store_n(goroutines.last ? &goroutines.last->all_next : &goroutines.all, g, __ATOMIC_RELEASE);
    goroutines.last = g;
    rt_mutex_unlock(&goroutines.lock);
}

void rt_each_goroutine(void (*fn)(RtGoroutine *g, void *arg), void *arg) {
    RtGoroutine *g = __atomic_load_n(&goroutines.all, __ATOMIC_ACQUIRE);
    for (; g; g = __atomic_load_n(&g->all_next, __ATOMIC_ACQUIRE)) {
        uint32_t status = __atomic_load_n(&g->status, __ATOMIC_ACQUIRE);
        if (status != GS_DEAD && status != GS_IDLE) fn(g, arg);
    }
}

static void count_live(RtP *p, void *arg) {
    *(int64_t *)arg += __atomic_load_n(&p->begun, __ATOMIC_RELAXED) - __atomic_load_n(&p->ended, __ATOMIC_RELAXED);
}

int64_t rt_goroutine_count(void) {
    int64_t n = 0;
    rt_each_processor(count_live, &n);
    return n;
}

/* ---- beginning ---- */

static uint64_t new_id(RtP *p) {
    if (RT_UNLIKELY(p->id_next == p->id_end)) {
        p->id_next = __atomic_fetch_add(&goroutines.last_id, ID_BATCH, __ATOMIC_RELAXED) + 1;
        p->id_end = p->id_next + ID_BATCH;
    }
    return p->id_next++;
}

/* An ended one of the common list, or a new one. */
RT_COLD static RtGoroutine *supply(RtP *p) {
    rt_mutex_lock(&goroutines.lock);
    RtGoroutine *g = goroutines.dead;
    if (g) goroutines.dead = g->next;
    rt_mutex_unlock(&goroutines.lock);
    rt_monitor_start();
    if (g) return g;
    g = rt_goroutine_new(&p->stacks, false);
    if (!g) rt_fatal(RT_STR("runtime: out of memory for goroutine stacks"));
    rt_goroutine_register(g);
    return g;
}

void rt_goroutine_start(RtP *p, RtGoroutine *g, GoClosure *fn) {
    RtContext *c = (RtContext *)(g->segment->hi - sizeof(RtContext) - 16);
    *c = (RtContext){.pc = (uintptr_t)rt_goroutine_begin, .first = (uintptr_t)fn};
    g->sp = c;
    g->id = new_id(p);
    g->start = fn;
    if (!g->system) __atomic_store_n(&p->begun, p->begun + 1, __ATOMIC_RELAXED);
    rt_make_runnable(p, g);
}

/* Whether traces name g as who made others: not one that a timer made to run its function, or none at all. */
static bool has_name(const RtGoroutine *g) { return g && (g->created_at || g->id == 1); }

static void spawn(RtM *m, GoClosure *fn, uintptr_t created_at, const RtCaps *caps) {
    RtP *p = m->p;
    RtGoroutine *g = p->dead;
    if (RT_LIKELY(g != NULL)) {
        p->dead = g->next;
        p->dead_count--;
    } else {
        g = supply(p);
    }
    g->parent = has_name(m->g) ? m->g->id : 0;
    g->created_at = created_at;
    g->budget = m->g ? m->g->budget : NULL;
    if (RT_UNLIKELY(caps || rt_caps_watch)) rt_caps_begin(g, caps);
    rt_goroutine_start(p, g, fn);
}

/* Whoever starts goroutines faster than they run lets those run first that it has started: their records and stacks
 * are then used again, instead of new ones. Not split: the return address is in the go statement even when the stack
 * has to grow. */
RT_NO_SPLIT void rt_go(GoClosure *fn) {
    if (RT_UNLIKELY(!fn)) rt_fatal(RT_STR("go of nil func value"));
    rt_go_from(fn, (uintptr_t)__builtin_return_address(0));
}

RT_NO_SPLIT void rt_go_from(GoClosure *fn, uintptr_t created_at) {
    RtM *m = rt_m();
    const RtCaps *caps = m->g ? m->g->g.caps : NULL;
    if (RT_UNLIKELY(caps != NULL)) {
        caps = rt_caps_keep(caps);
        m = rt_m();
    }
    if (RT_UNLIKELY(rt_runq_full(m->p)) && m->locks == 0 && !m->on_system) {
        rt_yield();
        m = rt_m();
    }
    spawn(m, fn, created_at, caps);
}

void rt_go_here(GoClosure *fn, const RtCaps *caps) { spawn(rt_m(), fn, 0, caps); }

/* ---- ending ---- */

/* Half of p's ended goroutines to the common list. */
RT_COLD static void give_away_dead(RtP *p) {
    rt_mutex_lock(&goroutines.lock);
    for (; p->dead_count > DEAD_MAX / 2; p->dead_count--) {
        RtGoroutine *g = p->dead;
        p->dead = g->next;
        g->next = goroutines.dead;
        goroutines.dead = g;
    }
    rt_mutex_unlock(&goroutines.lock);
}

RtGoroutine *rt_goroutine_end(RtGoroutine *g, void *unused) {
    (void)unused;
    RtM *m = rt_m();
    RtP *p = m->p;
    if (!g->system) __atomic_store_n(&p->ended, p->ended + 1, __ATOMIC_RELAXED);
    __atomic_store_n(&g->status, GS_DEAD, __ATOMIC_RELAXED);
    g->at_exit = NULL;
    g->g.panic = NULL;
    g->g.arenas = NULL;
    g->g.caps = NULL;
    g->g.scope = NULL;
    g->g.lacks = 0;
    g->in_audit = false;
    g->start = NULL;
    g->wake = NULL;
    g->errors = NULL;
    g->local = NULL;
    g->budget = NULL;
    g->goexit = false;
    g->m = NULL;
    rt_goroutine_unlock_thread(m, g);
    rt_stack_reset(&p->stacks, g);
    g->next = p->dead;
    p->dead = g;
    if (++p->dead_count > DEAD_MAX) give_away_dead(p);
    return rt_schedule(m);
}

_Noreturn void rt_goroutine_exit(void) {
    rt_switch(rt_goroutine_end, NULL);
    __builtin_unreachable();
}
