/* call.c: calls by reflection: reflect.Value.Call, MakeFunc and method values.
 *
 * reflect has arguments and results in a frame in memory, one behind the other, each at its alignment (its package
 * internal/abi is compiled for a machine without registers for arguments). Functions take them as C does: by the
 * classes of the System V ABI for x86-64, section 3.2.3, with the rules of abi.h. A Mover goes over a signature
 * and says of each eight bytes whether they are in a register or on the stack; what it does there is to load or to store.
 *
 * In a call the function value itself is the environment and the last argument. A function made at run time finds its
 * environment likewise, at a place that depends on its type: there is a stub for each (call_x86_64.S). */
#include "runtime/hooks/call.h"
#include "runtime/hooks/hooks.h"

/* What reflect calls with: std/add/reflect. */
typedef struct FrameType { GoType t; const GoFuncType *fn; bool is_method; } FrameType;

static const GoType *const *func_types(const GoFuncType *t) {
    return (const GoType *const *)((const uint8_t *)(t + 1) + (t->t.tflag & TF_UNCOMMON ? sizeof(GoUncommon) : 0));
}
static int results_of(const GoFuncType *t) { return t->out_count & 0x7fff; }

/* ---- classes ---- */

typedef enum Class { CL_NONE, CL_FLOAT, CL_INT } Class; /* of eight bytes; the greater one wins */

static void classify(const GoType *t, uint64_t off, Class *cls);

static void classify_part(Class c, uint64_t off, Class *cls) {
    if (cls[off / 8] < c) cls[off / 8] = c;
}

static void classify_struct(const GoStructType *t, uint64_t off, Class *cls) {
    for (int64_t i = 0; i < t->nfields; i++) classify(t->fields[i].type, off + t->fields[i].offset, cls);
}

static void classify_array(const GoArrayType *t, uint64_t off, Class *cls) {
    for (uintptr_t i = 0; i < t->len && t->elem->size; i++) classify(t->elem, off + i * t->elem->size, cls);
}

/* Of a type of at most 16 bytes behind off. */
static void classify(const GoType *t, uint64_t off, Class *cls) {
    switch (rt_type_kind(t)) {
    case GK_FLOAT32: case GK_FLOAT64: classify_part(CL_FLOAT, off, cls); return;
    case GK_COMPLEX64: case GK_COMPLEX128:
        classify_part(CL_FLOAT, off, cls);
        classify_part(CL_FLOAT, off + t->size / 2, cls);
        return;
    case GK_STRUCT: classify_struct((const GoStructType *)t, off, cls); return;
    case GK_ARRAY: classify_array((const GoArrayType *)t, off, cls); return;
    default:
        for (uint64_t at = 0; at < t->size; at += 8) classify_part(CL_INT, off + at, cls);
    }
}

/* ---- arguments ---- */

/* On the way over the arguments of a call. */
typedef struct Mover {
    RtCallRegs *regs;
    uint64_t *words;   /* on the stack */
    enum { COUNT, STORE, LOAD } way; /* only count; from the frame to the registers; back */
    int ints, floats;  /* used so far */
    int64_t nwords;
} Mover;

static void move(const Mover *m, uint64_t *place, uint8_t *p, uint64_t n) {
    if (m->way == STORE) rt_copy(place, p, n);
    if (m->way == LOAD) rt_copy(p, place, n);
}

static uint64_t *next_word(Mover *m) {
    if (m->nwords == RT_CALL_WORDS) rt_panic_plain(RT_STR("reflect: call of a function with too many arguments"));
    return &m->words[m->nwords++];
}

static uint64_t *next_int(Mover *m) { return m->ints < RT_CALL_INTS ? &m->regs->ints[m->ints++] : next_word(m); }

static void move_words(Mover *m, uint8_t *p, uint64_t size) {
    for (uint64_t at = 0; at < size; at += 8) move(m, next_word(m), p + at, size - at < 8 ? size - at : 8);
}

static void move_argument(Mover *m, const GoType *t, uint8_t *p) {
    if (t->size == 0) return;
    if (rt_type_kind(t) == GK_SLICE) {
        for (int i = 0; i < 3; i++) move(m, next_int(m), p + 8 * i, 8);
        return;
    }
    if (t->size > 16) {
        move_words(m, p, t->size);
        return;
    }
    Class cls[2] = {CL_NONE, CL_NONE};
    classify(t, 0, cls);
    int ints = (cls[0] == CL_INT) + (cls[1] == CL_INT), floats = (cls[0] == CL_FLOAT) + (cls[1] == CL_FLOAT);
    if (m->ints + ints > RT_CALL_INTS || m->floats + floats > RT_CALL_FLOATS) {
        move_words(m, p, t->size);
        return;
    }
    for (uint64_t at = 0; at < t->size; at += 8) {
        uint64_t *place = cls[at / 8] == CL_FLOAT ? &m->regs->floats[m->floats++] : &m->regs->ints[m->ints++];
        move(m, place, p + at, t->size - at < 8 ? t->size - at : 8);
    }
}

static uint64_t align_up(uint64_t n, uint64_t align) { return (n + align - 1) & ~(align - 1); }

