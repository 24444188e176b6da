/* errors.c: the errors that the runtime panics with: raising them, and the methods of their types.
 *
 * The types are Go's (runtime.boundsError and so on); their descriptors are in errtypes.S. Methods come in two forms,
 * as descriptors want them: with the receiver itself (tfn), and with an interface's data word (ifn). */
#include "runtime/rt.h"
#include <signal.h>

extern const GoType type_error_string __asm__("\"type:runtime.errorString\"");
extern const GoType type_plain_error __asm__("\"type:runtime.plainError\"");
extern const GoType type_bounds_error __asm__("\"type:runtime.boundsError\"");
extern const GoType type_assertion_error __asm__("\"type:runtime.TypeAssertionError\"");
extern const GoType type_assertion_error_ptr __asm__("\"type:*runtime.TypeAssertionError\"");
extern const GoType type_panic_nil_error_ptr __asm__("\"type:*runtime.PanicNilError\"");

/* Defines a function under the name of a Go method; std/runtime declares the types, with methods without bodies. */
#define METHOD(go_name, result, name, params)                                                                   \
    result name params __asm__("\"runtime." go_name "\"") __attribute__((section(".text.rt_errors")));      \
    result name params

/* The marker methods. */
#define MARK(go_name, name) METHOD(go_name ".RuntimeError", void, name, (void)) {}
MARK("errorString", mark_error_string)
MARK("(*errorString)", mark_error_string_ptr)
MARK("plainError", mark_plain_error)
MARK("(*plainError)", mark_plain_error_ptr)
MARK("boundsError", mark_bounds_error)
MARK("(*boundsError)", mark_bounds_error_ptr)
MARK("(*TypeAssertionError)", mark_assertion_error)
MARK("(*PanicNilError)", mark_nil_error)

/* ---- errors made of text ---- */

static GoString runtime_error(GoString text) {
    return rt_string_concat((GoString[]){RT_STR("runtime error: "), text}, 2);
}

METHOD("errorString.Error", GoString, error_string_text, (GoString e)) { return runtime_error(e); }
METHOD("(*errorString).Error", GoString, error_string_ptr_text, (const GoString *e)) { return runtime_error(*e); }
METHOD("plainError.Error", GoString, plain_error_text, (GoString e)) { return e; }
METHOD("(*plainError).Error", GoString, plain_error_ptr_text, (const GoString *e)) { return *e; }

static GoEface text_error(const GoType *type, GoString text) {
    GoString *box = rt_heap_alloc_words(sizeof *box);
    *box = text;
    return (GoEface){type, box};
}

_Noreturn void rt_panic_text(GoString text) { rt_panic_value(text_error(&type_error_string, text), NULL); }
_Noreturn void rt_panic_plain(GoString text) { rt_panic_value(text_error(&type_plain_error, text), NULL); }

_Noreturn void rt_panic_type(GoString text, const GoType *t) {
    rt_panic_text(rt_string_concat((GoString[]){text, rt_type_text(t)}, 2));
}

GoEface rt_nil_error(void) {
    static const GoString text = RT_STR("invalid memory address or nil pointer dereference");
    return (GoEface){&type_error_string, (void *)&text};
}

_Noreturn void rt_panic_nil(void) {
    RtFault fault = {.sig = SIGSEGV, .code = SEGV_MAPERR, .pc = rt_walk_here(__builtin_frame_address(0)).pc};
    rt_panic_value(rt_nil_error(), &fault);
}

/* Entered by __morestack: rt_panic_nil's caller is compiled code, this one's is the function that called too deep. */
_Noreturn void rt_panic_stack(void) {
    static const GoString text = RT_STR("stack overflow");
    rt_panic_value((GoEface){&type_error_string, (void *)&text}, NULL);
}

