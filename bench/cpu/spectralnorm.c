/* The same algorithm as spectralnorm.go. */
#include <stdio.h>
enum { N = 1500 };
static double a(long i, long j) { return 1 / (double)((i + j) * (i + j + 1) / 2 + i + 1); }
static void mul_av(const double *v, double *out, long n) {
    for (long i = 0; i < n; i++) {
        double s = 0;
        for (long j = 0; j < n; j++) s += a(i, j) * v[j];
        out[i] = s;
    }
}
static void mul_atv(const double *v, double *out, long n) {
    for (long i = 0; i < n; i++) {
        double s = 0;
        for (long j = 0; j < n; j++) s += a(j, i) * v[j];
        out[i] = s;
    }
}
static double u[N], v[N], t[N];
int main(void) {
    for (int i = 0; i < N; i++) u[i] = 1;
    for (int i = 0; i < 10; i++) { mul_av(u, t, N); mul_atv(t, v, N); mul_av(v, t, N); mul_atv(t, u, N); }
    double vbv = 0, vv = 0;
    for (int i = 0; i < N; i++) { vbv += u[i] * v[i]; vv += v[i] * v[i]; }
    fprintf(stderr, "%e\n", vbv / vv);
}
