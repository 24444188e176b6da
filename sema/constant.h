/* constant.h: exact compile-time values: booleans, strings, integers (GMP), floats (rationals while small, MPFR
 * with 512 bits beyond) and complex numbers, as section "Constants" of the Go specification wants them.
 *
 * Values are immutable, live in an arena (GMP and MPFR allocate through hooks that never free before the arena
 * does) and are normalised: a value of kind CV_FLOAT may hold an integer, but cv_to_int finds it. */
#ifndef GOO_CONSTANT_H
#define GOO_CONSTANT_H

#include "base/base.h"
#include "lexer/lexer.h"

typedef enum ConstKind { CV_UNKNOWN, CV_BOOL, CV_STRING, CV_INT, CV_FLOAT, CV_COMPLEX } ConstKind;
typedef struct ConstVal ConstVal;

ConstKind cv_kind(const ConstVal *v);

ConstVal *cv_unknown(Arena *a); /* the result of an operation on an erroneous operand */
ConstVal *cv_bool(Arena *a, bool b);
ConstVal *cv_string(Arena *a, const char *s, size_t n);
ConstVal *cv_int(Arena *a, int64_t i);
ConstVal *cv_uint(Arena *a, uint64_t u);
ConstVal *cv_float(Arena *a, double d);
ConstVal *cv_complex(Arena *a, ConstVal *re, ConstVal *im);
/* From a literal's text as written (underscores, prefixes, hex floats, quotes, escapes, 'i' suffix).
 * Returns NULL when malformed, or when a float's exponent is beyond what can be represented. */
ConstVal *cv_literal(Arena *a, TokKind tok, const char *text, size_t n);

bool cv_bool_value(const ConstVal *v);
const char *cv_string_value(const ConstVal *v, size_t *n);
bool cv_int64(const ConstVal *v, int64_t *out);   /* false when not an integer that fits */
bool cv_uint64(const ConstVal *v, uint64_t *out);
double cv_double(const ConstVal *v);              /* nearest float64; infinities beyond */
float cv_single(const ConstVal *v);               /* nearest float32, rounded once */
ConstVal *cv_real(Arena *a, ConstVal *v);
ConstVal *cv_imag(Arena *a, ConstVal *v);
int cv_sign(const ConstVal *v);                   /* -1 0 1; for complex 0 means zero */
size_t cv_bit_len(const ConstVal *v);             /* of an integer's absolute value */

/* Conversions: return NULL (unknown) when v is not representable in that kind without loss. */
ConstVal *cv_to_int(Arena *a, ConstVal *v);
ConstVal *cv_to_float(Arena *a, ConstVal *v);
ConstVal *cv_to_complex(Arena *a, ConstVal *v);
ConstVal *cv_round_float32(Arena *a, ConstVal *v); /* NULL on overflow */
ConstVal *cv_round_float64(Arena *a, ConstVal *v);
ConstVal *cv_truncate(Arena *a, ConstVal *v, unsigned bits, bool is_signed); /* wraps to the width */

/* op is a token such as TK_ADD. Operands of different numeric kinds are matched first. Division: cv_binary with
 * TK_QUO on integers truncates when int_div, otherwise gives the exact quotient. The divisor must not be zero. */
ConstVal *cv_unary(Arena *a, TokKind op, ConstVal *x, unsigned unsigned_bits /* for ^ on unsigned types, else 0 */);
ConstVal *cv_binary(Arena *a, TokKind op, ConstVal *x, ConstVal *y, bool int_div);
ConstVal *cv_shift(Arena *a, TokKind op, ConstVal *x, unsigned long count);
bool cv_compare(TokKind op, ConstVal *x, ConstVal *y);
bool cv_equal(const ConstVal *x, const ConstVal *y); /* same kind and value: for duplicate cases and keys */
uint64_t cv_hash(const ConstVal *v);

/* As Go's compiler shows constants in messages: strings quoted and shortened, floats with %.6g and so on. */
char *cv_text(Arena *a, const ConstVal *v);
/* The whole value, exact: for interface files and --emit. */
char *cv_exact_text(Arena *a, const ConstVal *v);

#endif
