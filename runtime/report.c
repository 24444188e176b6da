/* report.c: the last words of a program: unrecovered panics and fatal errors, in gc's format, then exit status 2. */
#include "runtime/rt.h"
#include <stdlib.h>

/* ---- values ---- */

/* Newlines are followed by a tab, so that no text can pass for the beginning of a trace. */
static void print_indented(GoString s) {
    for (int64_t i = 0; i < s.len;) {
        int64_t start = i;
        while (i < s.len && s.ptr[i] != '\n') i++;
        bool newline = i < s.len;
        i += newline;
        rt_print_string((GoString){s.ptr + start, i - start});
        if (newline) rt_print_cstr("\t");
    }
}

static void print_signed(const void *p, size_t size) {
    switch (size) {
    case 1: rt_print_int(*(const int8_t *)p); break;
    case 2: rt_print_int(*(const int16_t *)p); break;
    case 4: rt_print_int(*(const int32_t *)p); break;
    default: rt_print_int(*(const int64_t *)p); break;
    }
}

static void print_unsigned(const void *p, size_t size) {
    switch (size) {
    case 1: rt_print_uint(*(const uint8_t *)p); break;
    case 2: rt_print_uint(*(const uint16_t *)p); break;
    case 4: rt_print_uint(*(const uint32_t *)p); break;
    default: rt_print_uint(*(const uint64_t *)p); break;
    }
}

/* The value of a basic type at p; false: of another kind. */
static bool print_basic(int kind, const void *p, size_t size) {
    switch (kind) {
    case GK_BOOL: rt_print_bool(*(const bool *)p); return true;
    case GK_INT: case GK_INT8: case GK_INT16: case GK_INT32: case GK_INT64: print_signed(p, size); return true;
    case GK_UINT: case GK_UINT8: case GK_UINT16: case GK_UINT32: case GK_UINT64: case GK_UINTPTR:
        print_unsigned(p, size);
        return true;
    case GK_FLOAT32: rt_print_float(*(const float *)p); return true;
    case GK_FLOAT64: rt_print_float(*(const double *)p); return true;
    case GK_COMPLEX64: rt_print_complex(((const float *)p)[0], ((const float *)p)[1]); return true;
    case GK_COMPLEX128: rt_print_complex(((const double *)p)[0], ((const double *)p)[1]); return true;
    case GK_STRING: print_indented(*(const GoString *)p); return true;
    default: return false;
    }
}

static bool is_basic(int kind) { return kind <= GK_COMPLEX128 || kind == GK_STRING; }

/* Of basic kinds: the names of declared types carry their package. */
static bool is_predeclared(const GoType *t) {
    GoString s = rt_type_text(t);
    for (int64_t i = 0; i < s.len; i++)
        if (s.ptr[i] == '.') return false;
    return true;
}

/* main.T("x"), main.N(3); complex numbers bring their own parentheses. */
static void print_declared(GoEface v, int kind) {
    bool text = kind == GK_STRING, complex = kind == GK_COMPLEX64 || kind == GK_COMPLEX128;
    rt_print_string(rt_type_text(v.type));
    if (!complex) rt_print_cstr(text ? "(\"" : "(");
    print_basic(kind, v.data, v.type->size);
    if (!complex) rt_print_cstr(text ? "\")" : ")");
}

static void print_value(GoEface v) {
    int kind = v.type ? rt_type_kind(v.type) : GK_INVALID;
    if (!v.type) {
        rt_print_cstr("nil");
    } else if (!is_basic(kind)) {
        rt_print_cstr("(");
        rt_print_string(rt_type_text(v.type));
        rt_print_cstr(") ");
        rt_print_pointer(v.data);
    } else if (is_predeclared(v.type)) {
        print_basic(kind, v.data, v.type->size);
    } else {
        print_declared(v, kind);
    }
}

/* ---- fatal errors ---- */

/* What a report shows: GOTRACEBACK, and debug.SetTraceback on top of it. */
typedef enum Level { LEVEL_SINGLE = 1, LEVEL_ALL = 2, LEVEL_ABORT = 4 } Level; /* bits; 0: no trace */
static int level_set; /* atomic: Level bits that the program asked for */

static int level_named(const char *s, size_t n) {
    static const struct { const char *name; int level; } levels[] = {
        {"", LEVEL_SINGLE}, {"single", LEVEL_SINGLE}, {"none", 0}, {"0", 0}, {"crash", LEVEL_SINGLE | LEVEL_ALL | LEVEL_ABORT},
    };
    for (int i = 0; i < RT_COUNT(levels); i++)
        if (strlen(levels[i].name) == n && memcmp(levels[i].name, s, n) == 0) return levels[i].level;
    return LEVEL_SINGLE | LEVEL_ALL;
}

void rt_report_set_level(GoString name) {
    int level = level_named((const char *)name.ptr, (size_t)name.len);
    __atomic_store_n(&level_set, level, __ATOMIC_RELAXED);
}

static int report_level(void) {
    const char *s = getenv("GOTRACEBACK");
    return level_named(s ? s : "", s ? strlen(s) : 0) | __atomic_load_n(&level_set, __ATOMIC_RELAXED);
}

static RtM *reporter; /* atomic: the thread whose report ends the program */

void rt_report_wait(void) {
    RtM *m = __atomic_load_n(&reporter, __ATOMIC_ACQUIRE);
    uint32_t never = 0;
    while (m && m != rt_m()) rt_futex_wait(&never, 0, -1);
}

/* Marks the thread as dying; only one can, others wait for the end. A second error on the way only gets a line, a third
 * not even that. */
