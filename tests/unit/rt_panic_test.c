/* Panics, recover and deferred calls, called as compiled code calls them; the reports of programs that die.
 *
 * Functions with deferred calls are written out by hand after the protocol in abi.h (rt_support.h), and run
 * what is left of the deferred calls at the end. */
#include "rt_support.h"

/* ---- the language's statements, by hand ---- */

typedef struct Thunk { GoClosure c; void (*fn)(void); } Thunk;

#define RECOVER() rt_gorecover(__builtin_return_address(0), __builtin_frame_address(0))
#define DEFERRED(name) static NOINLINE void name(GoClosure *env __attribute__((unused)))

/* A function that defers calls and then runs body. */
#define FUNC_WITH_DEFERS(name, body, ...)                                                                       \
    void name(void);                                                                                            \
    RECOVERING(name) void name(void) {                                                                          \
        static GoClosure closures[] = {__VA_ARGS__};                                                            \
        RtDefer records[RT_COUNT(closures)];                                                                    \
        FRAME(0);                                                                                               \
        for (int i = 0; i < RT_COUNT(closures); i++) {                                                          \
            records[i] = (RtDefer){frame.defers, &closures[i]};                                                 \
            frame.defers = &records[i];                                                                         \
        }                                                                                                       \
        if (!LANDED(name)) { body; }                                                                            \
        rt_defer_return(&frame);                                                                                \
    }

static GoString texts[] = {{(const uint8_t *)"one", 3}, {(const uint8_t *)"two", 3}, {(const uint8_t *)"three", 5}};
static GoEface text_value(int i) { return (GoEface){&rt_type_string, &texts[i]}; }
static void panic_with(int i) { rt_gopanic(text_value(i)); }

/* What happened, as a line of words. */
static char events[256];
static void note(const char *s) {
    if (events[0]) strcat(events, " ");
    strcat(events, s);
}
static void note_value(GoEface v) {
    char buf[80] = "nil";
    if (v.type) {
        GoString s = value_text(v);
        memcpy(buf, s.ptr, (size_t)s.len);
        buf[s.len] = 0;
    }
    note(buf);
}
static void expect_events(const char *want) {
    assert_string_equal(events, want);
    events[0] = 0;
    assert_null(rt_g->panic);
}

DEFERRED(d_note) { note("deferred"); }
DEFERRED(d_recover) { note_value(RECOVER()); }
DEFERRED(d_recover_twice) { note_value(RECOVER()); note_value(RECOVER()); }
DEFERRED(d_panic_one) { panic_with(0); }
DEFERRED(d_panic_two) { panic_with(1); }

/* ---- plain cases ---- */

FUNC_WITH_DEFERS(returns, note("body"), {(void *)d_note}, {(void *)d_recover})
FUNC_WITH_DEFERS(panics, panic_with(0); note("not reached"), {(void *)d_note}, {(void *)d_recover}, {(void *)d_note})
FUNC_WITH_DEFERS(panics_in_callee, panics(); panic_with(1), {(void *)d_recover_twice})

static void test_plain(void **state) {
    (void)state;
    returns();
    expect_events("body nil deferred");
    panics();
    expect_events("deferred one deferred");
    panics_in_callee();
    expect_events("deferred one deferred two nil");
    note_value(RECOVER()); /* not even panicking */
    expect_events("nil");
}

/* ---- who may recover ---- */

static NOINLINE void recovering_helper(void) { note_value(RECOVER()); }
DEFERRED(d_helper) { recovering_helper(); note("after"); } /* not called directly by the panic */
FUNC_WITH_DEFERS(helper_case, panic_with(0), {(void *)d_recover}, {(void *)d_helper})

/* A deferred call made at a function's normal exit, while an outer panic is in progress. */
FUNC_WITH_DEFERS(exits_normally, note("in"), {(void *)d_recover})
DEFERRED(d_calls_function) { exits_normally(); }
FUNC_WITH_DEFERS(normal_exit_case, panic_with(0), {(void *)d_recover}, {(void *)d_calls_function})

