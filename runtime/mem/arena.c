/* arena.c: arenas: allocation by moving a pointer, release of everything at once.
 *
 * An arena has two lanes: objects without pointers and those with lie in chunks apart, so that the collector looks
 * at the latter only. Chunks double in size up to CHUNK_MAX; what does not fit well into one gets a chunk of
 * its own. The bump pointers of the owner need no lock. Another goroutine that allocates from the arena uses a second
 * pair of lanes, under the lock.
 *
 * Mark closes the chunks in use: what is allocated afterwards lies in others, which Rewind releases like the whole
 * arena, with the same guarantee; then the old chunks go on where they were. */
#include "runtime/mem/arena.h"
#include "runtime/mem/budget.h"

_Static_assert(offsetof(RtArena, lane) == 0 && sizeof(RtLane) == RT_ARENA_LANE && offsetof(RtArena, owner) == RT_ARENA_OWNER,
               "what compiled code knows");
_Static_assert(sizeof(RtArena) == 25 * sizeof(void *), "record in std/goo/mem/arena.go");

enum {
    CHUNK_MIN = (8 << 10) - RT_CHUNK_TAIL, /* whole pages with the tail */
    CHUNK_MAX = 128 * CHUNK_MIN,
    SHARE = 4,               /* an object larger than that part of the next chunk gets one of its own */
};

/* ---- records ---- */

void rt_arena_init(RtArena *a, int64_t first, uint64_t limit, uint8_t flags) {
    a->owner = rt_g;
    a->budget = rt_goroutine() ? rt_goroutine()->budget : NULL;
    a->first = first > 0 ? (uint64_t)first : CHUNK_MIN;
    a->step[LANE_PLAIN] = a->step[LANE_WORDS] = a->first;
    a->limit = limit;
    a->flags = flags;
}

RtArena *rt_arena_make(int64_t first, uint64_t limit, uint8_t flags) {
    RtArena *a = rt_heap_alloc_words(sizeof *a);
    rt_arena_init(a, first, limit, flags);
    return a;
}

/* ---- chunks ---- */

static RtLane *lanes_of(RtArena *a, int who) { return who ? a->shared : a->lane; }

/* The lane's chunk is allocated from no longer. */
static void close_lane(RtArena *a, int who, int lane) {
    RtSpan *s = a->current[who][lane];
    RtLane *l = &lanes_of(a, who)[lane];
    if (!s) return;
    a->allocated += (uint64_t)(l->next - rt_chunk_base(s));
    rt_chunk_close(s, l->next);
    a->current[who][lane] = NULL;
    *l = (RtLane){0};
}

static void close_lanes(RtArena *a) {
    for (int who = 0; who < 2; who++)
        for (int lane = 0; lane < LANES; lane++) close_lane(a, who, lane);
}

/* The lane goes on where it was when m was made. */
static void reopen(RtArena *a, int who, int lane, const RtMark *m) {
    RtLane *l = &lanes_of(a, who)[lane];
    *l = m->lane[who][lane];
    a->current[who][lane] = m->current[who][lane];
    if (!l->next) return;
    a->allocated -= (uint64_t)(l->next - rt_chunk_base(a->current[who][lane]));
    rt_chunk_reopen(a->current[who][lane], &l->next);
}

static void check_limit(RtArena *a, size_t want) {
    if (a->limit && (a->held >= a->limit || want > a->limit - a->held)) rt_panic_limit(a->limit, a->held, want);
}

static RtSpan *new_chunk(RtArena *a, size_t size, bool words) {
    if (a->budget) rt_budget_charge_slow(a->budget, size);
    RtSpan *s = rt_chunk_new(size, words, a->flags & RA_BLOCK);
    if (a->flags & RA_SECRET) rt_chunk_secure(s);
    if (a->budget) rt_budget_credit(a->budget, size - rt_chunk_bytes(s)); /* wraps: it is larger than size */
    return s;
}

static void hold(RtArena *a, RtSpan *s, uint8_t *const *top) {
    rt_chunk_attach(s, a, &a->chunks, ++a->serial, top);
    a->held += rt_chunk_bytes(s);
}

