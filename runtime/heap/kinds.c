/* kinds.c: kinds of objects, their spans, and the runs of free slots that processors allocate from.
 *
 * A kind owns its spans. Those with free slots stand in its list; a processor that needs a run takes one, uses up its
 * runs, and forgets it: the next collection finds out what is free in it again. Spans of a kind get larger while it
 * has many, so that programs with many types stay small and those with many objects have few spans. */
#include "runtime/heap/span.h"
#include "runtime/heap/settings.h"

enum {
    BUCKETS = 1024,
    MASKED_MAX = RT_KIND_CHUNK * RT_KIND_CHUNKS,
    RUN_BYTES = 4096,         /* a run is cleared when it is taken: no more than the cache keeps */
    GROWN_PAGES = 8,          /* length of spans of kinds that have many */
    SPANS_PER_STEP = 4,
};

/* Owner: the process. Read without locks; entries are published with release stores; lock is for adding. */
static struct {
    RtSpin lock;
    uint32_t n;
    RtKind *bucket[BUCKETS];
    RtKind *masked[MASKED_MAX];   /* by id - RT_FIXED_KINDS */
} kinds;
static RtKind fixed[RT_FIXED_KINDS];

/* ---- finding kinds ---- */

RtKind *rt_kind_fixed(int id) {
    RtKind *k = &fixed[id];
    if (RT_LIKELY(__atomic_load_n(&k->size, __ATOMIC_ACQUIRE) != 0)) return k;
    rt_spin_lock(&kinds.lock);
    if (k->size == 0) {
        k->id = (uint32_t)id;
        k->size_class = (uint8_t)(id % RT_SIZE_CLASSES);
        k->scan = id < RT_SIZE_CLASSES ? SCAN_NONE : SCAN_TYPED;
        __atomic_store_n(&k->size, rt_class_size[k->size_class], __ATOMIC_RELEASE);
    }
    rt_spin_unlock(&kinds.lock);
    return k;
}

uint64_t rt_kind_mask(const GoType *type, int size_class) {
    uint32_t words = rt_class_size[size_class] / sizeof(void *);
    uint64_t all = ~(uint64_t)0 >> (WORD_BITS - words);
    if (!type->gcdata || (type->kind & GK_GC_PROG)) return all;
    uint64_t mask = 0, period = type->size / sizeof(void *), prefix = type->ptr_bytes / sizeof(void *);
    for (uint64_t i = 0, at = 0; i < words; i++, at = at + 1 == period ? 0 : at + 1)
        if (at < prefix && type->gcdata[at / 8] >> (at % 8) & 1) mask |= (uint64_t)1 << i;
    return mask;
}

static RtKind *find(RtKind *k, int size_class, uint64_t mask) {
    while (k && (k->mask != mask || k->size_class != size_class)) k = k->hash_next;
    return k;
}

/* The few ids at the end are kept for layouts of nothing but pointers: what others become when ids run out. */
static RtKind *add_kind(RtKind **bucket, int size_class, uint64_t mask) {
    RtKind *k = rt_persistent(sizeof *k);
    *k = (RtKind){.size = rt_class_size[size_class], .size_class = (uint8_t)size_class, .scan = SCAN_MASK, .mask = mask};
    k->id = RT_FIXED_KINDS + kinds.n;
    k->hash_next = *bucket;
    kinds.masked[kinds.n] = k;
    __atomic_store_n(&kinds.n, kinds.n + 1, __ATOMIC_RELEASE);
    __atomic_store_n(bucket, k, __ATOMIC_RELEASE);
    return k;
}

RtKind *rt_kind_masked(int size_class, uint64_t mask) {
    uint64_t all = ~(uint64_t)0 >> (WORD_BITS - rt_class_size[size_class] / sizeof(void *));
    if (RT_UNLIKELY(__atomic_load_n(&kinds.n, __ATOMIC_RELAXED) >= MASKED_MAX - RT_SIZE_CLASSES)) mask = all;
    uint64_t hash = (mask ^ (uint64_t)size_class << 56) * 0x9e3779b97f4a7c15;
    RtKind **bucket = &kinds.bucket[hash >> 54];
    RtKind *k = find(__atomic_load_n(bucket, __ATOMIC_ACQUIRE), size_class, mask);
    if (k) return k;
    rt_spin_lock(&kinds.lock);
    k = find(*bucket, size_class, mask);
    if (!k) k = add_kind(bucket, size_class, mask);
    rt_spin_unlock(&kinds.lock);
    return k;
}

void rt_kinds_each(void (*fn)(RtKind *k, void *arg), void *arg) {
    for (int i = 0; i < RT_FIXED_KINDS; i++)
        if (fixed[i].size) fn(&fixed[i], arg);
    for (uint32_t i = 0; i < kinds.n; i++) fn(kinds.masked[i], arg);
}

RtBin *rt_kind_bin(RtHeapCache *c, RtKind *k) {
    RtBin *b;
    if (k->id < RT_FIXED_KINDS) {
        b = &c->fixed[k->id];
    } else {
        uint32_t i = k->id - RT_FIXED_KINDS;
        RtBin **chunk = &c->chunks[i / RT_KIND_CHUNK];
        if (!*chunk) *chunk = rt_persistent(RT_KIND_CHUNK * sizeof(RtBin));
        b = &(*chunk)[i % RT_KIND_CHUNK];
    }
    b->kind = k;
    b->size = k->size;
    return b;
}

