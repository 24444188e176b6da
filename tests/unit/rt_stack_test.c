/* rt_stack_test.c: segments, growth across them, limits, and the system stack.
 *
 * This file is compiled like the runtime, with checks in its prologues; the tests start on the process's own stack,
 * where the limit is 0, and run functions on goroutines of their own. */
#include "tests/unit/rt_support.h"

#include <complex.h>

#define SAME_FRAME(p) __asm__ volatile("" ::"r"(p) : "memory") /* p's object exists and may be written */

static RtStackCache *cache(void) { return &rt_p()->stacks; }

/* Runs fn(arg) on a new goroutine with a small stack; it is freed afterwards. */
static void on_goroutine(void (*fn)(void *), void *arg) {
    RtGoroutine *g = rt_goroutine_new(cache(), false);
    assert_non_null(g);
    g->id = 2;
    rt_stack_call(g, fn, arg);
    assert_ptr_equal(g->segment, g->first_segment);
    rt_goroutine_free(cache(), g);
}

/* Segments that the running goroutine uses. */
static int segments(void) {
    int n = 0;
    for (RtSegment *s = rt_goroutine()->segment; s; s = s->outer) n++;
    return n;
}

/* Calls fn(arg) with the stack pointer at many places of a small segment, and beyond its end. */
static NOINLINE int at_depths(int depth, void (*fn)(void *), void *arg) {
    int here = depth;
    fn(arg);
    int deeper = depth == 0 ? 0 : at_depths(depth - 1, fn, arg) + 1;
    SAME_FRAME(&here);
    return deeper == here ? here : -1;
}

/* ---- goroutines ---- */

static void test_new(void **state) {
    (void)state;
    RtGoroutine *g = rt_goroutine_new(cache(), false);
    RtSegment *s = g->segment;
    assert_ptr_equal(s, g->first_segment);
    assert_null(s->outer);
    assert_null(s->inner);
    assert_ptr_equal(s->hi, s);
    assert_true((uint8_t *)g > s->hi && (uint8_t *)g < s->lo + g->stack_size);
    assert_int_equal((uintptr_t)s->hi % 16, 0);
    assert_true(s->room > 600 && s->room + RT_STACK_SLACK < g->stack_size);
    assert_int_equal(g->status, GS_IDLE);
    assert_null(g->sp);
    assert_false(g->preempt);
    RtGoroutine *main_g = rt_goroutine_new(cache(), true);
    assert_true(main_g->segment->room > 60000);
    assert_ptr_equal(main_g->segment->outer, main_g->first_segment);
    rt_goroutine_free(cache(), main_g);
    rt_goroutine_free(cache(), g);
    assert_ptr_equal(rt_goroutine_new(cache(), false), g); /* the newest first: it is in the caches */
}

static int64_t field_of_status(const char *name) {
    char line[256];
    int64_t value = -1;
    FILE *f = fopen("/proc/self/status", "r");
    while (fgets(line, sizeof line, f))
        if (strncmp(line, name, strlen(name)) == 0) value = strtoll(line + strlen(name), NULL, 10);
    fclose(f);
    return value;
}

static int64_t mappings(void) {
    int64_t n = 0;
    FILE *f = fopen("/proc/self/maps", "r");
    for (int c; (c = fgetc(f)) != EOF;) n += c == '\n';
    fclose(f);
    return n;
}

/* What a hundred thousand cost that are all alive. */
static void test_many(void **state) {
    (void)state;
    enum { N = 100000 };
    static RtGoroutine *all[N];
    int64_t kilobytes = field_of_status("VmRSS:"), maps = mappings();
    for (int i = 0; i < N; i++) all[i] = rt_goroutine_new(cache(), false);
    for (int i = 0; i < N; i++) all[i]->segment->hi[-8] = 1; /* as far as a short wait needs it */
    assert_true(mappings() - maps < 50);
    assert_true(field_of_status("VmRSS:") - kilobytes < 400000);
    for (int i = 1; i < N; i++) assert_true(all[i] != all[i - 1]);
    for (int i = 0; i < N; i++) rt_goroutine_free(cache(), all[i]);
    int64_t used = field_of_status("VmRSS:");
    for (int i = 0; i < N; i++) all[i] = rt_goroutine_new(cache(), false); /* the same again */
    assert_true(field_of_status("VmRSS:") - used < 4000);
    for (int i = 0; i < N; i++) rt_goroutine_free(NULL, all[i]); /* as without a processor */
    rt_stack_flush(cache());
    assert_int_equal(cache()->count[0], 0);
}