/* An object with a chunk of its own. */
static void *alloc_apart(RtArena *a, size_t size, bool words) {
    check_limit(a, size);
    RtSpan *s = new_chunk(a, size, words);
    rt_spin_lock(&a->lock);
    hold(a, s, NULL);
    rt_chunk_close(s, rt_chunk_base(s) + size);
    a->allocated += size;
    rt_spin_unlock(&a->lock);
    return rt_chunk_base(s);
}

/* Gives the lane a new chunk, with room for size bytes at least. */
static void next_chunk(RtArena *a, int who, int lane, size_t size) {
    uint64_t step = a->step[lane];
    if (a->limit) {
        check_limit(a, size);
        if (step > a->limit - a->held) step = a->limit - a->held;
    }
    RtSpan *s = new_chunk(a, step > size ? step : size, lane == LANE_WORDS);
    RtLane *l = &lanes_of(a, who)[lane];
    rt_spin_lock(&a->lock);
    close_lane(a, who, lane);
    hold(a, s, &l->next);
    a->current[who][lane] = s;
    *l = (RtLane){rt_chunk_base(s), (uintptr_t)rt_chunk_limit(s)};
    if (a->flags & RA_FIXED) l->end = (uintptr_t)l->next + a->first;
    if (a->step[lane] < CHUNK_MAX) a->step[lane] *= 2;
    rt_spin_unlock(&a->lock);
}

/* ---- allocating ---- */

RT_INLINE void *bump(RtLane *l, size_t size) {
    uint8_t *p = l->next;
    if (RT_UNLIKELY(size > l->end - (uintptr_t)p)) return NULL;
    l->next = p + size;
    return p;
}

static void *alloc_shared(RtArena *a, int lane, size_t size) {
    rt_spin_lock(&a->lock);
    void *p = bump(&a->shared[lane], size);
    rt_spin_unlock(&a->lock);
    return p;
}

static __attribute__((noinline)) void *alloc_slow(RtArena *a, size_t size, int lane) {
    int who = a->owner != rt_g;
    for (;;) {
        if (RT_UNLIKELY(a->flags & RA_RELEASED)) rt_panic_used_after_free((uintptr_t)a, a->released, 0);
        void *p = who ? alloc_shared(a, lane, size) : bump(&a->lane[lane], size);
        if (p) return p;
        if (size > a->step[lane] / SHARE && !(a->flags & RA_FIXED)) return alloc_apart(a, size, lane == LANE_WORDS);
        if ((a->flags & RA_FIXED) && a->held) rt_panic_limit(a->limit, rt_arena_stats(a).allocated, size);
        next_chunk(a, who, lane, size);
    }
}

void *rt_arena_alloc(RtArena *a, size_t size, bool words) {
    if (RT_UNLIKELY(size == 0)) return rt_zero_base;
    int lane = words || (a->flags & RA_FIXED) ? LANE_WORDS : LANE_PLAIN;
    size = (size + 7) & ~(size_t)7;
    void *p = RT_LIKELY(a->owner == rt_g) ? bump(&a->lane[lane], size) : NULL;
    return RT_LIKELY(p != NULL) ? p : alloc_slow(a, size, lane);
}

void *rt_arena_new(GoArena *arena, const GoType *type) {
    if (RT_UNLIKELY(!arena)) return rt_new(type);
    if (RT_UNLIKELY(!arena->record)) arena->record = rt_arena_make(0, 0, 0);
    return rt_arena_alloc(arena->record, type->size, type->ptr_bytes != 0);
}

/* ---- releasing ---- */

/* The newest chunk, taken out of the list, if it is newer than that. */
static RtSpan *take_newest(RtArena *a, uint64_t serial) {
    rt_spin_lock(&a->lock);
    RtSpan *s = a->chunks;
    if (s && rt_chunk_serial(s) <= serial) s = NULL;
    if (s) {
        a->held -= rt_chunk_bytes(s);
        rt_budget_credit(a->budget, rt_chunk_bytes(s));
        rt_chunk_unlink(s, &a->chunks);
    }
    rt_spin_unlock(&a->lock);
    return s;
}

