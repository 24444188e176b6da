/* constant_rep.h: how constant values are represented; private to constant*.c.
 *
 * An integer is REP_SMALL whenever it fits, otherwise REP_BIG. A float is a fraction (REP_RAT) while numerator and
 * denominator are reasonably short, and once it had to become REP_FLT (rounded to FLOAT_BITS) it stays that, so that
 * no exactness is pretended. The order of the numeric representations is the order in which operands are matched.
 *
 * The limbs of a finished value lie in the arena; GMP and MPFR only read them. Intermediate results are ordinary
 * GMP and MPFR variables, which every function clears that initialises them. */
#ifndef GOO_CONSTANT_REP_H
#define GOO_CONSTANT_REP_H

#include <gmp.h>
#include <mpfr.h>

#include "sema/constant.h"

enum {
    FLOAT_BITS = 512,     /* precision of REP_FLT */
    FRACTION_BITS = 4096, /* fractions have components below 2^FRACTION_BITS */
};

typedef enum ConstRep {
    REP_PLAIN, /* unknown and booleans */
    REP_STRING,
    REP_CONCAT, /* left + right, joined when somebody looks: long sums of strings stay linear */
    REP_SMALL, REP_BIG, REP_RAT, REP_FLT, REP_COMPLEX,
} ConstRep;

struct ConstVal {
    uint8_t kind; /* ConstKind */
    uint8_t rep;  /* ConstRep */
    union {
        bool b;
        int64_t small;
        mpz_t big;
        mpq_t rat;
        mpfr_t flt;
        struct { const char *text; size_t len; ConstVal *left, *right; Arena *arena; } str;
        struct { ConstVal *re, *im; } cplx; /* integers or floats */
    };
};

/* ---- constant.c ---- */

/* Copies a result into the arena in the smallest representation. */
ConstVal *const_from_mpz(Arena *a, mpz_srcptr z);
ConstVal *const_from_mpq(Arena *a, mpq_srcptr q);
ConstVal *const_from_mpfr(Arena *a, mpfr_srcptr f); /* unknown for infinities */
/* The value as GMP or MPFR want it; tmp is initialised and may be used for it. */
mpz_srcptr const_mpz(const ConstVal *v, mpz_ptr tmp);
mpq_srcptr const_mpq(const ConstVal *v, mpq_ptr tmp);
mpfr_srcptr const_mpfr(const ConstVal *v, mpfr_ptr tmp);

/* The exponent range of floats, about 2^31 as in Go; MPFR keeps its own range per thread, hence enter and leave. */
typedef struct FloatRange { mpfr_exp_t min, max; } FloatRange;
FloatRange float_range_enter(void);
void float_range_leave(FloatRange saved);

static inline bool const_is_real(const ConstVal *v) { return v->rep >= REP_SMALL && v->rep <= REP_FLT; }

#endif
