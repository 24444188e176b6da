/* Escape analysis on functions built by hand: contracts, objects in frames, loops, and contracts as text. */
#include "ir_support.h"

static Type *ptr_to(World *w, Type *t) { return type_canon(&w->s, type_new_pointer(&w->s, t)); }

static IrEscapes *analyse(World *w) {
    IrEscapes *all = NEW(w->a, IrEscapes);
    all->arena = w->a;
    ir_verify(&w->p);
    ir_escape(&w->p, all);
    ir_verify(&w->p);
    return all;
}

static int count_op(const IrFunc *f, IrOp op) {
    int n = 0;
    for (int i = 0; i < f->blocks.len; i++)
        for (int j = 0; j < f->blocks.at[i]->instrs.len; j++) n += f->blocks.at[i]->instrs.at[j].op == op;
    return n;
}

static IrVal new_int(World *w) { return temp(w, IR_NEW, ptr_to(w, w->t_int), w->t_int, iv_none(), iv_none()); }

static void store(World *w, Type *t, IrVal at, IrVal v) { emit(w, IR_STORE, at, v)->type = t; }

static IrVal global(World *w) { return iv_sym(w->t_ptr, ir_sym(&w->p, "test.global"), 0); }

/* func leak(p *int) { global = p } */
static void make_leak(World *w) {
    func(w, "test.leak", PARAMS(ptr_to(w, w->t_int)), NULL);
    store(w, ptr_to(w, w->t_int), global(w), local(w, 0));
    ret(w, iv_none());
}

/* func same(p *int) *int { return p } */
static void make_same(World *w) {
    func(w, "test.same", PARAMS(ptr_to(w, w->t_int)), ptr_to(w, w->t_int));
    ret(w, local(w, 0));
}

/* ---- contracts ---- */

static void contracts_tell_heap_and_results(void **state) {
    World *w = *state;
    Type *p = ptr_to(w, w->t_int), *pp = ptr_to(w, p);
    make_leak(w);
    make_same(w);
    IrFunc *f = func(w, "test.load", PARAMS(pp, p), p);
    IrVal v = temp(w, IR_LOAD, p, p, local(w, 0), iv_none());
    store(w, p, global(w), v);
    ret(w, local(w, 1));
    analyse(w);
    assert_int_equal(ir_sym(&w->p, "test.leak")->func->escape->heap[0], 0);
    const IrEscape *same = ir_sym(&w->p, "test.same")->func->escape;
    assert_int_equal(same->heap[0], IR_STAYS);
    assert_int_equal(same->results[0], 0);
    assert_int_equal(f->escape->heap[0], 1);
    assert_int_equal(f->escape->heap[1], IR_STAYS);
    assert_int_equal(f->escape->results[1], 0);
}

static void contracts_survive_text(void **state) {
    World *w = *state;
    make_leak(w);
    make_same(w);
    analyse(w);
    Buf text = {0};
    ir_contracts_write(&w->p, &text);
    assert_string_equal(text.data, "test.same\t1 1 -0\n"); /* that of leak says nothing */
    IrEscapes read = {.arena = w->a};
    assert_true(ir_contracts_read(&read, w->s.names, text.data));
    const IrEscape *k = ptrmap_get(&read.by_name, name_of(w->s.names, "test.same"));
    assert_int_equal(k->nparams, 1);
    assert_int_equal(k->heap[0], IR_STAYS);
    assert_int_equal(k->results[0], 0);
    assert_false(ir_contracts_read(&read, w->s.names, "test.same\t1 1 -\n"));
    assert_false(ir_contracts_read(&read, w->s.names, "test.same 1 1 -0\n"));
    buf_free(&text);
}

static void unknown_callees_leak(void **state) {
    World *w = *state;
    IrFunc *f = func(w, "test.f", PARAMS(ptr_to(w, w->t_int)), NULL);
    call1(w, "test.elsewhere", ptr_to(w, w->t_int), local(w, 0), NULL);
    ret(w, iv_none());
    analyse(w);
    assert_int_equal(f->escape->heap[0], 0);
}

static void recursion_reaches_a_fixed_point(void **state) {
    World *w = *state;
    Type *p = ptr_to(w, w->t_int);
    IrFunc *f = func(w, "test.f", PARAMS(p, w->t_bool), p);
    IrBlock *again = ir_block(f), *done = ir_block(f);
    branch(w, local(w, 1), again, done);
    w->b = again;
    IrVal args[2] = {local(w, 0), iv_int(w->t_bool, 0)};
    Type *params[2] = {p, w->t_bool};
    ret(w, call(w, "test.f", params, args, 2, p));
    w->b = done;
    ret(w, local(w, 0));
    analyse(w);
    assert_int_equal(f->escape->heap[0], IR_STAYS);
    assert_int_equal(f->escape->results[0], 0);
}

