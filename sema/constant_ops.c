/* constant_ops.c: arithmetic and comparison of constants.
 *
 * Operands are matched to the wider representation of the two (see constant_rep.h), computed there, and the result
 * is put into the narrowest that its kind allows. Small integers overflow into GMP. */
#include "sema/constant_rep.h"

#include <string.h>

/* The operands of mixed kinds meet at the representation of the wider one; small and big integers at big. */
static ConstRep common_rep(const ConstVal *x, const ConstVal *y) {
    return (ConstRep)(x->rep > y->rep ? x->rep : y->rep);
}

/* ---- integers ---- */

static bool small_op(TokKind op, int64_t x, int64_t y, bool int_div, int64_t *r) {
    switch ((int)op) {
    case TK_ADD: return !__builtin_add_overflow(x, y, r);
    case TK_SUB: return !__builtin_sub_overflow(x, y, r);
    case TK_MUL: return !__builtin_mul_overflow(x, y, r);
    case TK_QUO:
        if (!int_div || (x == INT64_MIN && y == -1)) return false;
        *r = x / y;
        return true;
    case TK_REM: *r = y == -1 ? 0 : x % y; return true;
    case TK_AND: *r = x & y; return true;
    case TK_OR: *r = x | y; return true;
    case TK_XOR: *r = x ^ y; return true;
    case TK_AND_NOT: *r = x & ~y; return true;
    default: return false;
    }
}

static void big_op(TokKind op, mpz_ptr r, mpz_srcptr x, mpz_srcptr y) {
    switch ((int)op) {
    case TK_ADD: mpz_add(r, x, y); return;
    case TK_SUB: mpz_sub(r, x, y); return;
    case TK_MUL: mpz_mul(r, x, y); return;
    case TK_QUO: mpz_tdiv_q(r, x, y); return;
    case TK_REM: mpz_tdiv_r(r, x, y); return;
    case TK_AND: mpz_and(r, x, y); return;
    case TK_OR: mpz_ior(r, x, y); return;
    case TK_XOR: mpz_xor(r, x, y); return;
    case TK_AND_NOT:
        mpz_com(r, y);
        mpz_and(r, x, r);
        return;
    default: fatal("no integer operation %s", tok_kind_name(op));
    }
}

static ConstVal *rat_op(Arena *a, TokKind op, const ConstVal *x, const ConstVal *y);

static ConstVal *int_op(Arena *a, TokKind op, const ConstVal *x, const ConstVal *y, bool int_div) {
    int64_t small;
    if (x->rep == REP_SMALL && y->rep == REP_SMALL && small_op(op, x->small, y->small, int_div, &small))
        return cv_int(a, small);
    if (op == TK_QUO && !int_div) return rat_op(a, op, x, y);
    mpz_t r, tx, ty;
    mpz_inits(r, tx, ty, NULL);
    big_op(op, r, const_mpz(x, tx), const_mpz(y, ty));
    ConstVal *v = const_from_mpz(a, r);
    mpz_clears(r, tx, ty, NULL);
    return v;
}

/* ---- floats ---- */

static ConstVal *rat_op(Arena *a, TokKind op, const ConstVal *x, const ConstVal *y) {
    mpq_t r, tx, ty;
    mpq_inits(r, tx, ty, NULL);
    mpq_srcptr qx = const_mpq(x, tx), qy = const_mpq(y, ty);
    switch ((int)op) {
    case TK_ADD: mpq_add(r, qx, qy); break;
    case TK_SUB: mpq_sub(r, qx, qy); break;
    case TK_MUL: mpq_mul(r, qx, qy); break;
    case TK_QUO: mpq_div(r, qx, qy); break;
    default: fatal("no operation %s on fractions", tok_kind_name(op));
    }
    ConstVal *v = const_from_mpq(a, r);
    mpq_clears(r, tx, ty, NULL);
    return v;
}

static ConstVal *float_op(Arena *a, TokKind op, const ConstVal *x, const ConstVal *y) {
    FloatRange saved = float_range_enter();
    mpfr_t r, tx, ty;
    mpfr_inits2(FLOAT_BITS, r, tx, ty, (mpfr_ptr)NULL);
    mpfr_srcptr fx = const_mpfr(x, tx), fy = const_mpfr(y, ty);
    switch ((int)op) {
    case TK_ADD: mpfr_add(r, fx, fy, MPFR_RNDN); break;
    case TK_SUB: mpfr_sub(r, fx, fy, MPFR_RNDN); break;
    case TK_MUL: mpfr_mul(r, fx, fy, MPFR_RNDN); break;
    case TK_QUO: mpfr_div(r, fx, fy, MPFR_RNDN); break;
    default: fatal("no operation %s on floats", tok_kind_name(op));
    }
    ConstVal *v = const_from_mpfr(a, r);
    mpfr_clears(r, tx, ty, (mpfr_ptr)NULL);
    float_range_leave(saved);
    return v;
}

/* ---- complex numbers ---- */

static ConstVal *real_op(Arena *a, TokKind op, ConstVal *x, ConstVal *y) { return cv_binary(a, op, x, y, false); }

