/* The same algorithm as matmul.go. */
#include <stdio.h>
enum { N = 600 };
static double a[N][N], b[N][N], bt[N][N], c[N][N];
static void fill(double m[N][N], double seed) {
    for (long i = 0; i < N; i++)
        for (long j = 0; j < N; j++) m[i][j] = seed * (double)((i - j) * (i + j)) / N / N;
}
static double dot(const double *x, const double *y, long n) {
    double s = 0;
    for (long i = 0; i < n; i++) s += x[i] * y[i];
    return s;
}
static void multiply(void) {
    for (long i = 0; i < N; i++)
        for (long j = 0; j < N; j++) bt[j][i] = b[i][j];
    for (long i = 0; i < N; i++)
        for (long j = 0; j < N; j++) c[i][j] = dot(a[i], bt[j], N);
}
int main(void) {
    fill(a, 1);
    fill(b, 2);
    for (int i = 0; i < 4; i++) { multiply(); a[i][i] += c[N / 2][N / 2]; }
    fprintf(stderr, "%e %e\n", c[N / 2][N / 2], c[0][N - 1]);
}
