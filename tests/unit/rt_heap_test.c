/* The heap: sizes, layouts, what keeps objects alive, finalizers, weak pointers, statistics, and random object graphs
 * against a model. Each test runs on a goroutine, since collections start on goroutines only. */
#include "rt_support.h"

#include "runtime/heap/stats.h"
#include "runtime/sched/proc.h"

/* ---- running on a goroutine ---- */

static void on_goroutine(void (*fn)(void *)) {
    RtGoroutine *g = rt_goroutine_new(&rt_p()->stacks, true);
    assert_non_null(g);
    g->status = GS_RUNNING;
    rt_goroutine_register(g);
    rt_stack_call(g, fn, NULL);
    g->status = GS_DEAD;
}

/* Overwrites what calls before left on the stack. */
static NOINLINE void clear_stack(void) {
    volatile uint8_t old[2048];
    for (size_t i = 0; i < sizeof old; i++) old[i] = 0;
}

static NOINLINE void collect(void) {
    clear_stack();
    rt_gc_collect();
}

/* ---- types ---- */

static const uint8_t first_word[] = {1}, second_word[] = {2}, both_words[] = {3};
static const GoType noscan_type = {.size = 16, .align = 8};
static const GoType first_type = {.size = 16, .ptr_bytes = 8, .align = 8, .gcdata = first_word};
static const GoType second_type = {.size = 16, .ptr_bytes = 16, .align = 8, .gcdata = second_word};
static const GoType both_type = {.size = 16, .ptr_bytes = 16, .align = 8, .gcdata = both_words};

/* What the collector sees. */
static void *roots[8];

/* ---- sizes ---- */

static void sizes(void *unused) {
    (void)unused;
    static const GoType *const types[] = {NULL, &first_type, &both_type};
    for (size_t n = 16; n < 200000; n += n < 2048 ? 16 : n / 9 / 16 * 16) {
        for (int t = 0; t < RT_COUNT(types); t++) {
            uint8_t *p = rt_heap_alloc(n, types[t]);
            assert_int_equal((uintptr_t)p % 8, 0);
            for (size_t i = 0; i < n; i++) assert_int_equal(p[i], 0);
            memset(p, 0x55, n);
            RtObject o;
            assert_true(rt_heap_find(p + n - 1, &o));
            assert_ptr_equal(o.base, p);
            assert_true(o.size >= n);
        }
    }
    RtObject o;
    assert_false(rt_heap_find(&o, &o));
    assert_false(rt_heap_find(rt_zero_base, &o));
}

static void test_sizes(void **state) {
    (void)state;
    for (int round = 0; round < 3; round++) { /* memory that was used before is zeroed again */
        on_goroutine(sizes);
        on_goroutine((void (*)(void *))collect);
    }
}

/* ---- what keeps an object alive ---- */

/* An object whose death a weak pointer tells. The handle is kept by roots[slot]. */
static NOINLINE uint64_t **watched(size_t size, int slot) {
    uint64_t **p = rt_heap_alloc(size, &both_type);
    roots[slot] = rt_weak_handle(p);
    return p;
}

static NOINLINE bool is_alive(int slot) { return rt_weak_get(roots[slot]) != NULL; }

static NOINLINE void make_referred(size_t size, int slot, const GoType *by, size_t by_size, size_t word) {
    void **holder = rt_heap_alloc(by_size, by);
    holder[word] = (uint8_t *)watched(size, slot) + size - 1; /* an interior pointer */
    roots[0] = holder;
}