_Noreturn void rt_panic_divide(void) { rt_panic_text(RT_STR("integer divide by zero")); }
_Noreturn void rt_panic_shift(void) { rt_panic_text(RT_STR("negative shift amount")); }
_Noreturn void rt_panic_nil_map(void) { rt_panic_plain(RT_STR("assignment to entry in nil map")); }
_Noreturn void rt_panic_unreachable_method(void) { rt_fatal(RT_STR("unreachable method called. linker bug?")); }

_Noreturn void rt_panic_wrap(GoString pkg, GoString type, GoString method) {
    GoString parts[] = {RT_STR("value method "), pkg, RT_STR("."), type, RT_STR("."), method,
                        RT_STR(" called using nil *"), type, RT_STR(" pointer")};
    rt_panic_plain(rt_string_concat(parts, RT_COUNT(parts)));
}

/* ---- indices and slice bounds ---- */

/* X(code, text, text when x < 0): %x and %y stand for the numbers. */
#define BOUNDS(X)                                                                                                \
    X(INDEX, "index out of range [%x] with length %y", "index out of range [%x]")                               \
    X(SLICE_ALEN, "slice bounds out of range [:%x] with length %y", "slice bounds out of range [:%x]")          \
    X(SLICE_ACAP, "slice bounds out of range [:%x] with capacity %y", "slice bounds out of range [:%x]")        \
    X(SLICE_B, "slice bounds out of range [%x:%y]", "slice bounds out of range [%x:]")                          \
    X(SLICE3_ALEN, "slice bounds out of range [::%x] with length %y", "slice bounds out of range [::%x]")       \
    X(SLICE3_ACAP, "slice bounds out of range [::%x] with capacity %y", "slice bounds out of range [::%x]")     \
    X(SLICE3_B, "slice bounds out of range [:%x:%y]", "slice bounds out of range [:%x:]")                       \
    X(SLICE3_C, "slice bounds out of range [%x:%y:]", "slice bounds out of range [%x::]")                       \
    X(CONVERT, "cannot convert slice with length %x to array or pointer to array with length %y", "")

typedef enum BoundsCode {
#define X(code, text, negative) BC_##code,
    BOUNDS(X)
#undef X
} BoundsCode;

/* runtime.boundsError {x int64; y int; signed bool; code boundsErrorCode} */
typedef struct BoundsError { int64_t x, y; bool is_signed; uint8_t code; } BoundsError;

static const char *const bounds_format[][2] = {
#define X(code, text, negative) [BC_##code] = {text, negative},
    BOUNDS(X)
#undef X
};

static uint8_t *put_number(uint8_t *at, int64_t v, bool is_signed) {
    uint8_t digits[20], *end = digits + sizeof digits;
    bool negative = is_signed && v < 0;
    uint8_t *p = rt_format_uint(end, negative ? 0 - (uint64_t)v : (uint64_t)v);
    if (negative) *at++ = '-';
    memcpy(at, p, (size_t)(end - p));
    return at + (end - p);
}

static GoString bounds_text_of(const BoundsError *e) {
    uint8_t buf[160], *at = buf; /* the longest text and two numbers take 133 */
    for (const char *s = bounds_format[e->code][e->is_signed && e->x < 0]; *s; s++) {
        if (*s != '%') *at++ = (uint8_t)*s;
        else if (*++s == 'x') at = put_number(at, e->x, e->is_signed);
        else at = put_number(at, e->y, true);
    }
    return runtime_error((GoString){buf, at - buf});
}

METHOD("boundsError.Error", GoString, bounds_error_text, (BoundsError e)) { return bounds_text_of(&e); }
METHOD("(*boundsError).Error", GoString, bounds_error_ptr_text, (const BoundsError *e)) { return bounds_text_of(e); }

RT_COLD static _Noreturn void bounds_panic(BoundsCode code, int64_t x, int64_t y, bool is_signed) {
    BoundsError *e = rt_alloc_noscan(sizeof *e);
    *e = (BoundsError){x, y, is_signed, (uint8_t)code};
    rt_panic_value((GoEface){&type_bounds_error, e}, NULL);
}

