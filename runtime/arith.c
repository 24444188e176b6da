/* arith.c: arithmetic that is no instruction: complex division, floating-point remainder. */
#include "runtime/rt.h"
#include <math.h>

/* ---- complex division ---- */

/* 1 for an infinity and 0 for anything else, with the sign of v. */
static double inf_to_one(double v) { return copysign(isinf(v) ? 1.0 : 0.0, v); }

/* Both parts came out as NaN: infinities and zeros where C's annex G has them. */
static _Complex double special_quotient(double a, double b, double c, double d) {
    if (c == 0 && d == 0 && (!isnan(a) || !isnan(b)))
        return __builtin_complex(copysign(INFINITY, c) * a, copysign(INFINITY, c) * b);
    if ((isinf(a) || isinf(b)) && isfinite(c) && isfinite(d)) {
        a = inf_to_one(a);
        b = inf_to_one(b);
        return __builtin_complex(INFINITY * (a * c + b * d), INFINITY * (b * c - a * d));
    }
    if ((isinf(c) || isinf(d)) && isfinite(a) && isfinite(b)) {
        c = inf_to_one(c);
        d = inf_to_one(d);
        return __builtin_complex(0 * (a * c + b * d), 0 * (b * c - a * d));
    }
    return __builtin_complex((double)NAN, (double)NAN);
}

/* Smith's method: dividing by the larger part first keeps intermediate results in range. */
_Complex double rt_complex_div(double a, double b, double c, double d) {
    double re, im;
    if (fabs(c) >= fabs(d)) {
        double ratio = d / c, denom = c + ratio * d;
        re = (a + b * ratio) / denom;
        im = (b - a * ratio) / denom;
    } else {
        double ratio = c / d, denom = d + ratio * c;
        re = (a * ratio + b) / denom;
        im = (b * ratio - a) / denom;
    }
    return isnan(re) && isnan(im) ? special_quotient(a, b, c, d) : __builtin_complex(re, im);
}

/* ---- remainder ---- */

enum { EXP_BITS = 11, FRAC_BITS = 52, EXP_MASK = (1 << EXP_BITS) - 1 };

/* v = *frac * 2^result for finite v > 0, with bit FRAC_BITS of frac set. */
static int split(double v, uint64_t *frac) {
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    int exp = (int)(bits >> FRAC_BITS) & EXP_MASK;
    *frac = bits & (((uint64_t)1 << FRAC_BITS) - 1);
    if (exp) {
        *frac |= (uint64_t)1 << FRAC_BITS;
        return exp;
    }
    int shift = __builtin_clzll(*frac) - (63 - FRAC_BITS); /* denormal */
    *frac <<= shift;
    return 1 - shift;
}

/* The remainder of x / y with the sign of x; exact. */
double rt_fmod(double x, double y) {
    if (y == 0 || isinf(x) || isnan(x) || isnan(y)) return NAN;
    double ax = fabs(x), ay = fabs(y);
    if (ax < ay) return x;
    uint64_t fx, fy;
    int ex = split(ax, &fx), ey = split(ay, &fy);
    for (;; ex--, fx <<= 1) { /* long division, one bit a step */
        if (fx >= fy) fx -= fy;
        if (ex == ey || fx == 0) break;
    }
    return copysign(ldexp((double)fx, ey - (1023 + FRAC_BITS)), x);
}
