/* verify.c: checks of the whole heap, and poison, for finding bugs: of the runtime's and of the compiler's. */
#include "runtime/heap/gc.h"

static _Noreturn void corrupt(GoString text, uintptr_t at, uintptr_t value) {
    rt_print_lock();
    rt_print_cstr("runtime: heap at ");
    rt_print_hex(at);
    rt_print_cstr(": ");
    rt_print_hex(value);
    rt_print_nl();
    rt_print_unlock();
    rt_fatal(text);
}

/* ---- marks ---- */

static void check_word(uintptr_t at) {
    uintptr_t p = *(const uintptr_t *)at;
    RtSpan *s = is_heap_address(p) ? span_of(p) : NULL;
    if (!s) return;
    uint32_t slot = slot_of(s, p);
    if (slot < s->count && !is_marked(s, slot)) corrupt(RT_STR("runtime: marked object refers to unmarked object"), at, p);
}

static void check_typed(uintptr_t lo, uintptr_t hi, const GoType *t) {
    bool words = !t || !t->gcdata || (t->kind & GK_GC_PROG);
    uintptr_t size = words ? sizeof(void *) : t->size, used = words ? sizeof(void *) : t->ptr_bytes;
    for (; lo + size <= hi; lo += size)
        for (uintptr_t i = 0; i < used / sizeof(void *); i++)
            if (words || (t->gcdata[i / 8] >> (i % 8) & 1)) check_word(lo + i * sizeof(void *));
}

static void check_object(const RtSpan *s, uint32_t slot) {
    uintptr_t p = s->base + (uintptr_t)slot * s->size;
    switch ((Scan)s->scan) {
    case SCAN_NONE: return;
    case SCAN_MASK:
        for (uint64_t m = s->mask; m; m &= m - 1) check_word(p + (uintptr_t)__builtin_ctzll(m) * sizeof(void *));
        return;
    case SCAN_TYPED: {
        uintptr_t end = p + s->size - TYPE_WORD;
        if (s->state != SPAN_SLOTS) check_typed(p, end_of_large(s), s->type);
        else check_typed(p, end, *(const GoType *const *)end);
        return;
    }
    }
}

static void check_span_marks(RtSpan *s, void *unused) {
    (void)unused;
    for (uint32_t i = 0; i < s->count; i++)
        if (is_marked(s, i)) check_object(s, i);
}

void rt_heap_verify_marks(void) { rt_pages_each(check_span_marks, NULL); }

/* ---- pages ---- */

static void check_table(RtSpan *s, void *unused) {
    (void)unused;
    for (uint64_t i = 0; i < s->pages; i++)
        if (span_of(s->base + i * PAGE_BYTES) != s) corrupt(RT_STR("runtime: page table is wrong"), s->base, i);
    if (s->state == SPAN_SLOTS && (uint64_t)s->count * s->size > s->pages * PAGE_BYTES)
        corrupt(RT_STR("runtime: span has too many slots"), s->base, s->count);
}

static void check_list(RtKind *k, void *unused) {
    (void)unused;
    for (const RtSpan *s = k->first; s; s = s->next)
        if (s->kind != k || s->live >= s->count) corrupt(RT_STR("runtime: span in a wrong list"), s->base, s->live);
}

void rt_heap_verify_pages(void) {
    rt_pages_each(check_table, NULL);
    rt_kinds_each(check_list, NULL);
}

/* ---- poison ---- */

enum { POISON = 0xdb };

void rt_heap_poison(RtSpan *s) {
    if (s->state == SPAN_LARGE) {
        memset((void *)s->base, POISON, s->bytes);
        return;
    }
    size_t word = s->scan == SCAN_TYPED ? TYPE_WORD : 0; /* a stale reference may still ask for the type */
    for (uint32_t i = 0; i < s->count; i++)
        if (!is_marked(s, i)) memset((void *)(s->base + (uintptr_t)i * s->size), POISON, s->size - word);
}
