/* fatal.c: how the compiler dies of its own bugs. Mistakes of the user never come here; they are diagnostics. */
#include "base/base.h"

#include <stdlib.h>

void fatal_at(const char *file, int line, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    fflush(stdout);
    fprintf(stderr, "goo: internal error at %s:%d: ", file, line);
    vfprintf(stderr, fmt, ap);
    fprintf(stderr, "\nThis is a bug of the compiler; please report it with the source that triggers it.\n");
    va_end(ap);
    exit(EXIT_INTERNAL);
}

void out_of_memory(size_t size) {
    fflush(stdout);
    fprintf(stderr, "goo: out of memory: cannot allocate %zu bytes\n", size);
    exit(EXIT_ERRORS);
}