static void references(void *unused) {
    (void)unused;
    static const size_t sizes_of[] = {16, 64, 512, 1024, 32768, 100000, 1 << 20};
    for (int i = 0; i < RT_COUNT(sizes_of); i++)
        for (int k = 0; k < RT_COUNT(sizes_of); k++) {
            size_t last = sizes_of[k] / 8 - 2; /* words of the last element of the holder */
            make_referred(sizes_of[i], 1, &first_type, sizes_of[k], last);
            collect();
            assert_true(is_alive(1));
            make_referred(sizes_of[i], 2, &second_type, sizes_of[k], last + 1);
            collect();
            assert_false(is_alive(1)); /* its holder is gone */
            assert_true(is_alive(2));
            make_referred(sizes_of[i], 1, &noscan_type, sizes_of[k], last);
            make_referred(sizes_of[i], 2, &second_type, sizes_of[k], last); /* no pointer, says the type */
            collect();
            assert_false(is_alive(1));
            assert_false(is_alive(2));
        }
    roots[0] = NULL;
}

static void test_references(void **state) {
    (void)state;
    on_goroutine(references);
}

static NOINLINE void make_words(void) {
    void **holder = rt_heap_alloc_words(5 * sizeof(void *));
    for (int i = 0; i < 5; i++) holder[i] = watched(32, i + 1);
    roots[0] = holder;
}

static void conservative(void *unused) {
    (void)unused;
    make_words();
    collect();
    for (int i = 1; i <= 5; i++) assert_true(is_alive(i));
    roots[0] = NULL;
    uint64_t **volatile on_stack = watched(48, 1);
    collect();
    assert_true(is_alive(1));
    assert_non_null(on_stack);
    for (int i = 2; i <= 5; i++) assert_false(is_alive(i));
}

static void test_conservative(void **state) {
    (void)state;
    on_goroutine(conservative);
}

/* ---- random graphs ---- */

enum { NODES = 4000, EDGES = 3, ROUNDS = 60 };

/* Objects of several sizes; the words from 2 on are references. */
typedef struct Node { uint64_t id, check; struct Node *to[]; } Node;

static struct {
    Node *root[16];          /* seen by the collector, as are the handles */
    uint64_t *handle[NODES];
    int edge[NODES][EDGES], from_root[16]; /* the model; -1: none */
    int length[NODES];
    uint64_t seed;
} graph;

static uint64_t next_random(void) {
    graph.seed ^= graph.seed << 13;
    graph.seed ^= graph.seed >> 7;
    graph.seed ^= graph.seed << 17;
    return graph.seed;
}
static int below(int n) { return (int)(next_random() % (uint64_t)n); }

static Node *node_of(int id) { return rt_weak_get(graph.handle[id]); }

