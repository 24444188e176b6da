/* constant.c: constant values: construction, access and conversion between kinds.
 *
 * See constant_rep.h for the representation. Everything that fits is an int64_t, and no GMP function is called for
 * it; what does not goes through temporaries whose digits are then copied into the arena. */
#include "sema/constant_rep.h"

#include <math.h>
#include <string.h>

static ConstVal *new_value(Arena *a, ConstKind kind, ConstRep rep) {
    ConstVal *v = NEW(a, ConstVal);
    v->kind = (uint8_t)kind;
    v->rep = (uint8_t)rep;
    return v;
}

ConstKind cv_kind(const ConstVal *v) { return (ConstKind)v->kind; }

ConstVal *cv_unknown(Arena *a) { return new_value(a, CV_UNKNOWN, REP_PLAIN); }

ConstVal *cv_bool(Arena *a, bool b) {
    ConstVal *v = new_value(a, CV_BOOL, REP_PLAIN);
    v->b = b;
    return v;
}

ConstVal *cv_string(Arena *a, const char *s, size_t n) {
    ConstVal *v = new_value(a, CV_STRING, REP_STRING);
    v->str.text = arena_strndup(a, s, n);
    v->str.len = n;
    return v;
}

ConstVal *cv_int(Arena *a, int64_t i) {
    ConstVal *v = new_value(a, CV_INT, REP_SMALL);
    v->small = i;
    return v;
}

ConstVal *cv_uint(Arena *a, uint64_t u) {
    if (u <= INT64_MAX) return cv_int(a, (int64_t)u);
    mpz_t z;
    mpz_init_set_ui(z, u);
    ConstVal *v = const_from_mpz(a, z);
    mpz_clear(z);
    return v;
}

ConstVal *cv_float(Arena *a, double d) {
    if (!isfinite(d)) return cv_unknown(a);
    mpq_t q; /* the exponents of doubles are within those of fractions */
    mpq_init(q);
    mpq_set_d(q, d);
    ConstVal *v = const_from_mpq(a, q);
    mpq_clear(q);
    return v;
}

ConstVal *cv_complex(Arena *a, ConstVal *re, ConstVal *im) {
    if (!const_is_real(re) || !const_is_real(im)) return cv_unknown(a);
    ConstVal *v = new_value(a, CV_COMPLEX, REP_COMPLEX);
    v->cplx.re = re;
    v->cplx.im = im;
    return v;
}

/* ---- to and from GMP and MPFR ---- */

/* Makes dst a read-only copy of z with its limbs in the arena. */
static void keep_mpz(Arena *a, mpz_ptr dst, mpz_srcptr z) {
    size_t n = mpz_size(z);
    mp_limb_t *limbs = NEW_ARRAY(a, mp_limb_t, n + 1);
    memcpy(limbs, mpz_limbs_read(z), n * sizeof *limbs);
    mpz_roinit_n(dst, limbs, mpz_sgn(z) < 0 ? -(mp_size_t)n : (mp_size_t)n);
}

ConstVal *const_from_mpz(Arena *a, mpz_srcptr z) {
    if (mpz_fits_slong_p(z)) return cv_int(a, mpz_get_si(z));
    ConstVal *v = new_value(a, CV_INT, REP_BIG);
    keep_mpz(a, v->big, z);
    return v;
}

ConstVal *const_from_mpq(Arena *a, mpq_srcptr q) {
    size_t num_bits = mpz_sizeinbase(mpq_numref(q), 2), den_bits = mpz_sizeinbase(mpq_denref(q), 2);
    if (num_bits >= FRACTION_BITS || den_bits >= FRACTION_BITS) {
        mpfr_t f;
        mpfr_init2(f, FLOAT_BITS);
        mpfr_set_q(f, q, MPFR_RNDN);
        ConstVal *v = const_from_mpfr(a, f);
        mpfr_clear(f);
        return v;
    }
    ConstVal *v = new_value(a, CV_FLOAT, REP_RAT);
    keep_mpz(a, mpq_numref(v->rat), mpq_numref(q));
    keep_mpz(a, mpq_denref(v->rat), mpq_denref(q));
    return v;
}

