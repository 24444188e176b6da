/* vec.c: the growth step of VEC(T). The old storage stays behind in the arena; doubling bounds the waste by the
 * final size. */
#include "base/base.h"

#include <limits.h>
#include <string.h>

void vec_grow(Arena *a, void *vec, size_t elem_size) {
    typedef VEC(char) AnyVec;
    AnyVec *v = vec;
    if (v->cap > INT_MAX / 2) fatal("array of more than %d elements", v->cap);
    int cap = v->cap ? v->cap * 2 : 4;
    char *at = arena_alloc(a, (size_t)cap * elem_size);
    if (v->len) memcpy(at, v->at, (size_t)v->len * elem_size);
    v->at = at;
    v->cap = cap;
}