static NOINLINE void make_node(int id) {
    static const uint8_t masks[][16] = {{0xfc}, {0xfc, 0xff}, {0xfc, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, {0xfc}};
    static const GoType types[] = {
        {.size = 40, .ptr_bytes = 40, .gcdata = masks[0]},
        {.size = 128, .ptr_bytes = 128, .gcdata = masks[1]},
        {.size = 640, .ptr_bytes = 640, .gcdata = masks[2]},
        {.size = 40000, .ptr_bytes = 40, .gcdata = masks[3]},
    };
    int kind = below(100);
    const GoType *t = &types[kind < 60 ? 0 : kind < 90 ? 1 : kind < 99 ? 2 : 3];
    Node *n = rt_new(t);
    n->id = (uint64_t)id;
    n->check = ~(uint64_t)id * 0x9e3779b9;
    graph.length[id] = t->ptr_bytes / 8 - 2 < 14 ? (int)(t->ptr_bytes / 8) - 2 : 14;
    graph.handle[id] = rt_weak_handle(n);
    for (int e = 0; e < EDGES; e++) graph.edge[id][e] = -1;
    int root = below(16); /* alive until the root is used again */
    graph.root[root] = n;
    graph.from_root[root] = id;
}

static void visit_model(int id, bool *seen) {
    static int stack[NODES * EDGES + 16];
    int n = 0;
    for (stack[n++] = id; n > 0;) {
        id = stack[--n];
        if (id < 0 || seen[id]) continue;
        seen[id] = true;
        for (int e = 0; e < EDGES; e++) stack[n++] = graph.edge[id][e];
    }
}

static int check_graph(bool *seen) {
    int lost = 0;
    memset(seen, 0, NODES);
    for (int r = 0; r < 16; r++) visit_model(graph.from_root[r], seen);
    for (int id = 0; id < NODES; id++) {
        Node *n = graph.handle[id] ? node_of(id) : NULL;
        if (!seen[id]) {
            lost += n != NULL;
            continue;
        }
        assert_non_null(n);
        assert_int_equal(n->id, id);
        assert_int_equal(n->check, ~(uint64_t)id * 0x9e3779b9);
        for (int e = 0; e < EDGES; e++) {
            Node *to = n->to[e];
            assert_int_equal(to ? (int)to->id : -1, graph.edge[id][e]);
        }
    }
    return lost;
}

static NOINLINE void change_graph(const bool *seen) {
    for (int i = 0; i < NODES; i++) {
        int from = below(NODES), to = below(NODES), e = below(EDGES);
        if (!seen[from] || !seen[to]) continue;
        Node *n = node_of(from);
        n->to[e] = node_of(to);
        graph.edge[from][e] = to;
    }
}

static void random_graphs(void *unused) {
    (void)unused;
    static bool seen[NODES];
    graph.seed = 88172645463325252;
    memset(graph.from_root, 0xff, sizeof graph.from_root);
    int kept = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int id = 0; id < NODES; id++)
            if (!seen[id]) make_node(id);
        memset(seen, 1, sizeof seen);
        for (int id = 0; id < NODES; id++) seen[id] = node_of(id) != NULL;
        change_graph(seen);
        collect();
        kept += check_graph(seen);
        /* What is kept though nothing refers to it, for a stale word, must not be used by the model. */
        for (int id = 0; id < NODES; id++)
            if (!seen[id]) graph.handle[id] = NULL;
    }
    assert_true(kept < NODES * ROUNDS / 100);
}

static void test_random_graphs(void **state) {
    (void)state;
    on_goroutine(random_graphs);
}

/* ---- weak pointers ---- */

static NOINLINE void make_weak(void) {
    roots[3] = rt_alloc_noscan(64);
    roots[4] = rt_weak_handle(roots[3]);
    assert_ptr_equal(rt_weak_handle(roots[3]), roots[4]);
    assert_ptr_equal(rt_weak_get(roots[4]), roots[3]);
}

static void weak_pointers(void *unused) {
    (void)unused;
    make_weak();
    collect();
    assert_true(is_alive(4));
    roots[3] = NULL;
    collect();
    assert_false(is_alive(4));
    assert_null(rt_weak_get(NULL));
    assert_ptr_equal(rt_weak_get(rt_weak_handle(&graph)), &graph); /* a variable */
}

static void test_weak_pointers(void **state) {
    (void)state;
    on_goroutine(weak_pointers);
}

/* ---- statistics and settings ---- */

static RtMemStats stats_before, stats_after;

static void statistics(void *unused) {
    (void)unused;
    enum { N = 1000 };
    collect();
    rt_gc_read_stats(&stats_before);
    for (int i = 0; i < N; i++) rt_alloc_noscan(48);
    rt_alloc_noscan(1 << 20);
    rt_gc_read_stats(&stats_after);
    assert_int_equal(stats_after.mallocs - stats_before.mallocs, N + 1);
    assert_int_equal(stats_after.total_alloc - stats_before.total_alloc, N * 48 + (1 << 20));
    assert_int_equal(stats_after.heap_objects - stats_before.heap_objects, N + 1);
    assert_true(stats_after.heap_inuse >= stats_after.heap_alloc);
    assert_true(stats_after.sys >= stats_after.heap_sys);
    collect();
    rt_gc_read_stats(&stats_after);
    assert_true(stats_after.frees - stats_before.frees >= N);
    assert_int_equal(stats_after.num_gc, stats_before.num_gc + 1);
    assert_int_equal(stats_after.num_forced_gc, stats_before.num_forced_gc + 1);
    assert_true(stats_after.pause_total_ns > stats_before.pause_total_ns);
}

