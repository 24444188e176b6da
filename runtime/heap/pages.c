/* pages.c: the heap's range of address space, and runs of pages in it.
 *
 * The range is reserved once, without access, and made accessible from its low end in growing steps: so the system
 * charges the program for what it uses, limits on its memory hold, and a request that cannot be met fails here.
 * Free runs are kept in lists by length (exact below LISTS pages, one list above; best fit there) and are merged
 * with their neighbours, which the page table finds: it has the run's record at its first and last page. A byte a
 * page tells whether it may hold anything but zero, so that memory fresh from the system is not cleared again. */
#include "runtime/heap/span.h"
#include <sys/mman.h>
#include <sys/resource.h>

enum {
    LISTS = 64,
    ORDERS = 9,                    /* records for up to 256 words of marks: SPAN_MAX bytes in slots of 8 */
    RECORD_ALIGN = 64,
    RECORD_BLOCK = 16 << 10,
    TABLE_STEP = 64 << 10,         /* bytes of tables made accessible at a time */
    GROW_MIN = 1 << 20,
    GROW_MAX = 64 << 20,
    HUGE_FROM = 32 << 20,          /* heaps larger than this ask for huge pages */
    HUGE_PAGE = 2 << 20,
};
#ifndef RT_TSAN
#define RESERVE_MAX ((uint64_t)1 << 42)
#else
#define RESERVE_MAX ((uint64_t)1 << 36) /* there is less room among ThreadSanitizer's tables */
#endif
#define RESERVE_MIN ((uint64_t)1 << 24)
#define HINT ((void *)0xc000000000) /* where Go's heap is: addresses that look like nothing else */

RtHeapRange rt_heap;

/* Owner: the process; the lock protects it. In pages: idle, of free runs and dirty; held, dirty; in_use, of spans. */
static struct {
    RtSpin lock;
    RtSpan *free[LISTS];           /* [0]: LISTS pages and more */
    uint64_t nonempty;             /* a bit a list */
    RtSpan *records[ORDERS];       /* unused ones */
    uint8_t *record_next, *record_end;
    uintptr_t table_used, dirty_used; /* bytes accessible */
    uint64_t idle, held, in_use;   /* atomic */
} pages;

void rt_heap_lock(void) { rt_spin_lock(&pages.lock); }
void rt_heap_unlock(void) { rt_spin_unlock(&pages.lock); }
uint64_t rt_pages_idle(void) { return __atomic_load_n(&pages.idle, __ATOMIC_RELAXED) * PAGE_BYTES; }
uint64_t rt_pages_held(void) { return __atomic_load_n(&pages.held, __ATOMIC_RELAXED) * PAGE_BYTES; }
uint64_t rt_pages_in_use(void) { return __atomic_load_n(&pages.in_use, __ATOMIC_RELAXED) * PAGE_BYTES; }
/* Changed under the lock only. */
static void count_pages(uint64_t *sum, uint64_t more) { __atomic_store_n(sum, *sum + more, __ATOMIC_RELAXED); }
uint64_t rt_heap_in_use(void) { return rt_pages_held(); }

/* ---- address space ---- */

