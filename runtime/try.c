/* try.c: errors as Goo's try, recover and ? see them.
 *
 * A panic that reaches a try statement is matched as an error: a value that is none is wrapped in *panics.Error. An
 * error that ? passes on with a context is wrapped in one whose text is "context: error". The compiler makes the
 * descriptors of both types (ir/lower_try.c); their methods are here, under their Go names. */
#include "runtime/rt.h"
#include <stdio.h>
#include <stdlib.h>

#define METHOD(go_name, result, name, params)                                                                   \
    result name params __asm__("\"goo/panics." go_name "\"") __attribute__((weak, section(".text.rt_try")));      \
    result name params

typedef GoString TextMethod(void *receiver);

/* ---- panic values as text ---- */

typedef struct FloatText { double v; int len; char text[40]; } FloatText;

/* On the system stack: the C library takes more than a goroutine's stack leaves to unchecked code. */
static void format_float(void *arg) {
    FloatText *f = arg;
    for (int digits = 1; digits <= 17; digits++) { /* the shortest text that reads back as v */
        f->len = snprintf(f->text, sizeof f->text, "%.*g", digits, f->v);
        if (strtod(f->text, NULL) == f->v) break;
    }
}

static GoString text_of_float(double v) {
    FloatText f = {.v = v};
    rt_system_stack(format_float, &f);
    return rt_string_from_bytes((const uint8_t *)f.text, f.len);
}

static GoString text_of_int(const GoType *t, const void *data) {
    int64_t v = 0;
    __builtin_memcpy(&v, data, t->size);
    int kind = t->kind & GK_MASK, shift = (int)(64 - 8 * t->size);
    if (kind < GK_UINT) v = (int64_t)((uint64_t)v << shift) >> shift;
    bool negative = kind < GK_UINT && v < 0;
    uint8_t buf[24], *end = buf + sizeof buf, *at = rt_format_uint(end, negative ? -(uint64_t)v : (uint64_t)v);
    if (negative) *--at = '-';
    return rt_string_from_bytes(at, end - at);
}

/* A value of type t at data as fmt would print it; of types that are not basic only the type is told. */
static GoString text_of_value(const GoType *t, const void *data) {
    switch (t->kind & GK_MASK) {
    case GK_BOOL: return *(const bool *)data ? RT_STR("true") : RT_STR("false");
    case GK_INT: case GK_INT8: case GK_INT16: case GK_INT32: case GK_INT64:
    case GK_UINT: case GK_UINT8: case GK_UINT16: case GK_UINT32: case GK_UINT64: case GK_UINTPTR:
        return text_of_int(t, data);
    case GK_FLOAT32: return text_of_float(*(const float *)data);
    case GK_FLOAT64: return text_of_float(*(const double *)data);
    case GK_STRING: return *(const GoString *)data;
    default: return rt_string_concat((GoString[]){RT_STR("panic with a value of type "), rt_type_text(t)}, 2);
    }
}

static GoString panic_text(GoEface v) {
    TextMethod *string = rt_type_method(v.type, RT_STR("String"), &rt_type_func_string.t);
    return string ? string(v.data) : text_of_value(v.type, v.data);
}

/* ---- *panics.Error and the error with a context ---- */

typedef struct PanicError { GoEface value; } PanicError;
typedef struct ContextError { GoString text; GoIface err; } ContextError;

METHOD("(*Error).Error", GoString, panic_error_text, (const PanicError *e)) { return panic_text(e->value); }
METHOD("(*Error).Value", GoEface, panic_error_value, (const PanicError *e)) { return e->value; }
METHOD("(*contextError).Error", GoString, context_error_text, (const ContextError *e)) { return e->text; }
METHOD("(*contextError).Unwrap", GoIface, context_error_unwrap, (const ContextError *e)) { return e->err; }

GoIface rt_try_error(const GoInterfaceType *error, const GoItab *wrap) {
    const RtPanic *p = rt_g->panic;
    if (!p || p->recovered) return (GoIface){0};
    const GoItab *tab = rt_itab(error, p->value.type);
    if (tab) return (GoIface){tab, p->value.data};
    PanicError *e = rt_heap_alloc_words(sizeof *e);
    e->value = p->value;
    return (GoIface){wrap, e};
}

GoIface rt_error_context(GoString context, GoIface err, const GoItab *wrap) {
    ContextError *e = rt_heap_alloc_words(sizeof *e);
    GoString text = ((TextMethod *)err.tab->fun[0])(err.data);
    e->text = rt_string_concat((GoString[]){context, RT_STR(": "), text}, 3);
    e->err = err;
    return (GoIface){wrap, e};
}

/* ---- errors.Is ---- */

typedef bool IsMethod(void *receiver, GoIface target);
typedef GoIface UnwrapMethod(void *receiver);
typedef GoSlice UnwrapAllMethod(void *receiver);

typedef struct ErrorMethods { const GoType *is, *unwrap, *unwrap_all; } ErrorMethods;

static bool error_is(GoIface err, GoIface target, const ErrorMethods *m);

static bool any_is(GoSlice errs, GoIface target, const ErrorMethods *m) {
    const GoIface *list = errs.ptr;
    for (int64_t i = 0; i < errs.len; i++)
        if (error_is(list[i], target, m)) return true;
    return false;
}

static bool error_is(GoIface err, GoIface target, const ErrorMethods *m) {
    while (err.tab) {
        const GoType *t = err.tab->type;
        if (target.tab && target.tab->type == t && t->equal && rt_iface_equal(err, target)) return true;
        IsMethod *is = rt_type_method(t, RT_STR("Is"), m->is);
        if (is && is(err.data, target)) return true;
        UnwrapAllMethod *unwrap_all = rt_type_method(t, RT_STR("Unwrap"), m->unwrap_all);
        if (unwrap_all) return any_is(unwrap_all(err.data), target, m);
        UnwrapMethod *unwrap = rt_type_method(t, RT_STR("Unwrap"), m->unwrap);
        if (!unwrap) return false;
        err = unwrap(err.data);
    }
    return false;
}

bool rt_error_is(GoIface err, GoIface target, const GoType *is, const GoType *unwrap, const GoType *unwrap_all) {
    if (!err.tab || !target.tab) return !err.tab && !target.tab;
    return error_is(err, target, &(ErrorMethods){is, unwrap, unwrap_all});
}
