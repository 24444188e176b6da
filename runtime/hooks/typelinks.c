/* typelinks.c: the list of the program's unnamed types, in which reflect looks for the type that it is about to make:
 * []int made by reflect.SliceOf must be the []int of the program.
 *
 * The compiler puts the address of each such descriptor into the section goo_types. reflect searches by string, so the
 * list is sorted at first use. */
#include "runtime/hooks/hooks.h"

extern const int32_t __start_goo_types[] __attribute__((weak));
extern const int32_t __stop_goo_types[] __attribute__((weak));

static const GoType *type_at(int32_t off) { return rt_resolve_off(off); }

static bool before(int32_t a, int32_t b) {
    return rt_string_compare(rt_type_text(type_at(a)), rt_type_text(type_at(b))) < 0;
}

static void sift_down(int32_t *a, int64_t root, int64_t n) {
    int32_t v = a[root];
    for (int64_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && before(a[child], a[child + 1])) child++;
        if (!before(v, a[child])) break;
        a[root] = a[child];
    }
    a[root] = v;
}

static void heap_sort(int32_t *a, int64_t n) {
    for (int64_t i = n / 2 - 1; i >= 0; i--) sift_down(a, i, n);
    for (int64_t i = n - 1; i > 0; i--) {
        int32_t v = a[0];
        a[0] = a[i];
        a[i] = v;
        sift_down(a, 0, i);
    }
}

/* One section, at address 0, since offsets are addresses; one list of offsets in it. */
typedef struct TypeLinks {
    void *sections[1];
    GoSlice offsets[1];
} TypeLinks;
static TypeLinks *sorted_list; /* two threads may both make it: either will do */

static TypeLinks *make_list(void) {
    int64_t n = __stop_goo_types - __start_goo_types;
    TypeLinks *t = rt_persistent(sizeof *t + (size_t)n * sizeof(int32_t));
    int32_t *list = (int32_t *)(t + 1);
    rt_copy(list, __start_goo_types, (size_t)n * sizeof *list);
    heap_sort(list, n);
    t->offsets[0] = (GoSlice){list, n, n};
    return t;
}

typedef struct TwoSlices { GoSlice sections, offsets; } TwoSlices;
HOOK("reflect.typelinks", TwoSlices, reflect_typelinks, (void)) {
    TypeLinks *t = __atomic_load_n(&sorted_list, __ATOMIC_ACQUIRE);
    if (!t) __atomic_store_n(&sorted_list, t = make_list(), __ATOMIC_RELEASE);
    return (TwoSlices){{t->sections, 1, 1}, {t->offsets, 1, 1}};
}
