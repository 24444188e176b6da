/* functab.c: the function table: from a code address to function, file and line.
 *
 * Compiled objects contribute RtFunc records to the section goo_funcs, in the order the linker met them. The first
 * look-up builds an index sorted by address; start-up pays nothing. Weak functions may have a record in several
 * objects: equal records, any of which will do. */
#include "runtime/rt.h"

extern const RtFunc __start_goo_funcs[] __attribute__((weak));
extern const RtFunc __stop_goo_funcs[] __attribute__((weak));

/* Owner: the process. Two threads may both build an index; one of the two is kept. */
typedef struct FuncIndex { int64_t n; const RtFunc *at[]; } FuncIndex;
static FuncIndex *func_index;

static void sift_down(const RtFunc **a, int64_t root, int64_t n) {
    const RtFunc *f = a[root];
    for (int64_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && a[child]->entry < a[child + 1]->entry) child++;
        if (a[child]->entry <= f->entry) break;
        a[root] = a[child];
    }
    a[root] = f;
}

/* Heap sort: in place, no recursion, usable in a signal handler. */
static void sort(const RtFunc **a, int64_t n) {
    for (int64_t i = n / 2 - 1; i >= 0; i--) sift_down(a, i, n);
    for (int64_t i = n - 1; i > 0; i--) {
        const RtFunc *f = a[0];
        a[0] = a[i];
        a[i] = f;
        sift_down(a, 0, i);
    }
}

static FuncIndex *build_index(void) {
    int64_t n = __stop_goo_funcs - __start_goo_funcs;
    FuncIndex *x = rt_sys_map(sizeof *x + (size_t)n * sizeof x->at[0]);
    if (!x) return NULL;
    bool sorted = true;
    for (int64_t i = 0; i < n; i++) { /* no loop to __stop: an address before it may not exist */
        const RtFunc *f = &__start_goo_funcs[i];
        if (f->entry == f->end) continue; /* discarded by the linker */
        if (x->n && x->at[x->n - 1]->entry > f->entry) sorted = false;
        x->at[x->n++] = f;
    }
    if (!sorted) sort(x->at, x->n);
    return x;
}

static const FuncIndex *index_of_funcs(void) {
    FuncIndex *x = __atomic_load_n(&func_index, __ATOMIC_ACQUIRE);
    if (x || &__start_goo_funcs[0] == &__stop_goo_funcs[0]) return x;
    x = build_index();
    __atomic_store_n(&func_index, x, __ATOMIC_RELEASE);
    return x;
}

const RtFunc *rt_func_find(uintptr_t pc) {
    const FuncIndex *x = index_of_funcs();
    if (!x) return NULL;
    int64_t lo = 0, hi = x->n; /* at[lo-1]->entry <= pc < at[hi]->entry */
    while (lo < hi) {
        int64_t mid = (lo + hi) / 2;
        if (x->at[mid]->entry <= pc) lo = mid + 1;
        else hi = mid;
    }
    return lo > 0 && pc < x->at[lo - 1]->end ? x->at[lo - 1] : NULL;
}

const RtCallSite *rt_func_site(const RtFunc *f, uintptr_t return_pc) {
    const RtCallSite *sites = (const RtCallSite *)(uintptr_t)f->sites;
    uint32_t off = (uint32_t)(return_pc - f->entry), lo = 0, hi = f->nsites;
    while (lo < hi) {
        uint32_t mid = (lo + hi) / 2;
        if (sites[mid].pc_off <= off) lo = mid + 1;
        else hi = mid;
    }
    return lo > 0 ? &sites[lo - 1] : NULL;
}

/* ---- activations ---- */

static const void *at_address(uint32_t address) { return (const void *)(uintptr_t)address; }

/* The activation at a line of what inl and func say. */
static void fill_activation(RtActivation *a, uint32_t inl, uint32_t line) {
    const RtInline *in = at_address(inl), *place = in && !in->name ? in : NULL;
    if (place) in = at_address(place->outer);
    a->name = at_address(in ? in->name : a->func->name);
    a->file = at_address(place ? place->file : in ? in->file : a->func->file);
    a->flags = in ? in->flags : a->func->flags;
    a->line = line;
    a->inlined = in;
}

RtActivation rt_activation(const RtFunc *f, uintptr_t return_pc) {
    RtActivation a = {.func = f};
    const RtCallSite *site = return_pc ? rt_func_site(f, return_pc) : NULL;
    fill_activation(&a, site ? site->inl : 0, site ? site->line : f->line);
    return a;
}

bool rt_activation_up(RtActivation *a) {
    if (!a->inlined) return false;
    fill_activation(a, a->inlined->outer, a->inlined->call_line);
    return true;
}
