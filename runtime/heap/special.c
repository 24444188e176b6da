/* special.c: finalizers and weak pointers.
 *
 * Records hang in a hash table by the address of their object. What a finalizer and its object refer to is marked
 * as if it were a root, the object itself is not: so of a chain of objects with finalizers the first is finalized
 * first, and a ring of them never. After marking, an object that is not marked is unreachable: weak pointers to it are
 * cleared, then, if it has a finalizer, it is marked after all and the call is queued (Go: package runtime).
 *
 * A weak pointer is a word in the heap, the handle, that holds the object's address where no scan looks for one; all
 * weak pointers to an object share it. It is kept as long as the object lives. */
#include "runtime/heap/special.h"
#include "runtime/heap/finalize.h"

typedef enum SpecialKind { SP_FINALIZER, SP_WEAK } SpecialKind;

typedef struct Special {
    struct Special *next;     /* in its bucket, or the list of unused ones */
    uintptr_t object;
    SpecialKind kind;
    RtFinalizer finalizer;
    uintptr_t *handle;
} Special;

enum { FIRST_BUCKETS = 256 };

/* Owner: the process; the lock protects it, except from the collector, which has stopped the world. */
static struct {
    RtSpin lock;
    Special **bucket;
    uint64_t mask, count;
    Special *unused;
} table;

/* ---- the table; lock held ---- */

static Special **bucket_of(uintptr_t object) { return &table.bucket[(object >> 3) * 0x9e3779b97f4a7c15 >> 32 & table.mask]; }

static Special *find(uintptr_t object, SpecialKind kind) {
    if (!table.bucket) return NULL;
    Special *s = *bucket_of(object);
    while (s && (s->object != object || s->kind != kind)) s = s->next;
    return s;
}

static void grow(void) {
    Special **old = table.bucket;
    uint64_t n = old ? table.mask + 1 : 0;
    table.mask = old ? n * 2 - 1 : FIRST_BUCKETS - 1;
    table.bucket = rt_persistent((table.mask + 1) * sizeof *table.bucket);
    for (uint64_t i = 0; i < n; i++)
        for (Special *s = old[i], *next; s; s = next) {
            next = s->next;
            s->next = *bucket_of(s->object);
            *bucket_of(s->object) = s;
        }
}

static Special *add(uintptr_t object, SpecialKind kind) {
    if (!table.bucket || table.count > table.mask) grow();
    Special *s = table.unused;
    if (s) table.unused = s->next;
    else s = rt_persistent(sizeof *s);
    *s = (Special){.next = *bucket_of(object), .object = object, .kind = kind};
    *bucket_of(object) = s;
    table.count++;
    return s;
}

/* Takes *at out of its bucket. */
static void drop(Special **at) {
    Special *s = *at;
    *at = s->next;
    s->next = table.unused;
    table.unused = s;
    table.count--;
}

/* ---- finalizers ---- */

bool rt_finalizer_add(const RtFinalizer *f) {
    rt_spin_lock(&table.lock);
    bool fresh = !find((uintptr_t)f->object, SP_FINALIZER);
    if (fresh) add((uintptr_t)f->object, SP_FINALIZER)->finalizer = *f;
    rt_spin_unlock(&table.lock);
    return fresh;
}

void rt_finalizer_remove(const void *object) {
    rt_spin_lock(&table.lock);
    Special *s = find((uintptr_t)object, SP_FINALIZER);
    if (s) {
        Special **at = bucket_of(s->object);
        while (*at != s) at = &(*at)->next;
        drop(at);
    }
    rt_spin_unlock(&table.lock);
}

/* ---- weak pointers ---- */

void *rt_weak_handle(void *p) {
    RtObject o;
    if (!rt_heap_find(p, &o)) { /* a variable: never freed, so the handle is never cleared */
        uintptr_t *handle = rt_alloc_noscan(sizeof *handle);
        *handle = (uintptr_t)p;
        return handle;
    }
    uintptr_t *fresh = rt_alloc_noscan(sizeof *fresh);
    *fresh = (uintptr_t)p;
    rt_spin_lock(&table.lock);
    Special *s = find((uintptr_t)p, SP_WEAK);
    if (!s) {
        s = add((uintptr_t)p, SP_WEAK);
        s->handle = fresh;
    }
    void *handle = s->handle;
    rt_spin_unlock(&table.lock);
    return handle;
}

void *rt_weak_get(void *handle) { return handle ? *(void *volatile *)handle : NULL; }

/* ---- the collector's side ---- */

void rt_specials_mark(RtMarker *w) {
    for (uint64_t i = 0; table.bucket && i <= table.mask; i++)
        for (Special *s = table.bucket[i]; s; s = s->next) {
            if (s->kind == SP_WEAK) {
                rt_mark_word(w, (uintptr_t)s->handle);
                continue;
            }
            RtSpan *span = span_of(s->object);
            rt_mark_word(w, (uintptr_t)s->finalizer.fn);
            rt_mark_word(w, (uintptr_t)s->finalizer.caps);
            rt_mark_contents(w, span, slot_of(span, s->object));
        }
    rt_finalizers_mark(w);
}

/* Whether the object that p points at, or into, has been reached. */
static bool is_reached(uintptr_t p) {
    RtSpan *s = span_of(p);
    return is_marked(s, slot_of(s, p));
}

static void reach(uintptr_t p) {
    RtSpan *s = span_of(p);
    uint32_t slot = slot_of(s, p);
    s->marks[slot / WORD_BITS] |= (uint64_t)1 << (slot % WORD_BITS);
}

void rt_specials_sweep(void) {
    for (SpecialKind kind = SP_WEAK;; kind = SP_FINALIZER) { /* first the weak ones: finalizing marks objects again */
        for (uint64_t i = 0; table.bucket && i <= table.mask; i++)
            for (Special **at = &table.bucket[i], *s; (s = *at);) {
                if (s->kind != kind || is_reached(s->object)) {
                    at = &s->next;
                    continue;
                }
                if (kind == SP_WEAK) {
                    *s->handle = 0;
                } else {
                    reach(s->object);
                    rt_finalizer_queue(&s->finalizer);
                }
                drop(at);
            }
        if (kind == SP_FINALIZER) return;
    }
}