/* The arguments in frame, the receiver first if there is one; returns the offset behind them. */
static uint64_t move_arguments(Mover *m, const GoFuncType *t, bool is_method, uint8_t *frame) {
    uint64_t off = 0;
    if (is_method) {
        move(m, next_int(m), frame, 8);
        off = 8;
    }
    for (int i = 0; i < t->in_count; i++) {
        const GoType *in = func_types(t)[i];
        off = align_up(off, in->align);
        move_argument(m, in, frame + off);
        off += in->size;
    }
    return off;
}

/* ---- results: one value, or a struct of them ---- */

typedef struct Results { uint64_t size; bool in_memory; Class cls[2]; } Results;

static Results results_layout(const GoFuncType *t) {
    Results r = {0};
    const GoType *const *types = func_types(t) + t->in_count;
    for (int i = 0; i < results_of(t); i++) r.size = align_up(r.size, types[i]->align) + types[i]->size;
    r.in_memory = r.size > 16;
    uint64_t off = 0;
    for (int i = 0; i < results_of(t) && !r.in_memory; i++) {
        off = align_up(off, types[i]->align);
        classify(types[i], off, r.cls);
        off += types[i]->size;
    }
    return r;
}

static void move_results(const Mover *m, const Results *r, uint8_t *p) {
    int ints = 0, floats = 0;
    for (uint64_t at = 0; at < r->size; at += 8) {
        uint64_t *place = r->cls[at / 8] == CL_FLOAT ? &m->regs->float_results[floats++] : &m->regs->int_results[ints++];
        move(m, place, p + at, r->size - at < 8 ? r->size - at : 8);
    }
}

/* ---- Value.Call ---- */

HOOK("runtime.reflectcall", void, reflect_call,
     (const FrameType *type, GoClosure *fn, uint8_t *frame, uint32_t args_size, uint32_t results_off, uint32_t frame_size, void *regs)) {
    (void)args_size, (void)frame_size, (void)regs;
    RtCallRegs r = {0};
    uint64_t words[RT_CALL_WORDS];
    Mover m = {.regs = &r, .words = words, .way = STORE};
    Results results = results_layout(type->fn);
    if (results.in_memory) *next_int(&m) = (uint64_t)(uintptr_t)(frame + results_off);
    move_arguments(&m, type->fn, type->is_method, frame);
    *next_int(&m) = (uint64_t)(uintptr_t)fn;
    rt_call_code(fn->code, &r, words, m.nwords);
    m.way = LOAD;
    if (!results.in_memory) move_results(&m, &results, frame + results_off);
}

/* ---- functions made at run time ---- */

typedef void CallBack(void *context, void *frame, bool *valid, void *regs);
extern CallBack call_reflect __asm__("\"reflect.callReflect\"");
extern CallBack call_method __asm__("\"reflect.callMethod\"");

enum { MAKE_FUNC_TYPE = 32, METHOD_VALUE_TYPE = 64 }; /* offsets of the function's type in the environment */

HOOK("reflect.funcCode", uintptr_t, reflect_func_code, (const GoFuncType *t, bool is_method)) {
    RtCallRegs r;
    uint64_t words[RT_CALL_WORDS];
    Mover m = {.regs = &r, .words = words};
    if (results_layout(t).in_memory) next_int(&m);
    move_arguments(&m, t, false, NULL);
    int64_t place = m.ints < RT_CALL_INTS ? m.ints : RT_CALL_INTS + m.nwords;
    if (place >= RT_CALL_PLACES) rt_panic_plain(RT_STR("reflect: function type with too many arguments"));
    return (uintptr_t)rt_func_stubs + RT_CALL_STUB * (uintptr_t)(place + (is_method ? RT_CALL_PLACES : 0));
}

static uint64_t frame_size(const GoFuncType *t) {
    uint64_t size = 0;
    for (int i = 0; i < t->in_count + results_of(t); i++) {
        const GoType *v = func_types(t)[i];
        size = align_up(size, i == t->in_count ? 8 : v->align) + v->size;
    }
    return align_up(size, 8) + 8;
}

void rt_func_called(RtCallRegs *r, const uint64_t *words, uint64_t place) {
    bool is_method = place >= RT_CALL_PLACES;
    if (is_method) place -= RT_CALL_PLACES;
    uint8_t *env = (uint8_t *)(uintptr_t)(place < RT_CALL_INTS ? r->ints[place] : words[place - RT_CALL_INTS]);
    const GoFuncType *t = *(const GoFuncType **)(env + (is_method ? METHOD_VALUE_TYPE : MAKE_FUNC_TYPE));
    Results results = results_layout(t);
    uint8_t *frame = rt_heap_alloc_words(frame_size(t));
    Mover m = {.regs = r, .words = (uint64_t *)words, .way = LOAD};
    if (results.in_memory) next_int(&m);
    uint8_t *out = frame + align_up(move_arguments(&m, t, false, frame), 8);
    bool valid = false;
    uint64_t go_regs[4] = {0}; /* abi.RegArgs without registers */
    (is_method ? call_method : call_reflect)(env, frame, &valid, go_regs);
    m.way = STORE;
    if (results.in_memory) {
        rt_copy((void *)(uintptr_t)r->ints[0], out, results.size);
        r->int_results[0] = r->ints[0];
    } else {
        move_results(&m, &results, out);
    }
}