/* Releases the chunks newer than that; none is being allocated from. */
static void release_newer(RtArena *a, uint64_t serial, enum RtRelease how, uintptr_t released) {
    for (RtSpan *s;;) {
        if (how == RR_GUARDED) rt_chunks_make_room();
        if (!(s = take_newest(a, serial))) return;
        if (how == RR_GUARDED) rt_chunk_guard(s, released);
        else rt_chunk_reuse(s);
    }
}

void rt_arena_release(RtArena *a, enum RtRelease how, uintptr_t released, bool for_ever) {
    if (a->flags & RA_RELEASED) return;
    rt_spin_lock(&a->lock);
    close_lanes(a);
    if (for_ever) a->flags |= RA_RELEASED;
    a->released = released;
    a->marks = NULL;
    a->allocated = 0;
    rt_spin_unlock(&a->lock);
    release_newer(a, 0, how, released);
}

void rt_arena_lose_chunk(RtArena *a, RtSpan *s) {
    a->held -= rt_chunk_bytes(s);
    rt_budget_credit(a->budget, rt_chunk_bytes(s));
    rt_chunk_unlink(s, &a->chunks);
}

RtArenaStats rt_arena_stats(RtArena *a) {
    rt_spin_lock(&a->lock);
    RtArenaStats s = {.allocated = a->allocated, .held = a->held};
    for (const RtSpan *c = a->chunks; c; c = rt_chunk_next(c)) s.chunks++;
    for (int who = 0; who < 2; who++)
        for (int lane = 0; lane < LANES; lane++)
            if (a->current[who][lane])
                s.allocated += (uint64_t)(lanes_of(a, who)[lane].next - rt_chunk_base(a->current[who][lane]));
    rt_spin_unlock(&a->lock);
    return s;
}

/* ---- marks ---- */

RtMark *rt_arena_mark(RtArena *a) {
    RtMark *m = rt_heap_alloc_words(sizeof *m);
    rt_spin_lock(&a->lock);
    memcpy(m->lane[0], a->lane, sizeof a->lane);
    memcpy(m->lane[1], a->shared, sizeof a->shared);
    memcpy(m->current, a->current, sizeof a->current);
    m->serial = a->serial;
    m->older = a->marks;
    close_lanes(a);
    a->marks = m;
    rt_spin_unlock(&a->lock);
    return m;
}

bool rt_arena_rewind(RtArena *a, RtMark *m, enum RtRelease how, uintptr_t released) {
    RtMark *found = a->marks;
    while (found && found != m) found = found->older;
    if (!found || (a->flags & RA_RELEASED)) return false;
    rt_spin_lock(&a->lock);
    close_lanes(a);
    a->marks = m;
    rt_spin_unlock(&a->lock);
    release_newer(a, m->serial, how, released);
    rt_spin_lock(&a->lock);
    for (int who = 0; who < 2; who++)
        for (int lane = 0; lane < LANES; lane++) reopen(a, who, lane, m);
    rt_spin_unlock(&a->lock);
    return true;
}

/* ---- arena blocks ---- */

void rt_arena_unwound(RtArenaFrame *f) {
    rt_g->arenas = f->outer;
    rt_arena_release(f->arena, RR_GUARDED, f->began, true);
}

void rt_arena_begin(RtArena *a, RtArenaFrame *f, int64_t first, const RtTry *inside) {
    RtG *g = rt_g;
    RtWalk caller = rt_walk_here(__builtin_frame_address(0));
    rt_arena_init(a, first, 0, RA_BLOCK);
    *f = (RtArenaFrame){.outer = g->arenas, .inside = inside, .fp = caller.fp, .arena = a, .began = caller.pc};
    g->arenas = f;
}

void rt_arena_end(RtArenaFrame *f, int64_t how) {
    rt_g->arenas = f->outer;
    if (f->arena->chunks) rt_arena_release(f->arena, (enum RtRelease)how, (uintptr_t)__builtin_return_address(0), true);
    else f->arena->flags |= RA_RELEASED;
}
