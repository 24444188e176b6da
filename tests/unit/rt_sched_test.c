/* The scheduler, driven from C: goroutines over park and ready, stealing, yields, locks, system calls, stops of the
 * world. cmocka stays on its thread, with the goroutine that it runs on; every test runs on a goroutine of its own. */
#include "rt_goroutine_support.h"
#include "runtime/sched/proc.h"

static uint32_t load(uint32_t *p) { return __atomic_load_n(p, __ATOMIC_ACQUIRE); }
static void add(uint32_t *p) { __atomic_fetch_add(p, 1, __ATOMIC_ACQ_REL); }

/* ---- many goroutines ---- */

typedef struct Count { GoClosure c; Wait *wait; uint32_t *n; } Count;

static void count_one(Count *env) {
    add(env->n);
    wait_done(env->wait);
}

static void test_spawn(void) {
    enum { N = 20000 };
    uint32_t n = 0;
    Wait w = {.left = N};
    Count c = {{(void *)count_one}, &w, &n};
    for (int i = 0; i < N; i++) rt_go(&c.c);
    wait_for(&w);
    assert_int_equal(n, N);
    while (rt_goroutine_count() > 2) rt_yield();
}

/* Goroutines that start goroutines: a tree. */
typedef struct Tree { GoClosure c; Wait *wait; uint32_t *n; int depth; struct Tree *children; } Tree;

static void grow(Tree *t) {
    add(t->n);
    if (t->depth > 0) {
        for (int i = 0; i < 2; i++) {
            t->children[i] = *t;
            t->children[i].depth--;
            t->children[i].children = t->children + 2 + i * ((1 << (t->depth)) - 2);
            rt_go(&t->children[i].c);
        }
    }
    wait_done(t->wait);
}

static void test_tree(void) {
    enum { DEPTH = 12, NODES = (2 << DEPTH) - 1 };
    static Tree nodes[NODES];
    uint32_t n = 0;
    Wait w = {.left = NODES};
    nodes[0] = (Tree){{(void *)grow}, &w, &n, DEPTH, nodes + 1};
    rt_go(&nodes[0].c);
    wait_for(&w);
    assert_int_equal(n, NODES);
}

/* ---- ping-pong ---- */

typedef struct Pair { RtMutex lock; RtGoroutine *waiting; int ball; } Pair;
typedef struct Player { GoClosure c; Pair *pair; Wait *wait; int side, rounds; } Player;

static bool commit_player(RtGoroutine *g, void *arg) {
    Pair *p = arg;
    p->waiting = g;
    rt_mutex_unlock(&p->lock);
    return true;
}

static void play(Player *me) {
    Pair *p = me->pair;
    for (int i = 0; i < me->rounds; i++) {
        rt_mutex_lock(&p->lock);
        while (p->ball != me->side) {
            rt_park(commit_player, p, RW_CHAN_RECEIVE);
            rt_mutex_lock(&p->lock);
        }
        p->ball = !me->side;
        RtGoroutine *other = p->waiting;
        p->waiting = NULL;
        rt_mutex_unlock(&p->lock);
        if (other) rt_ready(other);
    }
    wait_done(me->wait);
}

static void test_pairs(void) {
    enum { PAIRS = 50, ROUNDS = 2000 };
    static Pair pairs[PAIRS];
    static Player players[PAIRS * 2];
    Wait w = {.left = PAIRS * 2};
    for (int i = 0; i < PAIRS * 2; i++) {
        players[i] = (Player){{(void *)play}, &pairs[i / 2], &w, i % 2, ROUNDS};
        rt_go(&players[i].c);
    }
    wait_for(&w);
}

/* ---- yields ---- */

static void yield_often(Count *env) {
    for (int i = 0; i < 1000; i++) rt_yield();
    add(env->n);
    wait_done(env->wait);
}

static void run_many(int n, void *code) {
    uint32_t done = 0;
    Wait w = {.left = n};
    Count c = {{code}, &w, &done};
    for (int i = 0; i < n; i++) rt_go(&c.c);
    wait_for(&w);
    assert_int_equal(done, n);
}

