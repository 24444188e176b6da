/* finalize.c: runtime.SetFinalizer's rules, and the calls, which one goroutine makes one after the other. */
#include "runtime/caps/caps.h"
#include "runtime/heap/finalize.h"
#include "runtime/heap/background.h"

/* ---- the queue ---- */

typedef struct Waiting { struct Waiting *next; RtFinalizer f; } Waiting;

/* Owner: the process. The collector adds with the world stopped; the lock is for the others, who look at first without it. */
static struct { RtSpin lock; Waiting *first, *last, *unused; } queue;

void rt_finalizer_queue(const RtFinalizer *f) {
    Waiting *w = queue.unused;
    if (w) queue.unused = w->next;
    else w = rt_persistent(sizeof *w);
    *w = (Waiting){NULL, *f};
    if (queue.first) queue.last->next = w;
    else queue.first = w;
    queue.last = w;
}

void rt_finalizers_mark(RtMarker *m) {
    for (const Waiting *w = queue.first; w; w = w->next) {
        rt_mark_word(m, (uintptr_t)w->f.object);
        rt_mark_word(m, (uintptr_t)w->f.fn);
        rt_mark_word(m, (uintptr_t)w->f.caps);
    }
}

static bool take(RtFinalizer *f) {
    rt_spin_lock(&queue.lock);
    Waiting *w = queue.first;
    if (w) {
        __atomic_store_n(&queue.first, w->next, __ATOMIC_RELAXED);
        *f = w->f;
        *w = (Waiting){.next = queue.unused};
        queue.unused = w;
    }
    rt_spin_unlock(&queue.lock);
    return w != NULL;
}

/* ---- calling ---- */

enum { REGISTER_RESULT = 16, MOST_RESULTS = 16 << 10 }; /* bytes */

/* Stands for all results that are returned in memory. */
typedef struct Results { uint8_t bytes[MOST_RESULTS]; } Results;

/* Without a use of the results GCC takes both kinds of call for one. */
static void ignore(Results r) { __asm__ volatile("" ::"m"(r)); }

static void call_with_pointer(const RtFinalizer *f) {
    if (f->result_in_memory) ignore(((Results(*)(void *, GoClosure *))f->fn->code)(f->object, f->fn));
    else ((void (*)(void *, GoClosure *))f->fn->code)(f->object, f->fn);
}

/* Both kinds of interface are two words. */
static void call_with_interface(const RtFinalizer *f) {
    const GoInterfaceType *inter = (const GoInterfaceType *)f->param;
    GoEface arg = {f->type, f->object};
    if (inter->nmethods) arg.type = (const GoType *)(const void *)rt_itab(inter, f->type);
    if (f->result_in_memory) ignore(((Results(*)(GoEface, GoClosure *))f->fn->code)(arg, f->fn));
    else ((void (*)(GoEface, GoClosure *))f->fn->code)(arg, f->fn);
}

/* Apart, so that nothing of a finalized object stays on the stack of the goroutine that waits for more. */
static __attribute__((noinline)) bool call_next(void) {
    RtFinalizer f;
    if (!take(&f)) return false;
    rt_caps_set(f.caps);
    if (rt_type_kind(f.param) == GK_INTERFACE) call_with_interface(&f);
    else call_with_pointer(&f);
    rt_caps_set(rt_caps_root);
    f = (RtFinalizer){0};
    __asm__ volatile("" ::"r"(&f) : "memory");
    return true;
}

static void call_all(void) {
    while (call_next()) continue;
}

static RtBackground caller = {.work = call_all};

void rt_finalizers_wake(void) {
    if (__atomic_load_n(&queue.first, __ATOMIC_RELAXED)) rt_background_ask(&caller);
}

bool rt_finalizers_wait(int64_t ns) {
    int64_t began = rt_nanotime();
    while (__atomic_load_n(&queue.first, __ATOMIC_RELAXED) || !rt_background_is_idle(&caller)) {
        if (rt_nanotime() - began > ns) return false;
        rt_yield();
    }
    return true;
}

/* ---- runtime.SetFinalizer ---- */