/* (a+bi) / (c+di) = ((ac+bd) + (bc-ad)i) / (cc+dd) */
static ConstVal *complex_quotient(Arena *a, ConstVal *x, ConstVal *y) {
    ConstVal *xr = x->cplx.re, *xi = x->cplx.im, *yr = y->cplx.re, *yi = y->cplx.im;
    ConstVal *norm = real_op(a, TK_ADD, real_op(a, TK_MUL, yr, yr), real_op(a, TK_MUL, yi, yi));
    ConstVal *re = real_op(a, TK_ADD, real_op(a, TK_MUL, xr, yr), real_op(a, TK_MUL, xi, yi));
    ConstVal *im = real_op(a, TK_SUB, real_op(a, TK_MUL, xi, yr), real_op(a, TK_MUL, xr, yi));
    return cv_complex(a, real_op(a, TK_QUO, re, norm), real_op(a, TK_QUO, im, norm));
}

static ConstVal *complex_op(Arena *a, TokKind op, ConstVal *x, ConstVal *y) {
    x = cv_to_complex(a, x);
    y = cv_to_complex(a, y);
    ConstVal *xr = x->cplx.re, *xi = x->cplx.im, *yr = y->cplx.re, *yi = y->cplx.im;
    switch ((int)op) {
    case TK_ADD: case TK_SUB: return cv_complex(a, real_op(a, op, xr, yr), real_op(a, op, xi, yi));
    case TK_MUL:
        return cv_complex(a, real_op(a, TK_SUB, real_op(a, TK_MUL, xr, yr), real_op(a, TK_MUL, xi, yi)),
                          real_op(a, TK_ADD, real_op(a, TK_MUL, xi, yr), real_op(a, TK_MUL, xr, yi)));
    case TK_QUO: return complex_quotient(a, x, y);
    default: fatal("no operation %s on complex numbers", tok_kind_name(op));
    }
}

/* ---- the operators ---- */

/* Doubling a string forty times is a short program; its value is not known. */
static ConstVal *concat(Arena *a, ConstVal *x, ConstVal *y) {
    enum { MAX_STRING = 1 << 30 };
    if (x->str.len == 0) return y;
    if (y->str.len == 0) return x;
    if (x->str.len + y->str.len > MAX_STRING) return cv_unknown(a);
    ConstVal *v = NEW(a, ConstVal);
    v->kind = CV_STRING;
    v->rep = REP_CONCAT;
    v->str.len = x->str.len + y->str.len;
    v->str.left = x;
    v->str.right = y;
    v->str.arena = a;
    return v;
}

ConstVal *cv_binary(Arena *a, TokKind op, ConstVal *x, ConstVal *y, bool int_div) {
    if (x->kind == CV_UNKNOWN) return x;
    if (y->kind == CV_UNKNOWN) return y;
    if (x->kind == CV_BOOL) return cv_bool(a, op == TK_LAND ? x->b && y->b : x->b || y->b);
    if (x->kind == CV_STRING) return concat(a, x, y);
    switch (common_rep(x, y)) {
    case REP_SMALL: case REP_BIG: return int_op(a, op, x, y, int_div);
    case REP_RAT: return rat_op(a, op, x, y);
    case REP_FLT: return float_op(a, op, x, y);
    case REP_COMPLEX: return complex_op(a, op, x, y);
    case REP_PLAIN: case REP_STRING: case REP_CONCAT: break;
    }
    unreachable();
}

static ConstVal *negate(Arena *a, ConstVal *x) {
    return x->rep == REP_COMPLEX ? cv_complex(a, negate(a, x->cplx.re), negate(a, x->cplx.im))
                                 : cv_binary(a, TK_SUB, cv_int(a, 0), x, false);
}

static ConstVal *complement(Arena *a, ConstVal *x, unsigned unsigned_bits) {
    if (x->rep == REP_SMALL && !unsigned_bits) return cv_int(a, ~x->small);
    mpz_t z;
    mpz_init(z);
    mpz_com(z, const_mpz(x, z));
    if (unsigned_bits) mpz_fdiv_r_2exp(z, z, unsigned_bits);
    ConstVal *v = const_from_mpz(a, z);
    mpz_clear(z);
    return v;
}

ConstVal *cv_unary(Arena *a, TokKind op, ConstVal *x, unsigned unsigned_bits) {
    if (x->kind == CV_UNKNOWN) return x;
    switch ((int)op) {
    case TK_ADD: return x;
    case TK_SUB: return negate(a, x);
    case TK_XOR: return complement(a, x, unsigned_bits);
    case TK_NOT: return cv_bool(a, !x->b);
    default: fatal("no unary operation %s", tok_kind_name(op));
    }
}