static void test_who_may_recover(void **state) {
    (void)state;
    helper_case();
    expect_events("nil after one");
    normal_exit_case();
    expect_events("in nil one");
}

/* ---- nested panics ---- */

FUNC_WITH_DEFERS(replaced, panic_with(0), {(void *)d_recover}, {(void *)d_panic_two})
FUNC_WITH_DEFERS(inner_recovered, panic_with(1), {(void *)d_recover})
DEFERRED(d_inner) { inner_recovered(); note("resumed"); }
FUNC_WITH_DEFERS(inner_case, panic_with(0), {(void *)d_recover}, {(void *)d_inner})

DEFERRED(d_repanic) { GoEface v = RECOVER(); note("re"); rt_gopanic(v); }
FUNC_WITH_DEFERS(repanic, panic_with(2), {(void *)d_repanic})
FUNC_WITH_DEFERS(repanic_case, repanic(), {(void *)d_recover})

/* Three deep: each deferred call panics again; the last recovers and the older ones are dropped. */
DEFERRED(d_panics_with_defer);
FUNC_WITH_DEFERS(deep, panic_with(0), {(void *)d_panics_with_defer})
FUNC_WITH_DEFERS(middle, panic_with(1), {(void *)d_panic_two})
DEFERRED(d_panics_with_defer) { middle(); }
FUNC_WITH_DEFERS(deep_case, deep(), {(void *)d_recover})

/* A recovered panic whose deferred call panics anew is replaced. */
DEFERRED(d_recover_then_panic) { note_value(RECOVER()); panic_with(2); }
FUNC_WITH_DEFERS(recover_then_panic, panic_with(0), {(void *)d_recover}, {(void *)d_recover_then_panic})

FUNC_WITH_DEFERS(panic_at_exit, note("body"), {(void *)d_note}, {(void *)d_recover}, {(void *)d_panic_one}, {(void *)d_note})

static void test_nested(void **state) {
    (void)state;
    replaced();
    expect_events("two");
    inner_case();
    expect_events("two resumed one");
    repanic_case();
    expect_events("re three");
    deep_case();
    expect_events("two");
    recover_then_panic();
    expect_events("one three");
    panic_at_exit();
    expect_events("body deferred one deferred");
}

/* ---- deferred calls in loops, nil functions, values ---- */

void deferring_loop(void);
RECOVERING(deferring_loop) void deferring_loop(void) {
    static GoClosure closures[] = {{(void *)d_note}, {(void *)d_recover}};
    FRAME(0);
    if (!LANDED(deferring_loop)) {
        for (int i = 0; i < 6; i++) rt_defer_heap(&frame, &closures[i % 2]);
        panic_with(0);
    }
    rt_defer_return(&frame);
}

void defers_nil(void);
RECOVERING(defers_nil) void defers_nil(void) {
    static GoClosure recover = {(void *)d_recover};
    FRAME(0);
    if (!LANDED(defers_nil)) {
        rt_defer_heap(&frame, &recover);
        rt_defer_heap(&frame, NULL);
    }
    rt_defer_return(&frame);
}

/* defer recover(): acts for the function that defers it, at its exit. */
static void defer_recover_builtin(RtFrame *frame) { rt_defer_heap(frame, (GoClosure *)&rt_recover_deferred); }
void deferring_recover(GoClosure *env);
RECOVERING(deferring_recover) void deferring_recover(GoClosure *env) {
    (void)env;
    FRAME(0);
    if (!LANDED(deferring_recover)) defer_recover_builtin(&frame);
    rt_defer_return(&frame);
}
void panicking_recover(void);
RECOVERING(panicking_recover) void panicking_recover(void) {
    FRAME(0);
    if (!LANDED(panicking_recover)) {
        defer_recover_builtin(&frame);
        panic_with(0);
    }
    rt_defer_return(&frame);
}
FUNC_WITH_DEFERS(deferred_defers_recover, panic_with(0), {(void *)d_recover}, {(void *)deferring_recover})
FUNC_WITH_DEFERS(recover_by_panic, panicking_recover(), {(void *)d_recover})