static void test_statistics(void **state) {
    (void)state;
    on_goroutine(statistics);
}

static void settings(void *unused) {
    (void)unused;
    assert_int_equal(rt_gc_percent_set(50), 100);
    assert_int_equal(rt_gc_percent_set(-7), 50);
    rt_gc_read_stats(&stats_before);
    for (int i = 0; i < 100; i++) rt_alloc_noscan(1 << 20); /* off: nothing is collected */
    rt_gc_read_stats(&stats_after);
    assert_int_equal(stats_after.num_gc, stats_before.num_gc);
    assert_int_equal(rt_gc_limit_set(64 << 20), INT64_MAX);
    for (int i = 0; i < 200; i++) rt_alloc_noscan(1 << 20);
    rt_gc_read_stats(&stats_after);
    assert_true(stats_after.num_gc > stats_before.num_gc);
    assert_true(stats_after.heap_inuse < 80 << 20);
    assert_int_equal(rt_gc_limit_set(-1), 64 << 20);
    rt_gc_limit_set(INT64_MAX);
    assert_int_equal(rt_gc_percent_set(100), -1);
    rt_gc_free_os_memory();
    rt_gc_read_stats(&stats_after);
    assert_int_equal(stats_after.heap_idle, stats_after.heap_released); /* all that is free was given back */
}

static void test_settings(void **state) {
    (void)state;
    on_goroutine(settings);
}

/* ---- memory that goes back to the system ---- */

static void giving_back(void *unused) {
    (void)unused;
    enum { BIG = 64 << 20 };
    roots[0] = rt_heap_alloc_raw(BIG);
    memset(roots[0], 1, BIG);
    collect();
    roots[0] = NULL;
    collect();
    assert_true(rt_heap_in_use() >= BIG); /* the next cycle may be a large one again */
    int64_t now = rt_nanotime();
    assert_true(rt_gc_give_back(now));
    assert_true(rt_heap_in_use() >= BIG);
    for (int i = 1; i <= 2; i++) rt_gc_give_back(now + i * RT_GIVE_BACK_NS);
    assert_true(rt_heap_in_use() < BIG); /* no cycle of a whole period was */
    assert_false(rt_gc_give_back(now + 3 * RT_GIVE_BACK_NS));
}

static void test_giving_back(void **state) {
    (void)state;
    on_goroutine(giving_back);
}

/* ---- no memory ---- */

static void allocate_absurdly(void *arg) { rt_heap_alloc(*(size_t *)arg, NULL); }

static void test_out_of_memory(void **state) {
    (void)state;
    static Death d;
    static const size_t absurd[] = {(size_t)1 << 47, (size_t)1 << 60, SIZE_MAX - 4096, SIZE_MAX};
    for (int i = 0; i < RT_COUNT(absurd); i++) {
        run_dying(&d, allocate_absurdly, (void *)&absurd[i]);
        assert_int_equal(d.status, 2);
        assert_non_null(strstr(d.text, "runtime: out of memory: cannot allocate "));
        assert_non_null(strstr(d.text, "fatal error: out of memory"));
    }
}

static int start_heap(void **state) {
    start_runtime(state);
    rt_heap_add_root(roots, sizeof roots);
    rt_heap_add_root(graph.root, sizeof graph.root);
    rt_heap_add_root(graph.handle, sizeof graph.handle);
    return 0;
}

int main(void) {
#ifdef RT_HEAP_EXACT
    return 0; /* nothing is collected */
#endif
    setenv("GOODEBUG", "gcverify=1,gcpoison=1", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),         cmocka_unit_test(test_references), cmocka_unit_test(test_conservative),
        cmocka_unit_test(test_random_graphs), cmocka_unit_test(test_weak_pointers), cmocka_unit_test(test_statistics),
        cmocka_unit_test(test_settings),      cmocka_unit_test(test_giving_back), cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, start_heap, NULL);
}