ConstVal *const_from_mpfr(Arena *a, mpfr_srcptr f) {
    if (mpfr_zero_p(f)) return cv_float(a, 0);
    if (!mpfr_number_p(f)) return cv_unknown(a);
    ConstVal *v = new_value(a, CV_FLOAT, REP_FLT);
    size_t size = mpfr_custom_get_size(mpfr_get_prec(f));
    void *significand = arena_alloc(a, size);
    memcpy(significand, mpfr_custom_get_significand(f), size);
    mpfr_custom_init_set(v->flt, mpfr_custom_get_kind(f), mpfr_custom_get_exp(f), mpfr_get_prec(f), significand);
    return v;
}

mpz_srcptr const_mpz(const ConstVal *v, mpz_ptr tmp) {
    if (v->rep == REP_BIG) return v->big;
    check(v->rep == REP_SMALL);
    mpz_set_si(tmp, v->small);
    return tmp;
}

mpq_srcptr const_mpq(const ConstVal *v, mpq_ptr tmp) {
    if (v->rep == REP_RAT) return v->rat;
    if (v->rep == REP_SMALL) mpq_set_si(tmp, v->small, 1);
    else if (v->rep == REP_BIG) mpq_set_z(tmp, v->big);
    else unreachable();
    return tmp;
}

mpfr_srcptr const_mpfr(const ConstVal *v, mpfr_ptr tmp) {
    if (v->rep == REP_FLT) return v->flt;
    if (v->rep == REP_SMALL) mpfr_set_si(tmp, v->small, MPFR_RNDN);
    else if (v->rep == REP_BIG) mpfr_set_z(tmp, v->big, MPFR_RNDN);
    else if (v->rep == REP_RAT) mpfr_set_q(tmp, v->rat, MPFR_RNDN);
    else unreachable();
    return tmp;
}

FloatRange float_range_enter(void) {
    FloatRange saved = {mpfr_get_emin(), mpfr_get_emax()};
    mpfr_set_emin(INT32_MIN);
    mpfr_set_emax(INT32_MAX);
    return saved;
}

void float_range_leave(FloatRange saved) {
    mpfr_set_emin(saved.min);
    mpfr_set_emax(saved.max);
}

/* ---- access ---- */

bool cv_bool_value(const ConstVal *v) { return v->kind == CV_BOOL && v->b; }

/* Sums of strings lean to the left: walk down that side, filling from the end; right sides are entered through an
 * explicit stack, so that sums of any shape cost no C stack. */
static void join(ConstVal *v) {
    char *text = arena_alloc(v->str.arena, v->str.len + 1);
    char *end = text + v->str.len;
    VEC(ConstVal *) stack = {0};
    vec_push(v->str.arena, &stack, v);
    while (stack.len) {
        ConstVal *p = stack.at[--stack.len];
        if (p->rep == REP_CONCAT) {
            vec_push(v->str.arena, &stack, p->str.left);
            vec_push(v->str.arena, &stack, p->str.right);
        } else {
            end -= p->str.len;
            memcpy(end, p->str.text, p->str.len);
        }
    }
    v->rep = REP_STRING;
    v->str.text = text;
    v->str.left = v->str.right = NULL;
}

const char *cv_string_value(const ConstVal *v, size_t *n) {
    check(v->kind == CV_STRING);
    if (v->rep == REP_CONCAT) join((ConstVal *)v); /* the value stays the same */
    *n = v->str.len;
    return v->str.text;
}

bool cv_int64(const ConstVal *v, int64_t *out) {
    if (v->rep != REP_SMALL) return false;
    *out = v->small;
    return true;
}