/* ---- growth ---- */

typedef struct Words { int64_t w[20]; } Words;
typedef struct Two { int64_t a; double b; } Two;

static NOINLINE int64_t ints(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f, int64_t g, int64_t h) {
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h;
}
static NOINLINE double doubles(double a, double b, double c, double d, double e, double f, double g, double h, double i) {
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i;
}
static NOINLINE Words words(Words v, int64_t by) {
    SAME_FRAME(&v);
    for (int i = 0; i < 20; i++) v.w[i] += by;
    return v;
}
static NOINLINE Two two(int64_t a, double b) { return (Two){a, b}; }
static NOINLINE __int128 wide(int64_t hi, int64_t lo) { return (__int128)hi << 64 | lo; }
static NOINLINE _Complex double complex_square(_Complex double z) { return z * z; }

static void check_calls(void *arg) {
    (void)arg;
    rt_check(ints(1, 2, 3, 4, 5, 6, 7, 8) == 204);
    rt_check(doubles(1, 2, 3, 4, 5, 6, 7, 8, 9) == 285);
    Words v;
    for (int i = 0; i < 20; i++) v.w[i] = i;
    Words sum = words(v, 100);
    for (int i = 0; i < 20; i++) rt_check(sum.w[i] == 100 + i && v.w[i] == i);
    Two t = two(7, 0.5);
    rt_check(t.a == 7 && t.b == 0.5);
    rt_check(wide(3, 4) == ((__int128)3 << 64) + 4);
    rt_check(complex_square(1.0 + 2.0 * _Complex_I) == -3.0 + 4.0 * _Complex_I);
}

static void depths_of_calls(void *arg) {
    rt_check(at_depths(2000, check_calls, arg) == 2000);
    rt_check(segments() == 1);
}
static void test_registers(void **state) {
    (void)state;
    on_goroutine(depths_of_calls, NULL);
}

static NOINLINE int64_t big_frame(int64_t n) {
    volatile uint8_t a[3 << 20];
    a[0] = 1;
    a[sizeof a - 1] = 2;
    return (n > 0 ? big_frame(n - 1) : 0) + a[0] + a[sizeof a - 1];
}

static void grow_by_frames(void *arg) {
    (void)arg;
    RtGoroutine *g = rt_goroutine();
    rt_check(big_frame(20) == 63);
    rt_check(g->segment->inner && g->stack_size > 60 << 20);
    rt_stack_shrink(g);
    rt_check(g->segment->inner && !g->segment->inner->inner && g->stack_size < 9 << 20);
    rt_stack_trim(&rt_p()->stacks, g);
    rt_check(!g->segment->inner && g->stack_size < 4096);
    rt_check(big_frame(0) == 3);
    SAME_FRAME(g); /* the compiler does not know that calls grow stacks */
    rt_check(g->segment->inner->room > 3 << 20);
}
static void test_big_frames(void **state) {
    (void)state;
    on_goroutine(grow_by_frames, NULL);
}

/* Sizes double, so that a deep stack has few segments. */
static void check_segments(void *arg) {
    int n = segments();
    if (n > *(int *)arg) *(int *)arg = n;
}
static void recurse_deeply(void *arg) { at_depths(1000000, check_segments, arg); }
static void test_deep(void **state) {
    (void)state;
    int most = 0;
    on_goroutine(recurse_deeply, &most);
    assert_in_range(most, 10, 20);
}

/* ---- what is in use ---- */

typedef struct Ranges { int n; bool found; const void *wanted; const uint8_t *inner_lo; } Ranges;

static void note_range(const void *lo, const void *hi, void *arg) {
    Ranges *r = arg;
    r->n++;
    rt_check(lo <= hi);
    if (r->wanted >= lo && r->wanted < hi) r->found = true;
}

static void look_at_ranges(void *arg) { rt_each_stack_range(rt_goroutine(), note_range, arg); }

static NOINLINE int find_range(int depth, Ranges *r) {
    int here = depth;
    SAME_FRAME(&here);
    if (depth == 0) rt_system_stack(look_at_ranges, r);
    else find_range(depth - 1, r);
    SAME_FRAME(&here);
    return here;
}