/* ---- objects ---- */

static void local_objects_become_slots(void **state) {
    World *w = *state;
    make_same(w);
    IrFunc *f = func(w, "test.f", NULL, 0, w->t_int);
    IrVal x = new_int(w);
    store(w, w->t_int, x, num(w, 7));
    IrVal y = call1(w, "test.same", ptr_to(w, w->t_int), x, ptr_to(w, w->t_int));
    ret(w, temp(w, IR_LOAD, w->t_int, w->t_int, y, iv_none()));
    analyse(w);
    assert_int_equal(count_op(f, IR_NEW), 0);
}

static void leaked_and_returned_objects_stay_new(void **state) {
    World *w = *state;
    make_leak(w);
    IrFunc *f = func(w, "test.f", NULL, 0, ptr_to(w, w->t_int));
    call1(w, "test.leak", ptr_to(w, w->t_int), new_int(w), NULL);
    ret(w, new_int(w));
    analyse(w);
    assert_int_equal(count_op(f, IR_NEW), 2);
}

static void what_leaked_objects_hold_leaks(void **state) {
    World *w = *state;
    Type *p = ptr_to(w, w->t_int), *pp = ptr_to(w, p);
    IrFunc *f = func(w, "test.f", NULL, 0, pp);
    IrVal outer = temp(w, IR_NEW, pp, p, iv_none(), iv_none());
    store(w, p, outer, new_int(w));
    ret(w, outer);
    analyse(w);
    assert_int_equal(count_op(f, IR_NEW), 2);
}

/* ---- loops ---- */

/* var last *int; for cond { x := new(int); use(x); if keep { last = x } } */
static IrFunc *make_loop(World *w, bool keep) {
    Type *p = ptr_to(w, w->t_int);
    IrFunc *f = func(w, "test.loop", PARAMS(w->t_bool), NULL);
    int last = ir_local(f, p, NULL, NO_POS);
    IrBlock *test = ir_block(f), *body = ir_block(f), *end = ir_block(f);
    IrInstr *in = emit(w, IR_COPY, iv_zero(p), iv_none());
    in->dst = last;
    in->type = p;
    jump(w, test);
    w->b = test;
    branch(w, local(w, 0), body, end);
    w->b = body;
    IrVal old = temp(w, IR_LOAD, w->t_int, w->t_int, local(w, last), iv_none()), x = new_int(w);
    store(w, w->t_int, x, old);
    call1(w, "test.same", p, x, p);
    if (keep) {
        in = emit(w, IR_COPY, x, iv_none());
        in->dst = last;
        in->type = p;
    }
    jump(w, test);
    w->b = end;
    ret(w, iv_none());
    return f;
}

static void objects_of_one_iteration_become_slots(void **state) {
    World *w = *state;
    make_same(w);
    IrFunc *f = make_loop(w, false);
    analyse(w);
    assert_int_equal(count_op(f, IR_NEW), 0);
}

static void objects_kept_for_the_next_iteration_stay_new(void **state) {
    World *w = *state;
    make_same(w);
    IrFunc *f = make_loop(w, true);
    analyse(w);
    assert_int_equal(count_op(f, IR_NEW), 1);
}

/* A loop with two entries has no head: nothing in its function is known to be of one iteration. */
static void jumps_into_loops_keep_objects_new(void **state) {
    World *w = *state;
    Type *p = ptr_to(w, w->t_int);
    make_same(w);
    IrFunc *f = func(w, "test.f", PARAMS(w->t_bool), NULL);
    IrBlock *a = ir_block(f), *b = ir_block(f), *end = ir_block(f);
    branch(w, local(w, 0), a, b);
    w->b = a;
    call1(w, "test.same", p, new_int(w), p);
    branch(w, local(w, 0), b, end);
    w->b = b;
    jump(w, a);
    w->b = end;
    ret(w, iv_none());
    analyse(w);
    assert_int_equal(count_op(f, IR_NEW), 1);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(contracts_tell_heap_and_results), TEST(contracts_survive_text), TEST(unknown_callees_leak),
        TEST(recursion_reaches_a_fixed_point), TEST(local_objects_become_slots),
        TEST(leaked_and_returned_objects_stay_new), TEST(what_leaked_objects_hold_leaks),
        TEST(objects_of_one_iteration_become_slots), TEST(objects_kept_for_the_next_iteration_stay_new),
        TEST(jumps_into_loops_keep_objects_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