static void test_deferred_recover(void **state) {
    (void)state;
    deferred_defers_recover();
    expect_events("nil"); /* recovered by the deferred recover; d_recover runs at the exit */
    recover_by_panic();
    expect_events("one"); /* called by the panic: does nothing */
}

FUNC_WITH_DEFERS(panics_nil, rt_gopanic((GoEface){0}), {(void *)d_recover})

static void test_records(void **state) {
    (void)state;
    deferring_loop();
    expect_events("one deferred nil deferred nil deferred");
    defers_nil();
    expect_events("runtime error: invalid memory address or nil pointer dereference");
    panics_nil();
    expect_events("panic called with nil argument");
}

/* ---- wrappers are looked through ---- */

static NOINLINE void method_with_recover(void) { note_value(RECOVER()); }
static NOINLINE __attribute__((used)) void wrapper_code(GoClosure *env) {
    (void)env;
    method_with_recover();
    __asm__ volatile(""); /* no tail call */
}
static NOINLINE __attribute__((used)) void function_code(GoClosure *env) {
    (void)env;
    method_with_recover();
    __asm__ volatile("");
}
/* Records for the two and one further on, sized generously: nothing else is looked up among them. The second stands first, so that the
 * index has to be sorted when the linker put them in this order. */
__asm__(".pushsection goo_funcs,\"aw\"\n"
        ".long function_code, function_code + 64, function_name, function_name, 7, 0, 0, 0, 0\n"
        ".long wrapper_code, wrapper_code + 64, function_name, function_name, 7, 1, 0, 0, 0\n"
        ".long endless, endless + 512, function_name, function_name, 7, 0, 0, 0, 0\n"
        ".popsection\n"
        ".pushsection .rodata\nfunction_name: .asciz \"main.f\"\n.popsection\n");

FUNC_WITH_DEFERS(wrapper_case, panic_with(0), {(void *)d_recover}, {(void *)wrapper_code})
FUNC_WITH_DEFERS(function_case, panic_with(0), {(void *)d_recover}, {(void *)function_code})

static void test_wrappers(void **state) {
    (void)state;
    const RtFunc *f = rt_func_find((uintptr_t)wrapper_code + 5);
    assert_non_null(f);
    assert_int_equal(f->flags, RF_WRAPPER);
    assert_null(rt_func_find((uintptr_t)wrapper_code - 1000000));
    wrapper_case();
    expect_events("one nil");
    function_case();
    expect_events("nil one");
}

/* ---- texts of the runtime's errors ---- */

static void raise_error(void *arg) {
    switch (*(int *)arg) {
    case 0: rt_panic_index(5, 3);
    case 1: rt_panic_index(-1, 3);
    case 2: rt_panic_index_u(1ull << 63, 3);
    case 3: rt_panic_slice_alen(7, 5);
    case 4: rt_panic_slice_acap(7, 5);
    case 5: rt_panic_slice_b(3, 2);
    case 6: rt_panic_slice_b(-3, 2);
    case 7: rt_panic_slice3_alen(9, 8);
    case 8: rt_panic_slice3_acap(9, 8);
    case 9: rt_panic_slice3_b(9, 8);
    case 10: rt_panic_slice3_c(9, 8);
    case 11: rt_panic_slice_convert(2, 4);
    case 12: rt_panic_divide();
    case 13: rt_panic_shift();
    case 14: rt_panic_nil_map();
    case 15: rt_panic_wrap(text_of("main"), text_of("T"), text_of("M"));
    case 16: rt_panic_index(INT64_MIN, INT64_MAX);
    }
}