static void ranges(void *arg) {
    (void)arg;
    for (int depth = 0; depth < 1000; depth += 7) {
        int mark = 1;
        Ranges r = {.wanted = &mark};
        find_range(depth, &r);
        rt_check(r.found && r.n >= 1 && (depth < 900 || r.n > 3));
    }
}
static void test_ranges(void **state) {
    (void)state;
    on_goroutine(ranges, NULL);
}

/* ---- coming back from deep ---- */

typedef struct Return { void *jb[5]; } Return;

static NOINLINE void go_back(Return *to) {
    if (!to->jb[0]) return; /* never: a frame's address */
    rt_stack_unwind(to);
    __builtin_longjmp(to->jb, 1);
}
static NOINLINE void descend(int depth, Return *to) {
    if (depth == 0) go_back(to);
    else descend(depth - 1, to);
    SAME_FRAME(to);
}
static NOINLINE void jump_from(int depth) {
    Return r;
    if (__builtin_setjmp(r.jb) == 0) descend(depth, &r);
    rt_check(rt_stack_find(rt_goroutine(), &r) == rt_goroutine()->segment);
    rt_check(rt_stack_limit_get() == rt_segment_limit(rt_goroutine()->segment));
}
static void jumps(void *arg) {
    for (int i = 0; i < 300; i++) jump_from(i * 10);
    check_calls(arg);
}
static void jumps_at_depths(void *arg) { at_depths(200, jumps, arg); }
static void test_jumps(void **state) {
    (void)state;
    on_goroutine(jumps_at_depths, NULL);
}

static void raise_index(void *arg) { rt_panic_index(*(int *)arg, 5); }
static void deep_panic(void *arg) {
    at_depths(*(int *)arg, check_calls, NULL);
    GoEface v = caught(raise_index, arg);
    rt_check(v.type);
}
static void panics(void *arg) { at_depths(1000, deep_panic, arg); }
static void test_panics(void **state) {
    (void)state;
    int n = 50;
    on_goroutine(panics, &n);
}

/* ---- limits ---- */

static void on_system(void *arg) {
    RtM *m = rt_m();
    rt_check(m->on_system && rt_stack_limit_get() == 0);
    rt_check(!rt_stack_find(m->g, __builtin_frame_address(0)));
    rt_check((uint8_t *)m->g->sp > m->g->segment->lo && (uint8_t *)m->g->sp < m->g->segment->hi);
    if (*(int *)arg > 0) {
        --*(int *)arg;
        rt_system_stack(on_system, arg);
        rt_check(m->on_system);
    }
}
static void to_system(void *arg) {
    int n = 3;
    uintptr_t limit = rt_stack_limit_get();
    rt_system_stack(on_system, &n);
    rt_check(n == 0 && !rt_m()->on_system && rt_stack_limit_get() == limit);
    SAME_FRAME(arg);
}
static void system_at_depths(void *arg) { at_depths(1000, to_system, arg); }
static void test_system_stack(void **state) {
    (void)state;
    on_goroutine(system_at_depths, NULL);
    assert_int_equal(rt_stack_limit_get(), 0);
}

/* Code of the runtime runs on under a poisoned limit, and the request stays. */
static void poisoned(void *arg) {
    RtGoroutine *g = rt_goroutine();
    g->preempt = true;
    rt_stack_limit_restore(g);
    rt_check(rt_stack_limit_get() == RT_STACK_POISON);
    check_calls(arg);
    at_depths(100, check_calls, arg);
    int n = 1;
    rt_system_stack(on_system, &n);
    rt_check(g->preempt && rt_stack_limit_get() == RT_STACK_POISON);
    g->preempt = false;
    rt_stack_limit_restore(g);
    rt_check(rt_stack_limit_get() == rt_segment_limit(g->segment));
}
static void poisoned_at_depths(void *arg) { at_depths(300, poisoned, arg); }
static void test_poison(void **state) {
    (void)state;
    on_goroutine(poisoned_at_depths, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_new),       cmocka_unit_test(test_many),   cmocka_unit_test(test_registers),
        cmocka_unit_test(test_big_frames), cmocka_unit_test(test_deep),  cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_jumps),     cmocka_unit_test(test_panics), cmocka_unit_test(test_system_stack),
        cmocka_unit_test(test_poison),
    };
    return cmocka_run_group_tests(tests, start_runtime, NULL);
}