bool cv_uint64(const ConstVal *v, uint64_t *out) {
    if (v->rep == REP_SMALL && v->small >= 0) *out = (uint64_t)v->small;
    else if (v->rep == REP_BIG && mpz_fits_ulong_p(v->big)) *out = mpz_get_ui(v->big);
    else return false;
    return true;
}

/* v with enough bits that rounding it once more gives the correctly rounded float: fractions are cut off, and one
 * more bit tells whether something was lost. */
static void exact_enough(const ConstVal *v, mpfr_ptr out) {
    enum { CUT = 128 };
    switch ((ConstRep)v->rep) {
    case REP_SMALL: mpfr_set_si(out, v->small, MPFR_RNDN); return;
    case REP_BIG:
        mpfr_set_prec(out, (mpfr_prec_t)mpz_sizeinbase(v->big, 2));
        mpfr_set_z(out, v->big, MPFR_RNDN);
        return;
    case REP_RAT:
        mpfr_set_prec(out, CUT);
        if (mpfr_set_q(out, v->rat, MPFR_RNDZ) == 0) return;
        mpfr_prec_round(out, CUT + 1, MPFR_RNDZ);
        if (mpfr_sgn(out) > 0) mpfr_nextabove(out);
        else mpfr_nextbelow(out);
        return;
    case REP_FLT:
        mpfr_set_prec(out, FLOAT_BITS);
        mpfr_set(out, v->flt, MPFR_RNDN);
        return;
    case REP_COMPLEX: case REP_PLAIN: case REP_STRING: case REP_CONCAT: break;
    }
    unreachable();
}

/* A real value, or the real part of a complex one, rounded once to each width; 0 for what is no number. */
typedef struct Rounded {
    double wide;
    float narrow;
} Rounded;

static Rounded rounded(const ConstVal *v) {
    if (v->rep == REP_COMPLEX) v = v->cplx.re;
    if (!const_is_real(v)) return (Rounded){0, 0};
    if (v->rep == REP_SMALL) return (Rounded){(double)v->small, (float)v->small};
    FloatRange saved = float_range_enter();
    mpfr_t f;
    mpfr_init2(f, FLOAT_BITS);
    exact_enough(v, f);
    Rounded r = {mpfr_get_d(f, MPFR_RNDN), mpfr_get_flt(f, MPFR_RNDN)};
    mpfr_clear(f);
    float_range_leave(saved);
    return r;
}

double cv_double(const ConstVal *v) { return rounded(v).wide; }
float cv_single(const ConstVal *v) { return rounded(v).narrow; }

ConstVal *cv_real(Arena *a, ConstVal *v) {
    (void)a;
    return v->rep == REP_COMPLEX ? v->cplx.re : v;
}

ConstVal *cv_imag(Arena *a, ConstVal *v) {
    if (v->rep == REP_COMPLEX) return v->cplx.im;
    return const_is_real(v) ? cv_int(a, 0) : cv_unknown(a);
}

int cv_sign(const ConstVal *v) {
    switch ((ConstRep)v->rep) {
    case REP_SMALL: return (v->small > 0) - (v->small < 0);
    case REP_BIG: return mpz_sgn(v->big);
    case REP_RAT: return mpq_sgn(v->rat);
    case REP_FLT: return mpfr_sgn(v->flt);
    case REP_COMPLEX: return cv_sign(v->cplx.re) | cv_sign(v->cplx.im);
    case REP_PLAIN: case REP_STRING: case REP_CONCAT: return 1; /* an unknown divisor is not called zero */
    }
    unreachable();
}

size_t cv_bit_len(const ConstVal *v) {
    if (v->rep == REP_BIG) return mpz_sizeinbase(v->big, 2);
    if (v->rep != REP_SMALL || v->small == 0) return 0;
    uint64_t u = v->small < 0 ? 0 - (uint64_t)v->small : (uint64_t)v->small;
    return 64 - (size_t)__builtin_clzll(u);
}