static void test_error_texts(void **state) {
    (void)state;
    static const char *const want[] = {
        "runtime error: index out of range [5] with length 3",
        "runtime error: index out of range [-1]",
        "runtime error: index out of range [9223372036854775808] with length 3",
        "runtime error: slice bounds out of range [:7] with length 5",
        "runtime error: slice bounds out of range [:7] with capacity 5",
        "runtime error: slice bounds out of range [3:2]",
        "runtime error: slice bounds out of range [-3:]",
        "runtime error: slice bounds out of range [::9] with length 8",
        "runtime error: slice bounds out of range [::9] with capacity 8",
        "runtime error: slice bounds out of range [:9:8]",
        "runtime error: slice bounds out of range [9:8:]",
        "runtime error: cannot convert slice with length 2 to array or pointer to array with length 4",
        "runtime error: integer divide by zero",
        "runtime error: negative shift amount",
        "assignment to entry in nil map",
        "value method main.T.M called using nil *T pointer",
        "runtime error: index out of range [-9223372036854775808]",
    };
    for (int i = 0; i < RT_COUNT(want); i++) assert_panics(raise_error, &i, want[i]);
}

/* Every error type has Error and RuntimeError, and its values compare. */
static void test_error_types(void **state) {
    (void)state;
    extern const GoFuncType func_type __asm__("\"type:func()\"");
    for (int i = 0; i <= 16; i++) {
        GoEface a = caught(raise_error, &i), b = caught(raise_error, &i);
        assert_non_null(rt_type_method(a.type, RT_STR("RuntimeError"), &func_type.t));
        assert_null(rt_type_method(a.type, RT_STR("Error"), &func_type.t));
        assert_true(rt_eface_equal(a, b));
        GoString pkg = rt_type_pkg(a.type);
        assert_true(same_text(pkg, "runtime"));
    }
}

/* ---- reports ---- */

static Death death;

static void die_of_text(void *arg) { panic_with(*(int *)arg); }
static void die_of_error(void *arg) { raise_error(arg); }
static void die_nested(void *arg) { (void)arg; middle(); }
FUNC_WITH_DEFERS(dies_repanicking, panic_with(0), {(void *)d_repanic})
static void die_repanicking(void *arg) { (void)arg; dies_repanicking(); }
static void die_of_nil_pointer(void *arg) { (void)arg; rt_panic_nil(); }
static void die_of_fault(void *arg) {
    (void)arg;
    rt_signal_start();
    *(volatile int *)0x123450 = 1;
}
static NOINLINE __attribute__((used)) int endless(int n) {
    volatile int local[50];
    local[0] = n;
    return n < 0 ? 0 : endless(n + 1) + local[0];
}
static void run_endless(void *arg) { (void)arg; endless(0); }
static void die_of_stack(void *arg) {
    (void)arg;
    rt_stack_max = 1 << 20; /* touch a part only */
    rt_signal_start();
    RtGoroutine *g = rt_goroutine_new(&rt_p()->stacks, false);
    g->id = 1;
    rt_stack_call(g, run_endless, NULL);
}
static void die_of_memory(void *arg) { (void)arg; rt_alloc_noscan((int64_t)1 << 46); }

static GoString error_that_panics(void *recv) { (void)recv; panic_with(1); return (GoString){0}; }
static GoString error_text(void *recv) { (void)recv; return text_of("my\nerror"); }