#define BOUNDS_PANIC(name, code)                                                                    \
    _Noreturn void rt_panic_##name(int64_t x, int64_t y) { bounds_panic(BC_##code, x, y, true); }    \
    _Noreturn void rt_panic_##name##_u(uint64_t x, int64_t y) { bounds_panic(BC_##code, (int64_t)x, y, false); }
BOUNDS_PANIC(index, INDEX)
BOUNDS_PANIC(slice_alen, SLICE_ALEN)
BOUNDS_PANIC(slice_acap, SLICE_ACAP)
BOUNDS_PANIC(slice_b, SLICE_B)
BOUNDS_PANIC(slice3_alen, SLICE3_ALEN)
BOUNDS_PANIC(slice3_acap, SLICE3_ACAP)
BOUNDS_PANIC(slice3_b, SLICE3_B)
BOUNDS_PANIC(slice3_c, SLICE3_C)
#undef BOUNDS_PANIC
_Noreturn void rt_panic_slice_convert(int64_t len, int64_t want) { bounds_panic(BC_CONVERT, len, want, true); }

/* ---- conversions between interfaces and types ---- */

/* runtime.TypeAssertionError */
typedef struct AssertionError {
    const GoType *iface, *have, *want; /* static interface type (may be NULL), dynamic type (NULL: nil), wanted type */
    GoString missing;                  /* a method that have lacks, when want is an interface */
} AssertionError;

/* Equality of TypeAssertionError, for its descriptor. */
bool rt_assertion_error_equal(const AssertionError *a, const AssertionError *b, const GoClosure *env);
bool rt_assertion_error_equal(const AssertionError *a, const AssertionError *b, const GoClosure *env) {
    (void)env;
    return a->iface == b->iface && a->have == b->have && a->want == b->want && rt_string_equal(a->missing, b->missing);
}

METHOD("(*TypeAssertionError).Error", GoString, assertion_error_text, (const AssertionError *e)) {
    GoString iface = e->iface ? rt_type_text(e->iface) : RT_STR("interface"), want = rt_type_text(e->want);
    GoString conversion = RT_STR("interface conversion: ");
    if (!e->have) return rt_string_concat((GoString[]){conversion, iface, RT_STR(" is nil, not "), want}, 4);
    GoString have = rt_type_text(e->have);
    if (e->missing.len)
        return rt_string_concat(
            (GoString[]){conversion, have, RT_STR(" is not "), want, RT_STR(": missing method "), e->missing}, 6);
    GoString hint = {0};
    if (rt_string_equal(have, want))
        hint = rt_string_equal(rt_type_pkg(e->have), rt_type_pkg(e->want)) ? RT_STR(" (types from different scopes)")
                                                                          : RT_STR(" (types from different packages)");
    return rt_string_concat((GoString[]){conversion, iface, RT_STR(" is "), have, RT_STR(", not "), want, hint}, 7);
}

_Noreturn void rt_panic_conversion(const GoType *iface, const GoType *have, const GoType *want, GoString missing) {
    AssertionError *e = rt_heap_alloc(sizeof *e, &type_assertion_error);
    *e = (AssertionError){iface, have, want, missing};
    rt_panic_value((GoEface){&type_assertion_error_ptr, e}, NULL);
}

_Noreturn void rt_panic_dottype(const GoType *have, const GoType *want, const GoType *iface) {
    rt_panic_conversion(iface, have, want, (GoString){0});
}

/* ---- panic(nil) ---- */

METHOD("(*PanicNilError).Error", GoString, nil_error_text, (const void *e)) {
    (void)e;
    return RT_STR("panic called with nil argument");
}

GoEface rt_nil_panic_value(void) { return (GoEface){&type_panic_nil_error_ptr, rt_zero_base}; }