/* ---- conversion ---- */

static bool is_short_float(mpfr_srcptr f) {
    return mpfr_get_exp(f) > -FRACTION_BITS && mpfr_get_exp(f) < FRACTION_BITS;
}

static ConstVal *integral_mpfr(Arena *a, mpfr_srcptr f) {
    if (!mpfr_integer_p(f)) return NULL;
    mpz_t z;
    mpz_init(z);
    mpfr_get_z(z, f, MPFR_RNDN);
    ConstVal *v = const_from_mpz(a, z);
    mpz_clear(z);
    return v;
}

/* A rounded float is taken for an integer when rounding off a few more bits, up or down, makes it one. */
static ConstVal *nearly_integral(Arena *a, mpfr_srcptr f) {
    enum { DELTA = 4 };
    ConstVal *v = integral_mpfr(a, f);
    mpfr_t t;
    mpfr_init2(t, FLOAT_BITS - DELTA);
    if (!v) {
        mpfr_set(t, f, MPFR_RNDZ);
        v = integral_mpfr(a, t);
    }
    if (!v) {
        mpfr_set(t, f, MPFR_RNDA);
        v = integral_mpfr(a, t);
    }
    mpfr_clear(t);
    return v;
}

ConstVal *cv_to_int(Arena *a, ConstVal *v) {
    switch ((ConstRep)v->rep) {
    case REP_SMALL: case REP_BIG: return v;
    case REP_RAT: return mpz_cmp_ui(mpq_denref(v->rat), 1) == 0 ? const_from_mpz(a, mpq_numref(v->rat)) : NULL;
    case REP_FLT: return is_short_float(v->flt) ? nearly_integral(a, v->flt) : NULL; /* no huge integers */
    case REP_COMPLEX: return cv_sign(v->cplx.im) == 0 ? cv_to_int(a, v->cplx.re) : NULL;
    case REP_PLAIN: case REP_STRING: case REP_CONCAT: return NULL;
    }
    unreachable();
}

static ConstVal *int_to_float(Arena *a, ConstVal *v) {
    mpq_t q;
    mpq_init(q);
    ConstVal *f = const_from_mpq(a, const_mpq(v, q));
    mpq_clear(q);
    return f;
}

ConstVal *cv_to_float(Arena *a, ConstVal *v) {
    switch ((ConstRep)v->rep) {
    case REP_SMALL: case REP_BIG: return int_to_float(a, v);
    case REP_RAT: case REP_FLT: return v;
    case REP_COMPLEX: return cv_sign(v->cplx.im) == 0 ? cv_to_float(a, v->cplx.re) : NULL;
    case REP_PLAIN: case REP_STRING: case REP_CONCAT: return NULL;
    }
    unreachable();
}

ConstVal *cv_to_complex(Arena *a, ConstVal *v) {
    if (v->rep == REP_COMPLEX) return v;
    return const_is_real(v) ? cv_complex(a, v, cv_int(a, 0)) : NULL;
}

ConstVal *cv_round_float32(Arena *a, ConstVal *v) {
    float f = cv_single(v);
    return isinf(f) ? NULL : cv_float(a, (double)f);
}

ConstVal *cv_round_float64(Arena *a, ConstVal *v) {
    double d = cv_double(v);
    return isinf(d) ? NULL : cv_float(a, d);
}

ConstVal *cv_truncate(Arena *a, ConstVal *v, unsigned bits, bool is_signed) {
    mpz_t z;
    mpz_init(z);
    mpz_fdiv_r_2exp(z, const_mpz(v, z), bits);
    if (is_signed && mpz_tstbit(z, bits - 1)) {
        mpz_t modulus;
        mpz_init(modulus);
        mpz_setbit(modulus, bits);
        mpz_sub(z, z, modulus);
        mpz_clear(modulus);
    }
    ConstVal *r = const_from_mpz(a, z);
    mpz_clear(z);
    return r;
}
