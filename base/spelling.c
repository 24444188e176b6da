/* spelling.c: which names a misspelt one may stand for: by Levenshtein's distance, the number of bytes to insert, drop or
 * change. */
#include "base/base.h"
#include <string.h>

enum { MAX_NAME = 32 };

int name_distance(const char *x, const char *y) {
    size_t nx = strlen(x), ny = strlen(y);
    int row[MAX_NAME + 1];
    if (nx > MAX_NAME || ny > MAX_NAME) return MAX_NAME;
    for (size_t j = 0; j <= ny; j++) row[j] = (int)j;
    for (size_t i = 1; i <= nx; i++) {
        int corner = row[0];
        row[0] = (int)i;
        for (size_t j = 1; j <= ny; j++) {
            int best = corner + (x[i - 1] != y[j - 1]);
            corner = row[j];
            if (row[j] + 1 < best) best = row[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[ny];
}

int name_tolerance(const char *name) { return (int)strlen(name) / 3 + 1; }
