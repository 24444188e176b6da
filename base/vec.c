/* vec.c: how VEC(T) gets room. The old storage stays behind in the arena; doubling bounds the waste by the final size. */
#include "base/base.h"

#include <limits.h>
#include <string.h>

typedef VEC(char) AnyVec;

static void resize(Arena *a, AnyVec *v, size_t elem_size, int cap) {
    char *at = arena_alloc(a, (size_t)cap * elem_size);
    if (v->len) memcpy(at, v->at, (size_t)v->len * elem_size);
    v->at = at;
    v->cap = cap;
}

void vec_grow(Arena *a, void *vec, size_t elem_size) {
    AnyVec *v = vec;
    if (v->cap > INT_MAX / 2) fatal("array of more than %d elements", v->cap);
    resize(a, v, elem_size, v->cap ? v->cap * 2 : 4);
}

void vec_grow_to(Arena *a, void *vec, size_t elem_size, int64_t cap) {
    AnyVec *v = vec;
    if (cap > INT_MAX) fatal("array of more than %d elements", INT_MAX);
    if (cap > v->cap) resize(a, v, elem_size, (int)cap);
}