static void begin_report(void) {
    RtM *nobody = NULL;
    if (!__atomic_compare_exchange_n(&reporter, &nobody, rt_m(), false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) rt_report_wait();
    switch (rt_m()->dying++) {
    case 0:
        rt_print_lock();
        return;
    case 1: rt_print_cstr("panic during panic\n"); break;
    default: break;
    }
    rt_m()->out.depth = 0;
    rt_print_nl();
    rt_sys_exit(RT_EXIT_NESTED);
}

/* where NULL: the thread runs no goroutine. */
static _Noreturn void end_report(const RtWalk *where, bool all) {
    int level = report_level();
    RtGoroutine *g = rt_goroutine();
    if (level && where) {
        rt_print_nl();
        rt_trace_header(g);
        rt_trace_frames(*where);
        if (g) rt_trace_creator(g);
    }
    if (level && (all || level & LEVEL_ALL)) {
        rt_freeze_world();
        rt_trace_others(g);
    }
    while (rt_m()->out.depth > 0) rt_print_unlock();
    if (level & LEVEL_ABORT) rt_sys_abort();
    rt_sys_exit(RT_EXIT_PANIC);
}

void rt_report_begin(void) { begin_report(); }
_Noreturn void rt_report_fatal(RtWalk where) { end_report(&where, true); }

_Noreturn void rt_fatal_at(GoString text, RtWalk where) {
    begin_report();
    rt_print_cstr("fatal error: ");
    print_indented(text);
    rt_print_nl();
    end_report(&where, true);
}

_Noreturn void rt_fatal(GoString text) { rt_fatal_at(text, rt_walk_here(__builtin_frame_address(0))); }

_Noreturn void rt_fatal_all(GoString text) {
    begin_report();
    rt_print_cstr("fatal error: ");
    print_indented(text);
    rt_print_nl();
    end_report(NULL, true);
}

/* ---- panics ---- */

typedef GoString TextMethod(void *receiver);

/* Replaces values with an Error or String method by what it returns: user code, which must run before printing. Returns
 * what is known besides of the newest one that is an error. */
static GoString call_text_methods(RtPanic *p) {
    static const GoString names[] = {{(const uint8_t *)"Error", 5}, {(const uint8_t *)"String", 6}};
    RtGoroutine *g = rt_goroutine();
    g->printing_panics = true;
    GoString history = {0};
    for (; p; p = p->link) {
        RtCapsScope s; /* the methods get no more rights than who panicked had */
        rt_caps_limit(&s, p->caps, (uintptr_t)__builtin_frame_address(0));
        const GoItab *error = p->value.type && !history.len ? rt_itab(&rt_type_error, p->value.type) : NULL;
        if (error) history = rt_error_history((GoIface){error, p->value.data});
        for (int i = 0; i < RT_COUNT(names); i++) {
            TextMethod *m = p->value.type ? rt_type_method(p->value.type, names[i], &rt_type_func_string.t) : NULL;
            if (!m) continue;
            GoString *text = rt_heap_alloc_words(sizeof *text);
            *text = m(p->value.data);
            p->value = (GoEface){&rt_type_string, text};
            break;
        }
        rt_caps_leave(&s);
    }
    g->printing_panics = false;
    return history;
}

/* Oldest first. The list is reversed on the way: nobody needs it afterwards, and it may be long. */
static void print_panics(RtPanic *p) {
    RtPanic *oldest = NULL;
    while (p) {
        RtPanic *next = p->link;
        p->link = oldest;
        oldest = p;
        p = next;
    }
    bool first = true;
    for (p = oldest; p; p = p->link) {
        if (p->goexit) continue;
        rt_print_cstr(first ? "panic: " : "\tpanic: ");
        first = false;
        print_value(p->value);
        if (p->recovered) rt_print_cstr(" [recovered]");
        rt_print_nl();
    }
}

/* The fault that the newest panic comes from, also when a deferred call recovered that and panicked again. */
static const RtFault *fault_of(const RtPanic *p) {
    while (p && !p->fault) p = p->link;
    return p ? p->fault : NULL;
}

void rt_print_fault(const RtFault *f) {
    rt_print_cstr("[signal ");
    rt_print_cstr(rt_signal_name(f->sig));
    rt_print_cstr(" code=");
    rt_print_hex((uint64_t)(int64_t)f->code);
    rt_print_cstr(" addr=");
    rt_print_hex(f->addr);
    rt_print_cstr(" pc=");
    rt_print_hex(f->pc);
    rt_print_cstr("]\n");
}

_Noreturn void rt_report_panics(RtPanic *newest) {
    GoString history = call_text_methods(newest);
    rt_g->caps = newest->caps; /* the trace names them: blocks of the functions in it may have ended */
    const RtFault *fault = fault_of(newest);
    begin_report();
    print_panics(newest);
    if (fault) rt_print_fault(fault);
    rt_print_string(history);
    RtWalk where = rt_walk_here(__builtin_frame_address(0));
    end_report(&where, false);
}

_Noreturn void rt_report_nested(GoEface v) {
    GoString text = RT_STR("panic while printing panic value");
    if (v.type && rt_type_kind(v.type) == GK_STRING && is_predeclared(v.type))
        text = rt_string_concat((GoString[]){text, RT_STR(": "), *(const GoString *)v.data}, 3);
    else if (v.type)
        text = rt_string_concat((GoString[]){text, RT_STR(": type "), rt_type_text(v.type)}, 3);
    rt_fatal(text);
}
