/* The same algorithm as fannkuch.go. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
enum { N = 10 };
static void fannkuch(long *sum_out, long *max_out) {
    long perm[N], perm1[N], count[N], sum = 0, max = 0, r = N;
    bool even = true;
    for (long i = 0; i < N; i++) perm1[i] = i;
    for (;;) {
        for (; r != 1; r--) count[r - 1] = r;
        memcpy(perm, perm1, sizeof perm);
        long flips = 0;
        for (long k = perm[0]; k != 0; k = perm[0]) {
            for (long i = 0, j = k; i < j; i++, j--) { long t = perm[i]; perm[i] = perm[j]; perm[j] = t; }
            flips++;
        }
        if (flips > max) max = flips;
        sum += even ? flips : -flips;
        for (;;) {
            if (r == N) { *sum_out = sum; *max_out = max; return; }
            long first = perm1[0];
            for (long i = 0; i < r; i++) perm1[i] = perm1[i + 1];
            perm1[r] = first;
            if (--count[r] > 0) break;
            r++;
        }
        even = !even;
    }
}
int main(void) {
    for (int i = 0; i < 4; i++) {
        long s, m;
        fannkuch(&s, &m);
        fprintf(stderr, "%ld %ld\n", s, m);
    }
}
