/* The same algorithm as mandelbrot.go. */
#include <stdio.h>
enum { SIZE = 1600, LIMIT = 100 };
static long row(long y) {
    double ci = 2 * (double)y / SIZE - 1;
    long inside = 0;
    for (long x = 0; x < SIZE; x++) {
        double cr = 2 * (double)x / SIZE - 1.5, zr = 0, zi = 0;
        long i = 0;
        for (; i < LIMIT && zr * zr + zi * zi <= 4; i++) {
            double t = zr * zr - zi * zi + cr;
            zi = 2 * zr * zi + ci;
            zr = t;
        }
        inside += i == LIMIT;
    }
    return inside;
}
int main(void) {
    long total = 0;
    for (long y = 0; y < SIZE; y++) total += row(y);
    fprintf(stderr, "%ld\n", total);
}