static void *reserve(void *hint, size_t size) {
    void *p = mmap(hint, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static bool commit(void *p, size_t size) { return mprotect(p, size, PROT_READ | PROT_WRITE) == 0; }

/* Three quarters of what a limit on address space leaves: stacks need some as well. */
static uint64_t first_try(void) {
    struct rlimit lim;
    if (getrlimit(RLIMIT_AS, &lim) != 0 || lim.rlim_cur / 4 * 3 >= RESERVE_MAX) return RESERVE_MAX;
    return lim.rlim_cur / 4 * 3 & ~(RESERVE_MIN - 1);
}

void rt_pages_start(void) {
    for (uint64_t size = first_try(); size >= RESERVE_MIN; size /= 2) {
        void *base = reserve(HINT, size);
        if (!base) continue;
        rt_heap.table = reserve(NULL, size / PAGE_BYTES * sizeof(RtSpan *));
        rt_heap.dirty = reserve(NULL, size / PAGE_BYTES);
        if (!rt_heap.table || !rt_heap.dirty) break;
        rt_heap.base = ((uintptr_t)base + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1);
        rt_heap.reserved = ((uintptr_t)base + size - rt_heap.base) & ~(uintptr_t)(PAGE_BYTES - 1);
        return;
    }
    rt_fatal(RT_STR("runtime: cannot reserve address space for the heap"));
}

/* ---- records ---- */

static size_t record_size(int order) {
    size_t size = sizeof(RtSpan) + (sizeof(uint64_t) << order);
    return (size + RECORD_ALIGN - 1) & ~(size_t)(RECORD_ALIGN - 1);
}

static RtSpan *new_record(uint32_t slots) {
    uint32_t words = (slots + WORD_BITS - 1) / WORD_BITS;
    int order = 0;
    while ((uint32_t)1 << order < words) order++;
    RtSpan *s = pages.records[order];
    size_t size = record_size(order);
    if (s) {
        pages.records[order] = s->next;
    } else {
        if ((size_t)(pages.record_end - pages.record_next) < size) {
            pages.record_next = rt_persistent(RECORD_BLOCK + RECORD_ALIGN);
            pages.record_end = pages.record_next + RECORD_BLOCK + RECORD_ALIGN;
            pages.record_next += -(uintptr_t)pages.record_next & (RECORD_ALIGN - 1);
        }
        s = (RtSpan *)pages.record_next;
        pages.record_next += size;
    }
    memset(s, 0, size);
    s->order = (uint8_t)order;
    return s;
}

static void drop_record(RtSpan *s) {
    s->next = pages.records[s->order];
    pages.records[s->order] = s;
}

/* ---- free runs ---- */

static uint64_t page_of(const RtSpan *s) { return (s->base - rt_heap.base) >> PAGE_SHIFT; }
static int list_of(uint64_t n) { return n < LISTS ? (int)n : 0; }

static uint32_t count_dirty(uint64_t first, uint64_t n) {
    uint32_t sum = 0;
    for (uint64_t i = 0; i < n; i++) sum += rt_heap.dirty[first + i];
    return sum;
}

static void unlink_run(RtSpan *s) {
    int list = list_of(s->pages);
    if (s->prev) s->prev->next = s->next;
    else pages.free[list] = s->next;
    if (s->next) s->next->prev = s->prev;
    if (!pages.free[list]) pages.nonempty &= ~((uint64_t)1 << list);
    rt_heap.table[page_of(s)] = NULL;
    rt_heap.table[page_of(s) + s->pages - 1] = NULL;
    count_pages(&pages.idle, -(uint64_t)s->live);
}

/* Joins s, whose pages the table does not name, with the free runs beside it, and enters the result. */
static void enter_run(RtSpan *s) {
    uint64_t first = page_of(s), end = first + s->pages;
    RtSpan *before = first > 0 ? rt_heap.table[first - 1] : NULL;
    RtSpan *after = end << PAGE_SHIFT < rt_heap.used ? rt_heap.table[end] : NULL;
    RtSpan *sides[] = {before, after};
    for (int i = 0; i < 2; i++) {
        RtSpan *t = sides[i];
        if (!t || __atomic_load_n(&t->state, __ATOMIC_RELAXED) != SPAN_FREE) continue;
        unlink_run(t);
        s->pages += t->pages;
        s->live += t->live;
        if (t->base < s->base) s->base = t->base;
        drop_record(t);
    }
    int list = list_of(s->pages);
    s->state = SPAN_FREE;
    s->count = 0;
    s->prev = NULL;
    s->next = pages.free[list];
    if (s->next) s->next->prev = s;
    pages.free[list] = s;
    pages.nonempty |= (uint64_t)1 << list;
    rt_heap.table[page_of(s)] = s;
    rt_heap.table[page_of(s) + s->pages - 1] = s;
    count_pages(&pages.idle, s->live);
}

static void enter_pages(uint64_t first, uint64_t n, uint32_t dirty) {
    RtSpan *s = new_record(0);
    s->base = rt_heap.base + (first << PAGE_SHIFT);
    s->pages = n;
    s->live = dirty;
    enter_run(s);
}

/* ---- growing ---- */

static bool commit_table(void *table, uintptr_t *used, uintptr_t need) {
    if (need <= *used) return true;
    uintptr_t to = (need + TABLE_STEP - 1) & ~(uintptr_t)(TABLE_STEP - 1);
    if (!commit((uint8_t *)table + *used, to - *used)) return false;
    *used = to;
    return true;
}

static bool grow_by(uint64_t bytes) {
    if (bytes > rt_heap.reserved - rt_heap.used) return false;
    uint64_t n = (rt_heap.used + bytes) >> PAGE_SHIFT;
    if (!commit_table(rt_heap.table, &pages.table_used, n * sizeof(RtSpan *))) return false;
    if (!commit_table(rt_heap.dirty, &pages.dirty_used, n)) return false;
    void *from = (void *)(rt_heap.base + rt_heap.used);
    if (!commit(from, bytes)) return false;
    if (rt_heap.used >= HUGE_FROM) madvise(from, bytes, MADV_HUGEPAGE);
    uint64_t first = rt_heap.used >> PAGE_SHIFT;
    __atomic_store_n(&rt_heap.used, rt_heap.used + bytes, __ATOMIC_RELEASE);
    enter_pages(first, bytes >> PAGE_SHIFT, 0);
    return true;
}

/* Makes n more pages accessible: a good piece of them at once, but no more than asked for where memory is short. */
static bool grow(uint64_t n) {
    if (n > rt_heap.reserved >> PAGE_SHIFT) return false;
    uint64_t need = n << PAGE_SHIFT, step = rt_heap.used / 8;
    step = step < GROW_MIN ? GROW_MIN : step > GROW_MAX ? GROW_MAX : step & ~(uint64_t)(GROW_MIN - 1);
    return (step > need && grow_by(step)) || grow_by(need);
}

/* ---- taking and giving back ---- */

static RtSpan *best_fit(uint64_t n) {
    uint64_t lists = n < LISTS ? pages.nonempty >> n << n : 0;
    if (lists) return pages.free[__builtin_ctzll(lists)];
    RtSpan *best = NULL;
    for (RtSpan *s = pages.free[0]; s; s = s->next)
        if (s->pages >= n && (!best || s->pages < best->pages || (s->pages == best->pages && s->base < best->base)))
            best = s;
    return best;
}

RtSpan *rt_pages_alloc(uint64_t n, uint32_t slots) {
    rt_heap_lock();
    RtSpan *run = best_fit(n);
    if (!run && grow(n)) run = best_fit(n);
    RtSpan *s = NULL;
    if (run) {
        unlink_run(run);
        s = new_record(slots);
        s->base = run->base;
        s->pages = n;
        s->state = SPAN_BUSY;
        if (run->pages > n) enter_pages(page_of(run) + n, run->pages - n, run->live - count_dirty(page_of(s), n));
        drop_record(run);
        count_pages(&pages.in_use, n);
        for (uint64_t i = page_of(s), end = i + n; i < end; i++) rt_heap.table[i] = s;
    }
    rt_heap_unlock();
    return s;
}

bool rt_pages_take_dirty(const RtSpan *s) {
    uint8_t *at = rt_heap.dirty + page_of(s);
    uint32_t dirty = count_dirty(page_of(s), s->pages);
    memset(at, 1, s->pages);
    __atomic_fetch_add(&pages.held, s->pages - dirty, __ATOMIC_RELAXED);
    return dirty > 0;
}

bool rt_pages_take_used(const RtSpan *s) {
    bool dirty = rt_pages_take_dirty(s);
    if (!dirty && s->base - rt_heap.base < HUGE_FROM) rt_sys_populate((void *)s->base, s->pages * PAGE_BYTES);
    return dirty;
}

void rt_pages_free(RtSpan *s) {
    rt_heap_lock();
    uint64_t first = page_of(s), n = s->pages;
    count_pages(&pages.in_use, -n);
    memset(&rt_heap.table[first], 0, n * sizeof(RtSpan *));
    drop_record(s);
    enter_pages(first, n, count_dirty(first, n));
    rt_heap_unlock();
}

void rt_pages_each(void (*fn)(RtSpan *s, void *arg), void *arg) {
    for (uint64_t i = 0, end = rt_heap.used >> PAGE_SHIFT; i < end;) {
        RtSpan *s = rt_heap.table[i];
        uint64_t n = s->pages;
        i += n;
        RtSpan *next = i < end ? rt_heap.table[i] : NULL; /* a free run that s may be merged with */
        if (next && next->state == SPAN_FREE) i += next->pages;
        if (s->state >= SPAN_SLOTS) fn(s, arg);
    }
}

RT_COLD _Noreturn void rt_out_of_memory(size_t size) {
    rt_print_lock();
    rt_print_cstr("runtime: out of memory: cannot allocate ");
    rt_print_uint(size);
    rt_print_cstr("-byte block (");
    rt_print_uint(rt_heap_in_use());
    rt_print_cstr(" in use)\n");
    rt_print_unlock();
    rt_fatal(RT_STR("out of memory"));
}

/* ---- taking access away ---- */

bool rt_pages_protect(const RtSpan *s, bool drop) {
    size_t size = s->pages << PAGE_SHIFT;
    if (mprotect((void *)s->base, size, PROT_NONE) != 0) return false;
    if (drop && madvise((void *)s->base, size, MADV_DONTNEED) == 0)
        __atomic_fetch_sub(&pages.held, s->pages, __ATOMIC_RELAXED);
    else
        drop = false;
    memset(rt_heap.dirty + page_of(s), !drop, s->pages);
    return true;
}

void rt_pages_unprotect(uintptr_t lo, uintptr_t hi) {
    if (mprotect((void *)lo, hi - lo, PROT_READ | PROT_WRITE) != 0) rt_out_of_memory(hi - lo);
}

bool rt_pages_lock(const RtSpan *s, bool lock) {
    void *p = (void *)s->base;
    size_t size = s->pages << PAGE_SHIFT;
    if (lock) return mlock(p, size) == 0 && madvise(p, size, MADV_DONTDUMP) == 0;
    return munlock(p, size) == 0 && madvise(p, size, MADV_DODUMP) == 0;
}

/* ---- giving memory back ---- */

/* Releases the dirty pages of a run that is in no list. */
static void release_run(RtSpan *s) {
    uint64_t i = page_of(s), end = i + s->pages;
    while (i < end) {
        while (i < end && !rt_heap.dirty[i]) i++;
        uint64_t from = i;
        while (i < end && rt_heap.dirty[i]) i++;
        if (i == from) break;
        madvise((void *)(rt_heap.base + (from << PAGE_SHIFT)), (i - from) << PAGE_SHIFT, MADV_DONTNEED);
        memset(&rt_heap.dirty[from], 0, i - from);
        __atomic_fetch_sub(&pages.held, i - from, __ATOMIC_RELAXED);
    }
    s->live = 0;
}

/* The free run with the most dirty pages among the long ones, or any that has some. */
static RtSpan *most_dirty(void) {
    RtSpan *best = NULL;
    for (int i = 0; i < LISTS && !(best && i > 0); i++)
        for (RtSpan *s = pages.free[i ? LISTS - i : 0]; s; s = s->next)
            if (s->live > (best ? best->live : 0)) best = s;
    return best;
}

/* Of one run. False: there is none, or no more than keep is held. */
static bool release_one(uint64_t keep) {
    rt_heap_lock();
    RtSpan *s = pages.idle * PAGE_BYTES > keep ? most_dirty() : NULL;
    if (s) {
        unlink_run(s);
        s->state = SPAN_BUSY;
    }
    rt_heap_unlock();
    if (!s) return false;
    release_run(s);
    rt_heap_lock();
    enter_run(s);
    rt_heap_unlock();
    return true;
}

static RtMutex releasing;

void rt_pages_hold(void) { rt_mutex_lock(&releasing); }
void rt_pages_unhold(void) { rt_mutex_unlock(&releasing); }

void rt_pages_release(uint64_t keep) {
    bool more;
    do {
        rt_pages_hold();
        more = release_one(keep);
        rt_pages_unhold();
    } while (more);
}
