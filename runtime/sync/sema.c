/* sema.c: what package sync sleeps on: semaphores and lists of waiters with tickets.
 *
 * A semaphore is a uint32 in the program's memory. Taking and giving are atomic operations on it; only who finds it 0
 * comes here to wait. Waiters stand in a table, hashed by address; each bucket is a treap (Seidel and Aragon, "Randomized
 * search trees", 1996) of the addresses waited for, each node the first of a queue of goroutines. Waiters are in their
 * goroutines' frames.
 *
 * Giving counts up first and then looks at the bucket's number of waiters; taking announces itself in that number, under
 * the lock, and then looks at the count again. One of the two sees the other. */
#include "runtime/rt.h"
#include "runtime/sync/sync.h"

/* A goroutine waiting for *addr. The first of each address is in the tree, with tail; the others are behind it. */
typedef struct SemaWaiter {
    uint32_t *addr;
    struct SemaWaiter *left, *right;
    struct SemaWaiter *next, *tail;
    RtGoroutine *g;
    uint64_t priority;         /* above that of both subtrees */
    bool granted;              /* woken with the semaphore already taken for it */
} SemaWaiter;

/* Owner: the process. lock protects all; count is read without it. */
typedef struct Bucket {
    RtSpin lock;
    uint32_t count;
    SemaWaiter *root;
    char pad[64 - 16];         /* a cache line each */
} Bucket;

enum { BUCKETS = 256 };
static Bucket table[BUCKETS] __attribute__((aligned(64)));

static Bucket *bucket_of(const uint32_t *addr) {
    return &table[((uintptr_t)addr * 0x9e3779b97f4a7c15) >> 56];
}

/* ---- the tree ---- */

/* Where the node of addr hangs; *result is NULL when there is none. */
static SemaWaiter **find(Bucket *b, const uint32_t *addr) {
    SemaWaiter **link = &b->root;
    while (*link && (*link)->addr != addr) link = addr < (*link)->addr ? &(*link)->left : &(*link)->right;
    return link;
}

/* A node for an address that has none: sinks to its priority and splits what is below. */
static void insert(Bucket *b, SemaWaiter *w) {
    SemaWaiter **link = &b->root, **left = &w->left, **right = &w->right;
    while (*link && (*link)->priority >= w->priority) link = w->addr < (*link)->addr ? &(*link)->left : &(*link)->right;
    for (SemaWaiter *t = *link; t;) {
        if (t->addr < w->addr) {
            *left = t;
            left = &t->right;
            t = t->right;
        } else {
            *right = t;
            right = &t->left;
            t = t->left;
        }
    }
    *left = *right = NULL;
    *link = w;
}

/* Removes the node at link by merging its subtrees. */
static void cut(SemaWaiter **link) {
    SemaWaiter *left = (*link)->left, *right = (*link)->right;
    while (left && right) {
        if (left->priority > right->priority) {
            *link = left;
            link = &left->right;
            left = left->right;
        } else {
            *link = right;
            link = &right->left;
            right = right->left;
        }
    }
    *link = left ? left : right;
}

/* w stands where old stood in the tree. */
static void replace(SemaWaiter **link, SemaWaiter *w) {
    const SemaWaiter *old = *link;
    w->left = old->left;
    w->right = old->right;
    w->priority = old->priority;
    *link = w;
}

static void enqueue(Bucket *b, SemaWaiter *w, bool first) {
    SemaWaiter **link = find(b, w->addr), *head = *link;
    w->next = NULL;
    w->tail = w;
    if (!head) {
        w->priority = rt_random();
        insert(b, w);
    } else if (first) {
        replace(link, w);
        w->next = head;
        w->tail = head->tail;
    } else {
        head->tail->next = w;
        head->tail = w;
    }
}

static SemaWaiter *dequeue(Bucket *b, const uint32_t *addr) {
    SemaWaiter **link = find(b, addr), *w = *link;
    if (!w) return NULL;
    if (w->next) {
        w->next->tail = w->tail;
        replace(link, w->next);
    } else {
        cut(link);
    }
    return w;
}

/* ---- semaphores ---- */

