/* lower_defer.c: recovery points; defer statements and the functions that contain them (abi.h: RtFrame, RtDefer).
 *
 * Every return of a function with defer statements stores the results into their variables and goes to one exit block,
 * which pops and calls the deferred closures, last first, and returns the variables. When a deferred call recovers a
 * panic, control comes back to recovery point 0; the runtime then runs what is left of the deferred calls.
 *
 * A deferred call is a closure without arguments (lower_go.c). Record and closure stand on the frame where a statement
 * can run only once per activation. The exit asks for these records one by one, last first, so that each has a call
 * of its own there, whose callee later passes know and may inline; a loop over the list makes what other calls
 * there are. */
#include "ir/lower.h"

static IrVal load_frame(Builder *b, size_t field) {
    return lw_load(b, b->l->t_ptr, b->frame_ptr, (int64_t)field);
}

static void store_frame(Builder *b, size_t field, IrVal v) {
    lw_store(b, b->l->t_ptr, b->frame_ptr, (int64_t)field, v);
}

/* ---- recovery points ---- */

IrVal lw_own_frame(Builder *b) {
    if (b->own_frame < 0) {
        IrFunc *f = b->f;
        bool weak = f->sym->linkage == IL_WEAK;
        f->flags |= IF_HAS_SETJMP;
        b->own_frame = ir_raw_slot(f, sizeof(RtFrame));
        b->recovery = ir_sym(b->l->p, arena_printf(b->l->arena, "recovery:%s", f->sym->name));
        ir_data_bss(b->l->p, b->recovery, sizeof(RtRecovery), _Alignof(RtRecovery), weak ? IL_WEAK : IL_LOCAL);
    }
    return iv_slot(b->f, b->own_frame, 0, b->l->t_ptr);
}

void lw_recovery_point(Builder *b, int64_t point, IrBlock *recovered) {
    Lower *l = b->l;
    recovered->cold = true;
    IrVal frame = lw_own_frame(b);
    IrVal again = lw_temp(b, IR_SETJMP, l->t_int32, l->t_int32, iv_sym(l->t_ptr, b->recovery, 0), frame);
    lw_set_off(b, point);
    IrBlock *body = ir_block(b->f);
    lw_branch(b, lw_test(b, IR_NE, again, iv_int(l->t_int32, 0)), recovered, body);
    lw_start(b, body);
}

/* ---- entry and exit ---- */

void lw_enter_frame(Builder *b) {
    b->frame_ptr = lw_own_frame(b);
    b->exit = ir_block(b->f);
    b->recovered = ir_block(b->f);
    lw_recovery_point(b, 0, b->recovered);
}

/* Calls closure fn, which takes nothing but its environment. A nil one panics here, not where it was deferred. */
static void call_deferred(Builder *b, IrVal fn) {
    Lower *l = b->l;
    lw_nil_check(b, fn);
    IrVal code = lw_load(b, l->t_uintptr, fn, offsetof(GoClosure, code));
    IrCall *c = NEW(l->arena, IrCall);
    c->params = NEW(l->arena, Type *);
    c->args = NEW(l->arena, IrVal);
    c->params[0] = l->t_ptr;
    c->args[0] = fn;
    c->nparams = 1;
    c->has_env = true;
    IrInstr *in = lw_emit(b, IR_CALL_PTR);
    in->a = code;
    in->call = c;
}

/* Makes the site's call if it is the first on the list. */
static void run_site(Builder *b, const DeferSite *site) {
    IrBlock *run = ir_block(b->f), *next = ir_block(b->f);
    lw_branch(b, lw_test(b, IR_EQ, load_frame(b, offsetof(RtFrame, defers)), site->record), run, next);
    lw_start(b, run);
    store_frame(b, offsetof(RtFrame, defers), lw_load(b, b->l->t_ptr, site->record, offsetof(RtDefer, link)));
    call_deferred(b, site->fn);
    lw_start(b, next);
}

/* Pops deferred calls and makes them until none is left; a panic in one finds the others still linked. */
static void run_others(Builder *b) {
    Type *ptr = b->l->t_ptr;
    IrBlock *test = ir_block(b->f), *run = ir_block(b->f), *done = ir_block(b->f);
    b->loop_depth++;
    lw_start(b, test);
    IrVal d = load_frame(b, offsetof(RtFrame, defers));
    lw_branch(b, lw_not_nil(b, d), run, done);
    lw_start(b, run);
    store_frame(b, offsetof(RtFrame, defers), lw_load(b, ptr, d, offsetof(RtDefer, link)));
    call_deferred(b, lw_load(b, ptr, d, offsetof(RtDefer, fn)));
    lw_jump(b, test);
    b->loop_depth--;
    lw_start(b, done);
}

void lw_leave_frame(Builder *b, IrBlock *ret) {
    lw_start(b, b->exit);
    for (int i = b->defers.len - 1; i >= 0; i--) run_site(b, &b->defers.at[i]);
    if (b->other_defers) run_others(b);
    lw_jump(b, ret);
    lw_start(b, b->recovered);
    LW_RT(b, rt_defer_return, NULL, b->frame_ptr);
    lw_jump(b, ret);
}

/* ---- the statement ---- */

/* Whether this statement runs at most once per activation, so that its record can stand on the frame. */
static bool runs_once(const Builder *b) {
    return b->loop_depth == 0 && !b->range_body && !b->info->has_label_goto;
}

/* Tells the function whose exit makes the call; b may lower a loop's body. */
static void note_other(Builder *b) {
    while (b->range_body) b = lw_range_outer(b);
    b->other_defers = true;
}

enum { MAX_SITES = 8 }; /* with calls of their own at the exit */

/* Pushes closure fn onto the frame's list. */
static void push_deferred(Builder *b, IrVal fn) {
    if (!runs_once(b)) {
        note_other(b);
        LW_RT(b, rt_defer_heap, NULL, b->frame_ptr, fn);
        return;
    }
    Type *ptr = b->l->t_ptr;
    IrVal record = iv_slot(b->f, ir_raw_slot(b->f, sizeof(RtDefer)), 0, ptr);
    lw_store(b, ptr, record, offsetof(RtDefer, link), load_frame(b, offsetof(RtFrame, defers)));
    lw_store(b, ptr, record, offsetof(RtDefer, fn), fn);
    store_frame(b, offsetof(RtFrame, defers), record);
    if (b->defers.len < MAX_SITES) vec_push(b->l->arena, &b->defers, ((DeferSite){record, fn}));
    else note_other(b);
}

void lw_defer_stmt(Builder *b, Node *n) {
    Node *call = ast_unparen(n->defer_stmt.call);
    if (call->builtin == BI_RECOVER + 1) /* recovers when the function that defers it was itself deferred */
        push_deferred(b, iv_sym(b->l->t_ptr, ir_sym(b->l->p, "rt_recover_deferred"), 0));
    else
        push_deferred(b, lw_later_call(b, call, "deferwrap", runs_once(b)));
}