/* ---- spans ---- */

/* The least pages of which no more than an eighth is lost behind the last slot. */
static uint64_t least_pages(uint32_t size) {
    for (uint64_t n = 1; n < SPAN_MAX / PAGE_BYTES; n++)
        if (n * PAGE_BYTES >= size && (n * PAGE_BYTES % size) * 8 <= n * PAGE_BYTES) return n;
    return SPAN_MAX / PAGE_BYTES;
}

/* Stack words may refer to slots that were never handed out: what other use of the pages left there is no type. */
static void clear_type_words(const RtSpan *s) {
    for (uint64_t i = 1; i <= s->count; i++) *(const GoType **)(s->base + i * s->size - TYPE_WORD) = NULL;
}

static RtSpan *new_span(RtKind *k) {
    uint64_t least = least_pages(k->size), times = __atomic_load_n(&k->spans, __ATOMIC_RELAXED) / SPANS_PER_STEP + 1;
    if (times > GROWN_PAGES / least) times = GROWN_PAGES / least;
    uint64_t n = least * (times ? times : 1);
    uint32_t count = (uint32_t)(n * PAGE_BYTES / k->size);
    RtSpan *s = rt_pages_alloc(n, count);
    if (!s) return NULL;
    s->mask = k->mask;
    s->size = k->size;
    s->reciprocal = count == 1 ? 0 : (uint32_t)((((uint64_t)1 << 32) + k->size - 1) / k->size);
    s->scan = k->scan;
    s->kind = k;
    s->dirty = rt_pages_take_used(s);
    s->count = count;
    if (s->dirty && s->scan == SCAN_TYPED) clear_type_words(s);
    set_state(s, SPAN_SLOTS);
    __atomic_fetch_add(&k->spans, 1, __ATOMIC_RELAXED);
    return s;
}

static RtSpan *listed_span(RtKind *k) {
    if (!__atomic_load_n(&k->first, __ATOMIC_RELAXED)) return NULL;
    rt_spin_lock(&k->lock);
    RtSpan *s = k->first;
    if (s) __atomic_store_n(&k->first, s->next, __ATOMIC_RELAXED);
    rt_spin_unlock(&k->lock);
    return s;
}

/* ---- runs ---- */

/* The first slot from i on whose mark is `marked`; at least limit when there is none before. */
static uint32_t find_slot(const RtSpan *s, uint32_t i, uint32_t limit, bool marked) {
    while (i < limit) {
        uint64_t word = s->marks[i / WORD_BITS];
        word = (marked ? word : ~word) >> (i % WORD_BITS);
        if (word) return i + (uint32_t)__builtin_ctzll(word);
        i = (i | (WORD_BITS - 1)) + 1;
    }
    return limit;
}

/* Gives b the next run of its span. */
static bool next_run(RtHeapCache *c, RtBin *b) {
    RtSpan *s = b->span;
    uint32_t from = find_slot(s, s->cursor, s->count, false);
    s->cursor = from;
    if (from >= s->count) return false;
    uint32_t most = rt_gc_settings.stress ? 1 : (RUN_BYTES + s->size - 1) / s->size;
    uint32_t limit = s->count - from < most ? s->count : from + most;
    uint32_t to = find_slot(s, from, limit, true);
    if (to > limit) to = limit;
    s->cursor = to;
    size_t bytes = (size_t)(to - from) * s->size;
    b->next = b->start = (uint8_t *)s->base + (size_t)from * s->size;
    b->end = b->next + bytes;
    c->handed_out += bytes;
    if (s->dirty && s->size <= RT_SMALL_MAX) memset(b->next, 0, bytes);
    return true;
}

/* Counts what was allocated from b's run. */
static void report(RtBin *b) {
    if (b->next == b->start) return;
    __atomic_fetch_add(&b->kind->allocated, (uint64_t)(b->next - b->start) / b->size, __ATOMIC_RELAXED);
    b->start = b->next;
}

bool rt_kind_refill(RtHeapCache *c, RtBin *b) {
    report(b);
    while (!b->span || !next_run(c, b)) {
        RtSpan *s = listed_span(b->kind);
        b->span = s ? s : new_span(b->kind);
        if (!b->span) return false;
    }
    return true;
}

static void forget(RtBin *b) {
    report(b);
    b->next = b->end = b->start = NULL;
    b->span = NULL;
}

static void each_bin(RtHeapCache *c, void (*fn)(RtBin *b)) {
    for (int i = 0; i < RT_FIXED_KINDS; i++) fn(&c->fixed[i]);
    for (int i = 0; i < RT_KIND_CHUNKS; i++)
        for (int j = 0; c->chunks[i] && j < RT_KIND_CHUNK; j++) fn(&c->chunks[i][j]);
}

void rt_kind_flush(RtHeapCache *c) {
    each_bin(c, forget);
    memset(c->slots, 0, sizeof c->slots); /* types made at run time may be freed */
}

void rt_kind_report(RtHeapCache *c) { each_bin(c, report); }
