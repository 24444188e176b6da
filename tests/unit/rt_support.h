/* rt_support.h: what the tests of the runtime share: a goroutine to run on, panics caught as compiled code catches
 * them, programs that die, and type descriptors. */
#ifndef GOO_RT_SUPPORT_H
#define GOO_RT_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/hash.h"

#define NOINLINE __attribute__((noinline))

const char *__asan_default_options(void);
/* The runtime's heap never frees. */
const char *__asan_default_options(void) {
    return "detect_leaks=0:allocator_may_return_null=1:handle_segv=0:handle_sigbus=0:detect_stack_use_after_return=0";
}

static RtGoroutine test_goroutine = {.id = 1};

static inline int start_runtime(void **state) {
    (void)state;
    rt_start(&test_goroutine);
    return 0;
}

static inline bool same_text(GoString s, const char *text) {
    return s.len == (int64_t)strlen(text) && rt_same(s.ptr, text, (size_t)s.len);
}

static inline GoString text_of(const char *s) { return (GoString){(const uint8_t *)s, (int64_t)strlen(s)}; }

/* ---- panics ---- */

/* A C function with recovery points, by hand after the protocol in abi.h: it stands in a section of its own, so that its
 * record in the function table has its bounds. In the function: FRAME declares the RtFrame, LANDED(name) is true when
 * control came back. */
#define RECOVERING(name)                                                                                            \
    RtRecovery name##_recovery;                                                                                     \
    __asm__(".pushsection goo_funcs,\"aw\"\n"                                                                      \
            ".long __start_at_" #name ", __stop_at_" #name ", " #name "_text, " #name "_text, 7, 0, 0, 0, " #name       \
            "_recovery\n.popsection\n.pushsection .rodata\n" #name "_text: .asciz \"" #name "\"\n.popsection\n");      \
    __attribute__((noinline, used, section("at_" #name)))
#define FRAME(...)                                                                                                  \
    void *landing[5];                                                                                               \
    RtFrame frame = {__VA_ARGS__}
#define LANDED(name)                                                                                                \
    (rt_asking && (__builtin_setjmp(landing) || (rt_recovery_point(&name##_recovery, landing, __builtin_frame_address(0), &frame,    \
                                                             RK_TRIES | RK_DEFERS), false)))

typedef struct CatchClosure { GoClosure c; GoEface value; } CatchClosure;

static NOINLINE void catch_deferred(CatchClosure *env) {
    env->value = rt_gorecover(__builtin_return_address(0), __builtin_frame_address(0));
}

/* What fn(arg) panicked with; type NULL if it returned. */
GoEface caught(void (*fn)(void *), void *arg);
RECOVERING(caught) GoEface caught(void (*fn)(void *), void *arg) {
    CatchClosure deferred = {.c = {(void *)catch_deferred}};
    RtDefer record = {.fn = &deferred.c};
    FRAME(.defers = &record);
    if (!LANDED(caught)) fn(arg);
    rt_defer_return(&frame);
    return deferred.value;
}

typedef GoString ErrorMethod(void *);

/* The text of a recovered value: of its Error method, or the string that it is. */
static inline GoString value_text(GoEface v) {
    if (!v.type) return (GoString){0};
    ErrorMethod *m = (ErrorMethod *)rt_type_method(v.type, RT_STR("Error"), &rt_type_func_string.t);
    return m ? m(v.data) : *(GoString *)v.data;
}

static inline void assert_panics(void (*fn)(void *), void *arg, const char *text) {
    GoEface v = caught(fn, arg);
    if (!v.type) fail_msg("no panic; expected: %s", text);
    GoString s = value_text(v);
    if (!same_text(s, text)) fail_msg("panicked with: %.*s; expected: %s", (int)s.len, (const char *)s.ptr, text);
}

/* ---- programs that die ---- */

typedef struct Death { int status; size_t len; char text[1 << 16]; } Death;

/* Runs fn(arg) in a process of its own; collects what it writes to standard error. */
static inline void run_dying(Death *d, void (*fn)(void *), void *arg) {
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(fds[1], 2);
        close(fds[0]);
        fn(arg);
        _exit(0);
    }
    close(fds[1]);
    d->len = 0;
    for (ssize_t n; d->len < sizeof d->text - 1 && (n = read(fds[0], d->text + d->len, sizeof d->text - 1 - d->len)) > 0;)
        d->len += (size_t)n;
    d->text[d->len] = 0;
    close(fds[0]);
    int status;
    waitpid(pid, &status, 0);
    d->status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* ---- descriptors ---- */

/* Makes the encoded name of text in buf (text shorter than 128). */
static inline int32_t put_name(uint8_t *buf, unsigned flags, const char *text) {
    buf[0] = (uint8_t)flags;
    buf[1] = (uint8_t)strlen(text);
    memcpy(buf + 2, text, strlen(text));
    return (int32_t)(uintptr_t)buf;
}

typedef bool EqualFunc(const void *p, const void *q, GoClosure *env);
typedef uintptr_t HashFunc(const void *p, uintptr_t seed, GoClosure *env);

#endif