/* A type with an Error method, built by hand. */
static GoEface error_value(void *method) {
    static struct { GoType t; GoUncommon u; GoMethod m; } type;
    static uint8_t type_name[32], method_name[16];
    type.t = (GoType){.size = 8, .kind = GK_INT, .tflag = TF_UNCOMMON | TF_NAMED, .str = put_name(type_name, 0, "main.E")};
    type.u = (GoUncommon){.mcount = 1, .xcount = 1, .moff = sizeof(GoUncommon)};
    type.m = (GoMethod){put_name(method_name, 1, "Error"), (int32_t)(uintptr_t)&rt_type_func_string,
                        (int32_t)(uintptr_t)method, (int32_t)(uintptr_t)method};
    return (GoEface){&type.t, (void *)&rt_small_words[1]};
}
static void die_of_own_error(void *arg) { (void)arg; rt_gopanic(error_value((void *)error_text)); }
static void die_of_bad_error(void *arg) { (void)arg; rt_gopanic(error_value((void *)error_that_panics)); }
static void die_of_int(void *arg) {
    GoEface v = error_value((void *)error_text);
    ((GoType *)v.type)->tflag = TF_NAMED;
    ((GoType *)v.type)->kind = *(uint8_t *)arg;
    if (*(uint8_t *)arg == GK_STRING) v.data = &texts[0];
    rt_gopanic(v);
}

static void assert_dies(void (*fn)(void *), void *arg, const char *text) {
    run_dying(&death, fn, arg);
    if (strncmp(death.text, text, strlen(text)) != 0) fail_msg("got: %s\nexpected: %s", death.text, text);
    assert_int_equal(death.status, RT_EXIT_PANIC);
    assert_non_null(strstr(death.text, "\n\ngoroutine 1 [running]:\n"));
}

static void test_reports(void **state) {
    (void)state;
    assert_dies(die_of_text, &(int){0}, "panic: one\n\ngoroutine");
    assert_dies(die_of_error, &(int){0}, "panic: runtime error: index out of range [5] with length 3\n\n");
    assert_dies(die_of_error, &(int){14}, "panic: assignment to entry in nil map\n\n");
    assert_dies(die_nested, NULL, "panic: two\n\tpanic: two\n\n");
    assert_dies(die_repanicking, NULL, "panic: one [recovered]\n\tpanic: one\n\n");
    assert_dies(die_of_nil_pointer, NULL,
                "panic: runtime error: invalid memory address or nil pointer dereference\n"
                "[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x");
    assert_dies(die_of_own_error, NULL, "panic: my\n\terror\n\n");
    assert_dies(die_of_bad_error, NULL, "fatal error: panic while printing panic value: two\n\n");
    assert_dies(die_of_int, &(uint8_t){GK_INT}, "panic: main.E(1)\n\n");
    assert_dies(die_of_int, &(uint8_t){GK_BOOL}, "panic: main.E(true)\n\n");
    assert_dies(die_of_int, &(uint8_t){GK_STRING}, "panic: main.E(\"one\")\n\n");
    assert_dies(die_of_int, &(uint8_t){GK_STRUCT}, "panic: (main.E) 0x");
    assert_dies(die_of_memory, NULL, "runtime: out of memory: cannot allocate 70368744177664-byte block (");
    assert_dies(die_of_fault, NULL,
                "unexpected fault address 0x123450\nfatal error: fault\n"
                "[signal SIGSEGV: segmentation violation code=0x1 addr=0x123450 pc=0x");
}

static void test_stack_overflow(void **state) {
    (void)state;
    assert_dies(die_of_stack, NULL, "runtime: goroutine stack exceeds 1048576-byte limit\nruntime: sp=0x");
    assert_non_null(strstr(death.text, "]\nfatal error: stack overflow\n\n"));
    int frames = 0; /* of thousands, the ends are shown */
    for (const char *at = death.text; (at = strstr(at, "main.f(...)\n\tmain.f:7 +0x")); at++) frames++;
    assert_int_equal(frames, 100);
    assert_non_null(strstr(death.text, " frames elided...\n"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),       cmocka_unit_test(test_who_may_recover), cmocka_unit_test(test_nested),
        cmocka_unit_test(test_records),     cmocka_unit_test(test_deferred_recover), cmocka_unit_test(test_wrappers),        cmocka_unit_test(test_error_texts),
        cmocka_unit_test(test_error_types), cmocka_unit_test(test_reports),         cmocka_unit_test(test_stack_overflow),
    };
    return cmocka_run_group_tests(tests, start_runtime, NULL);
}