static bool try_take(uint32_t *addr) {
    uint32_t v = __atomic_load_n(addr, __ATOMIC_RELAXED);
    while (v > 0)
        if (__atomic_compare_exchange_n(addr, &v, v - 1, true, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) return true;
    return false;
}

static bool unlock_bucket(RtGoroutine *g, void *b) {
    (void)g;
    rt_spin_unlock(&((Bucket *)b)->lock);
    return true;
}

void rt_sema_acquire(uint32_t *addr, bool lifo, RtWait why) {
    if (try_take(addr)) return;
    Bucket *b = bucket_of(addr);
    SemaWaiter w = {.addr = addr, .g = rt_goroutine()};
    do {
        rt_spin_lock(&b->lock);
        __atomic_store_n(&b->count, b->count + 1, __ATOMIC_SEQ_CST);
        if (try_take(addr)) {
            __atomic_store_n(&b->count, b->count - 1, __ATOMIC_RELAXED);
            rt_spin_unlock(&b->lock);
            return;
        }
        enqueue(b, &w, lifo);
        rt_park(unlock_bucket, b, why);
    } while (!w.granted && !try_take(addr));
}

void rt_sema_release(uint32_t *addr, bool handoff) {
    Bucket *b = bucket_of(addr);
    __atomic_fetch_add(addr, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&b->count, __ATOMIC_SEQ_CST) == 0) return;
    rt_spin_lock(&b->lock);
    SemaWaiter *w = b->count ? dequeue(b, addr) : NULL;
    if (w) __atomic_store_n(&b->count, b->count - 1, __ATOMIC_RELAXED);
    rt_spin_unlock(&b->lock);
    if (!w) return;
    w->granted = handoff && try_take(addr);
    bool granted = w->granted;
    rt_ready(w->g);
    if (granted) rt_yield();
}

/* ---- lists of waiters, for sync.Cond ---- */

/* sync.notifyList. Each waiter draws a ticket; those below notify have been woken. */
struct RtNotifyList {
    uint32_t wait;             /* the next ticket; atomic */
    uint32_t notify;           /* protected by lock; read without it */
    union { uintptr_t word; RtSpin lock; };
    struct NotifyWaiter *head, *tail;
};

typedef struct NotifyWaiter {
    struct NotifyWaiter *next;
    RtGoroutine *g;
    uint32_t ticket;
} NotifyWaiter;

void rt_notify_check(uintptr_t size) {
    if (size != sizeof(RtNotifyList)) rt_fatal(RT_STR("bad notifyList size"));
}

uint32_t rt_notify_add(RtNotifyList *l) { return __atomic_fetch_add(&l->wait, 1, __ATOMIC_SEQ_CST); }

static bool unlock_list(RtGoroutine *g, void *l) {
    (void)g;
    rt_spin_unlock(&((RtNotifyList *)l)->lock);
    return true;
}

void rt_notify_wait(RtNotifyList *l, uint32_t ticket) {
    rt_spin_lock(&l->lock);
    if ((int32_t)(ticket - l->notify) < 0) {
        rt_spin_unlock(&l->lock);
        return;
    }
    NotifyWaiter w = {NULL, rt_goroutine(), ticket};
    if (l->tail) l->tail->next = &w;
    else l->head = &w;
    l->tail = &w;
    rt_park(unlock_list, l, RW_COND);
}

static bool nobody_waits(RtNotifyList *l) {
    return __atomic_load_n(&l->wait, __ATOMIC_SEQ_CST) == __atomic_load_n(&l->notify, __ATOMIC_SEQ_CST);
}

void rt_notify_all(RtNotifyList *l) {
    if (nobody_waits(l)) return;
    rt_spin_lock(&l->lock);
    NotifyWaiter *w = l->head;
    l->head = l->tail = NULL;
    __atomic_store_n(&l->notify, __atomic_load_n(&l->wait, __ATOMIC_SEQ_CST), __ATOMIC_SEQ_CST);
    rt_spin_unlock(&l->lock);
    for (NotifyWaiter *next; w; w = next) {
        next = w->next;
        rt_ready(w->g);
    }
}

/* Takes the waiter with that ticket out; NULL: it has drawn it and is not here yet. */
static NotifyWaiter *take_ticket(RtNotifyList *l, uint32_t ticket) {
    for (NotifyWaiter *prev = NULL, *w = l->head; w; prev = w, w = w->next) {
        if (w->ticket != ticket) continue;
        if (prev) prev->next = w->next;
        else l->head = w->next;
        if (l->tail == w) l->tail = prev;
        return w;
    }
    return NULL;
}

void rt_notify_one(RtNotifyList *l) {
    if (nobody_waits(l)) return;
    NotifyWaiter *w = NULL;
    rt_spin_lock(&l->lock);
    if (!nobody_waits(l)) {
        uint32_t ticket = l->notify;
        __atomic_store_n(&l->notify, ticket + 1, __ATOMIC_SEQ_CST);
        w = take_ticket(l, ticket);
    }
    rt_spin_unlock(&l->lock);
    if (w) rt_ready(w->g);
}

/* ---- spinning ---- */

enum { SPIN_TURNS = 4, SPIN_PAUSES = 30 };

bool rt_sync_can_spin(int64_t turn) { return turn < SPIN_TURNS && rt_gomaxprocs() > 1; }

void rt_sync_spin(void) {
    for (int i = 0; i < SPIN_PAUSES; i++) rt_pause();
}