static void test_yield(void) {
    run_many(20, (void *)yield_often);
}

/* ---- locks ---- */

static RtMutex mutex;
static int64_t guarded;

static void lock_often(Count *env) {
    for (int i = 0; i < 10000; i++) {
        rt_mutex_lock(&mutex);
        guarded++;
        rt_mutex_unlock(&mutex);
    }
    add(env->n);
    wait_done(env->wait);
}

static void test_mutex(void) {
    guarded = 0;
    run_many(8, (void *)lock_often);
    assert_int_equal(guarded, 80000);
}

/* ---- system calls ---- */

static void sleep_often(Count *env) {
    for (int i = 0; i < 20; i++) {
        rt_enter_syscall();
        usleep(50);
        rt_exit_syscall();
    }
    add(env->n);
    wait_done(env->wait);
}

static void test_syscalls(void) {
    run_many(50, (void *)sleep_often);
}

/* ---- LockOSThread ---- */

static void stay(Count *env) {
    rt_lock_thread();
    RtM *m = rt_m();
    for (int i = 0; i < 200; i++) {
        rt_yield();
        assert_ptr_equal(rt_m(), m);
    }
    rt_unlock_thread();
    rt_yield();
    add(env->n);
    wait_done(env->wait);
}

static void test_locked(void) {
    run_many(10, (void *)stay);
}

/* ---- stops of the world ---- */

static uint32_t stopped_progress;

static void count_a_while(Count *env) {
    for (int i = 0; i < 2000; i++) {
        add(&stopped_progress);
        rt_yield();
    }
    add(env->n);
    wait_done(env->wait);
}

static void job(void *arg, int worker) { add(&((uint32_t *)arg)[worker]); }

static void stop_and_look(void *arg) {
    (void)arg;
    rt_stop_world("test");
    uint32_t before = load(&stopped_progress), jobs[RT_MAX_PROCESSORS] = {0};
    usleep(20);
    int n = rt_gomaxprocs();
    rt_on_workers(n, job, jobs);
    for (int i = 0; i < n; i++) assert_int_equal(jobs[i], 1);
    assert_int_equal(before, load(&stopped_progress));
    rt_start_world();
}

static void stop_often(Count *env) {
    for (int i = 0; i < 100; i++) {
        rt_system_stack(stop_and_look, NULL);
        rt_yield();
    }
    add(env->n);
    wait_done(env->wait);
}

static void test_stop(void) {
    enum { WORKERS = 10, STOPPERS = 3 };
    uint32_t done = 0;
    Wait w = {.left = WORKERS + STOPPERS};
    Count worker = {{(void *)count_a_while}, &w, &done}, stopper = {{(void *)stop_often}, &w, &done};
    for (int i = 0; i < WORKERS; i++) rt_go(&worker.c);
    for (int i = 0; i < STOPPERS; i++) rt_go(&stopper.c);
    wait_for(&w);
    assert_int_equal(done, WORKERS + STOPPERS);
}

static void test_gomaxprocs(void) {
    int old = rt_gomaxprocs();
    for (int n = 1; n <= 8; n++) {
        rt_gomaxprocs_set(n);
        assert_int_equal(rt_gomaxprocs(), n);
        run_many(20, (void *)yield_often);
        run_many(20, (void *)sleep_often);
    }
    while (rt_gomaxprocs() > 1) {
        rt_gomaxprocs_set(rt_gomaxprocs() - 1);
        run_many(20, (void *)yield_often);
    }
    rt_gomaxprocs_set(old);
    run_many(20, (void *)yield_often);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_spawn),
        TEST(test_tree),
        TEST(test_pairs),
        TEST(test_yield),
        TEST(test_mutex),
        TEST(test_syscalls),
        TEST(test_locked),
        TEST(test_stop),
        TEST(test_gomaxprocs),
    };
    return cmocka_run_group_tests(tests, start_threads, NULL);
}