ConstVal *cv_shift(Arena *a, TokKind op, ConstVal *x, unsigned long count) {
    if (x->kind == CV_UNKNOWN || count == 0) return x;
    if (x->rep == REP_SMALL && op == TK_SHR) return cv_int(a, x->small >> (count > 63 ? 63 : count));
    mpz_t z;
    mpz_init(z);
    mpz_srcptr src = const_mpz(x, z);
    if (op == TK_SHL) mpz_mul_2exp(z, src, count);
    else mpz_fdiv_q_2exp(z, src, count);
    ConstVal *v = const_from_mpz(a, z);
    mpz_clear(z);
    return v;
}

/* ---- comparison ---- */

static int compare_mpz(const ConstVal *x, const ConstVal *y) {
    mpz_t tx, ty;
    mpz_inits(tx, ty, NULL);
    int r = mpz_cmp(const_mpz(x, tx), const_mpz(y, ty));
    mpz_clears(tx, ty, NULL);
    return r;
}

static int compare_mpq(const ConstVal *x, const ConstVal *y) {
    mpq_t tx, ty;
    mpq_inits(tx, ty, NULL);
    int r = mpq_cmp(const_mpq(x, tx), const_mpq(y, ty));
    mpq_clears(tx, ty, NULL);
    return r;
}

static int compare_mpfr(const ConstVal *x, const ConstVal *y) {
    FloatRange saved = float_range_enter();
    mpfr_t tx, ty;
    mpfr_inits2(FLOAT_BITS, tx, ty, (mpfr_ptr)NULL);
    int r = mpfr_cmp(const_mpfr(x, tx), const_mpfr(y, ty));
    mpfr_clears(tx, ty, (mpfr_ptr)NULL);
    float_range_leave(saved);
    return r;
}

/* -1, 0 or 1; neither is complex. */
static int compare_reals(const ConstVal *x, const ConstVal *y) {
    switch (common_rep(x, y)) {
    case REP_SMALL: return (x->small > y->small) - (x->small < y->small);
    case REP_BIG: return compare_mpz(x, y);
    case REP_RAT: return compare_mpq(x, y);
    case REP_FLT: return compare_mpfr(x, y);
    case REP_COMPLEX: case REP_PLAIN: case REP_STRING: case REP_CONCAT: break;
    }
    unreachable();
}

static int compare_strings(const ConstVal *x, const ConstVal *y) {
    size_t n, m;
    const char *s = cv_string_value(x, &n), *t = cv_string_value(y, &m);
    int r = memcmp(s, t, n < m ? n : m);
    return r ? r : (n > m) - (n < m);
}

static bool holds(TokKind op, int order) {
    switch ((int)op) {
    case TK_EQL: return order == 0;
    case TK_NEQ: return order != 0;
    case TK_LSS: return order < 0;
    case TK_LEQ: return order <= 0;
    case TK_GTR: return order > 0;
    case TK_GEQ: return order >= 0;
    default: fatal("no comparison %s", tok_kind_name(op));
    }
}

static const ConstVal *imag_part(const ConstVal *v) { return v->rep == REP_COMPLEX ? v->cplx.im : NULL; }
static const ConstVal *real_part(const ConstVal *v) { return v->rep == REP_COMPLEX ? v->cplx.re : v; }

static bool imag_equal(const ConstVal *x, const ConstVal *y) {
    const ConstVal *xi = imag_part(x), *yi = imag_part(y);
    if (xi && yi) return compare_reals(xi, yi) == 0;
    return cv_sign(xi ? xi : yi) == 0;
}

bool cv_compare(TokKind op, ConstVal *x, ConstVal *y) {
    if (x->kind == CV_UNKNOWN || y->kind == CV_UNKNOWN) return false;
    if (x->kind == CV_BOOL) return holds(op, x->b != y->b);
    if (x->kind == CV_STRING) return holds(op, compare_strings(x, y));
    if (x->rep == REP_COMPLEX || y->rep == REP_COMPLEX) {
        bool equal = compare_reals(real_part(x), real_part(y)) == 0 && imag_equal(x, y);
        return holds(op, !equal);
    }
    return holds(op, compare_reals(x, y));
}

bool cv_equal(const ConstVal *x, const ConstVal *y) {
    return x->kind == y->kind && cv_compare(TK_EQL, (ConstVal *)x, (ConstVal *)y);
}

uint64_t cv_hash(const ConstVal *v) {
    switch ((ConstRep)v->rep) {
    case REP_PLAIN: return v->kind == CV_BOOL && v->b;
    case REP_STRING: case REP_CONCAT: {
        size_t n;
        const char *s = cv_string_value(v, &n);
        return hash_bytes(s, n, CV_STRING);
    }
    case REP_SMALL: return hash_bytes(&v->small, sizeof v->small, CV_INT);
    case REP_BIG: return hash_bytes(mpz_limbs_read(v->big), mpz_size(v->big) * sizeof(mp_limb_t), CV_INT);
    case REP_RAT: case REP_FLT: { /* the same value may come in both */
        double d = cv_double(v);
        return hash_bytes(&d, sizeof d, CV_FLOAT);
    }
    case REP_COMPLEX: {
        double parts[2] = {cv_double(v->cplx.re), cv_double(v->cplx.im)};
        return hash_bytes(parts, sizeof parts, CV_COMPLEX);
    }
    }
    unreachable();
}