static _Noreturn void refuse(GoString a, GoString b, GoString c) {
    rt_fatal(rt_string_concat((GoString[]){RT_STR("runtime.SetFinalizer: "), a, b, c}, 4));
}

static _Noreturn void refuse_function(const GoType *obj, const GoType *fn, GoString why) {
    GoString pair = rt_string_concat((GoString[]){rt_type_text(obj), RT_STR(" to finalizer "), rt_type_text(fn)}, 3);
    refuse(RT_STR("cannot pass "), pair, why);
}

static const GoType *const *func_types(const GoFuncType *f) {
    size_t header = sizeof *f + (f->t.tflag & TF_UNCOMMON ? sizeof(GoUncommon) : 0);
    return (const GoType *const *)((const uint8_t *)f + header);
}

/* Whether a function that takes a param can be given an obj: Go's assignability, for pointers. */
static bool can_pass(const GoType *obj, const GoType *param) {
    if (param == obj) return true;
    switch (rt_type_kind(param)) {
    case GK_POINTER:
        return (!rt_type_uncommon(param) || !rt_type_uncommon(obj)) &&
               ((const GoPtrType *)param)->elem == ((const GoPtrType *)obj)->elem;
    case GK_INTERFACE: {
        const GoInterfaceType *inter = (const GoInterfaceType *)param;
        return inter->nmethods == 0 || rt_itab(inter, obj);
    }
    default: return false;
    }
}

static size_t result_bytes(const GoFuncType *f) {
    size_t bytes = 0;
    const GoType *const *results = func_types(f) + f->in_count;
    for (int i = 0; i < (f->out_count & 0x7fff); i++) {
        bytes = (bytes + results[i]->align - 1) & ~(size_t)(results[i]->align - 1);
        bytes += results[i]->size;
    }
    return bytes;
}

static void check_function(const GoType *obj, const GoType *fn, RtFinalizer *f) {
    if (rt_type_kind(fn) != GK_FUNC) refuse(RT_STR("second argument is "), rt_type_text(fn), RT_STR(", not a function"));
    const GoFuncType *ft = (const GoFuncType *)fn;
    if (ft->out_count & 0x8000) refuse_function(obj, fn, RT_STR(" because dotdotdot"));
    if (ft->in_count != 1 || !can_pass(obj, func_types(ft)[0])) refuse_function(obj, fn, RT_STR(""));
    size_t results = result_bytes(ft);
    if (results > MOST_RESULTS) refuse_function(obj, fn, RT_STR(" because of its results"));
    f->param = func_types(ft)[0];
    f->result_in_memory = results > REGISTER_RESULT;
}

extern const char __executable_start[], _end[];

/* Whether obj is an object of the heap; variables of the program and objects of no size have no finalizers. */
static bool check_object(GoEface obj) {
    if (!obj.type) refuse(RT_STR("first argument is nil"), RT_STR(""), RT_STR(""));
    if (rt_type_kind(obj.type) != GK_POINTER)
        refuse(RT_STR("first argument is "), rt_type_text(obj.type), RT_STR(", not pointer"));
    RtObject o;
    if (!rt_heap_find(obj.data, &o)) {
        const char *p = obj.data;
        if (p >= __executable_start && p < _end) return false;
        refuse(RT_STR("pointer not in allocated block"), RT_STR(""), RT_STR(""));
    }
    const GoType *elem = ((const GoPtrType *)obj.type)->elem;
    enum { TINY = 16 }; /* Go shares blocks of that size between small objects */
    if (obj.data != o.base && (elem->ptr_bytes || elem->size >= TINY))
        refuse(RT_STR("pointer not at beginning of allocated block"), RT_STR(""), RT_STR(""));
    return true;
}

void rt_set_finalizer(GoEface obj, GoEface fn) {
    if (!check_object(obj)) return;
    if (!fn.type) {
        rt_finalizer_remove(obj.data);
        return;
    }
    RtFinalizer f = {.object = obj.data, .type = obj.type, .fn = fn.data, .caps = rt_caps_keep(rt_g->caps)};
    check_function(obj.type, fn.type, &f);
    if (!rt_finalizer_add(&f)) refuse(RT_STR("finalizer already set"), RT_STR(""), RT_STR(""));
}
