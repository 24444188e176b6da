/* The intermediate representation: construction, printing, simplification, inlining. */
#include "ir_support.h"

/* ---- construction ---- */

static void bytes_are_shared(void **state) {
    World *w = *state;
    IrSym *a = ir_bytes(&w->p, "ab\0c", 4), *b = ir_bytes(&w->p, "ab\0c", 4), *c = ir_bytes(&w->p, "ab", 2);
    assert_ptr_equal(a, b);
    assert_ptr_not_equal(a, c);
    assert_int_equal(a->data->size, 5);
    assert_memory_equal(a->data->bytes, "ab\0c\0", 5);
    assert_true(a->data->readonly && a->linkage == IL_LOCAL);
}

static void relocations_are_sorted(void **state) {
    World *w = *state;
    IrData *d = ir_data_new(&w->p, ir_sym(&w->p, "d"), 32, 8, IL_GLOBAL);
    IrSym *x = ir_sym(&w->p, "x");
    ir_data_addr(&w->p, d, 16, x, 0);
    ir_data_addr(&w->p, d, 0, x, 8);
    ir_data_addr32(&w->p, d, 8, x);
    ir_data_int(d, 24, 4, 0x01020304);
    assert_int_equal(d->relocs.len, 3);
    assert_int_equal(d->relocs.at[0].offset, 0);
    assert_int_equal(d->relocs.at[1].offset, 8);
    assert_int_equal(d->relocs.at[2].offset, 16);
    assert_memory_equal(d->bytes + 24, "\4\3\2\1", 4);
}

static void symbols_are_found_again(void **state) {
    World *w = *state;
    assert_ptr_equal(ir_sym(&w->p, "main.f"), ir_sym(&w->p, "main.f"));
    assert_ptr_not_equal(ir_sym(&w->p, "main.f"), ir_sym(&w->p, "main.g"));
}

/* ---- printing ---- */

static void prints_instructions(void **state) {
    World *w = *state;
    IrFunc *f = func(w, "test.f", PARAMS(w->t_int, w->t_slice), w->t_int);
    IrBlock *yes = ir_block(f), *no = ir_block(f);
    IrVal n = temp(w, IR_LOAD, w->t_int, w->t_int, iv_slot(f, 1, 8, w->t_ptr), iv_none());
    emit(w, IR_CHECK_INDEX, local(w, 0), n);
    IrVal sum = temp(w, IR_ADD, w->t_int, w->t_int, n, num(w, 5));
    branch(w, temp(w, IR_LT, w->t_bool, w->t_int, sum, num(w, 0)), yes, no);
    w->b = yes;
    ret(w, sum);
    w->b = no;
    ret(w, num(w, -1));
    ir_verify(&w->p);
    assert_string_equal(printed(w, f),
                        "func test.f(%0 int, %1 []int) int {\n"
                        "b0:\n"
                        "    %2:int = LOAD &1+8\n"
                        "    CHECK_INDEX %0, %2\n"
                        "    %3:int = ADD %2, 5\n"
                        "    %4:bool = LT %3, 0\n"
                        "    BR %4, b1, b2\n"
                        "b1:\n"
                        "    RET %3\n"
                        "b2:\n"
                        "    RET -1\n"
                        "}\n");
}

/* ---- simplification ---- */

static int count_op(const IrFunc *f, IrOp op) {
    int n = 0;
    for (int i = 0; i < f->blocks.len; i++)
        for (int j = 0; j < f->blocks.at[i]->instrs.len; j++) n += f->blocks.at[i]->instrs.at[j].op == op;
    return n;
}

static void constant_branches_go(void **state) {
    World *w = *state;
    IrFunc *f = func(w, "test.f", NULL, 0, w->t_int);
    IrBlock *yes = ir_block(f), *no = ir_block(f), *end = ir_block(f);
    branch(w, iv_int(w->t_bool, 1), yes, no);
    w->b = yes;
    jump(w, end);
    w->b = no;
    ret(w, num(w, 1));
    w->b = end;
    ret(w, num(w, 2));
    ir_simplify(&w->p);
    ir_verify(&w->p);
    assert_string_equal(printed(w, f), "func test.f() int {\nb0:\n    RET 2\n}\n");
}

static void copies_and_dead_values_go(void **state) {
    World *w = *state;
    IrFunc *f = func(w, "test.f", PARAMS(w->t_int), w->t_int);
    IrVal c = temp(w, IR_COPY, w->t_int, NULL, local(w, 0), iv_none());
    IrVal five = temp(w, IR_COPY, w->t_int, NULL, num(w, 5), iv_none());
    temp(w, IR_MUL, w->t_int, w->t_int, c, five); /* dead */
    ret(w, temp(w, IR_ADD, w->t_int, w->t_int, c, five));
    ir_simplify(&w->p);
    ir_verify(&w->p);
    assert_string_equal(printed(w, f), "func test.f(%0 int) int {\nb0:\n    %4:int = ADD %0, 5\n    RET %4\n}\n");
}

static void reassigned_sources_stay(void **state) {
    World *w = *state;
    IrFunc *f = func(w, "test.f", PARAMS(w->t_int), w->t_int);
    IrVal old = temp(w, IR_COPY, w->t_int, NULL, local(w, 0), iv_none());
    IrInstr *in = emit(w, IR_ADD, local(w, 0), num(w, 1));
    in->type = w->t_int;
    in->dst = 0;
    ret(w, old);
    ir_simplify(&w->p);
    ir_verify(&w->p);
    assert_int_equal(count_op(f, IR_COPY), 1);
}

static void repeated_checks_go(void **state) {
    World *w = *state;
    IrFunc *f = func(w, "test.f", PARAMS(w->t_ptr, w->t_int, w->t_int, w->t_bool), NULL);
    IrBlock *yes = ir_block(f), *no = ir_block(f);
    emit(w, IR_CHECK_NIL, local(w, 0), iv_none());
    emit(w, IR_CHECK_INDEX, local(w, 1), local(w, 2));
    branch(w, local(w, 3), yes, no);
    w->b = yes;
    emit(w, IR_CHECK_NIL, local(w, 0), iv_none());              /* known */
    emit(w, IR_CHECK_INDEX, local(w, 1), local(w, 2));          /* known */
    emit(w, IR_COPY, num(w, 7), iv_none())->dst = 1;
    emit(w, IR_CHECK_INDEX, local(w, 1), local(w, 2));          /* another value */
    ret(w, iv_none());
    w->b = no;
    emit(w, IR_CHECK_INDEX, num(w, 2), num(w, 3));              /* constants */
    emit(w, IR_CHECK_INDEX, num(w, 3), num(w, 3));              /* always fails: stays */
    ret(w, iv_none());
    ir_simplify(&w->p);
    ir_verify(&w->p);
    assert_int_equal(count_op(f, IR_CHECK_NIL), 1);
    assert_int_equal(count_op(f, IR_CHECK_INDEX), 3);
}

static void checks_after_a_join_stay(void **state) {
    World *w = *state;
    IrFunc *f = func(w, "test.f", PARAMS(w->t_ptr, w->t_bool), NULL);
    IrBlock *yes = ir_block(f), *end = ir_block(f);
    branch(w, local(w, 1), yes, end);
    w->b = yes;
    emit(w, IR_CHECK_NIL, local(w, 0), iv_none());
    jump(w, end);
    w->b = end;
    emit(w, IR_CHECK_NIL, local(w, 0), iv_none());
    ret(w, iv_none());
    ir_simplify(&w->p);
    assert_int_equal(count_op(f, IR_CHECK_NIL), 2);
}

/* ---- checks in loops ---- */

/* for i := 0; i < len(s); i++ { s[i] }, with step as the increment; returns the number of checks left. */
static int loop_checks(World *w, int64_t start, int64_t step) {
    IrFunc *f = func(w, "test.f", PARAMS(w->t_slice), NULL);
    IrBlock *test = ir_block(f), *body = ir_block(f), *end = ir_block(f);
    int i = ir_local(f, w->t_int, NULL, NO_POS);
    emit(w, IR_COPY, num(w, start), iv_none())->dst = i;
    jump(w, test);
    w->b = test;
    IrVal n = temp(w, IR_LOAD, w->t_int, w->t_int, iv_slot(f, 0, 8, w->t_ptr), iv_none());
    branch(w, temp(w, IR_LT, w->t_bool, w->t_int, iv_local(f, i), n), body, end);
    w->b = body;
    IrVal m = temp(w, IR_LOAD, w->t_int, w->t_int, iv_slot(f, 0, 8, w->t_ptr), iv_none());
    emit(w, IR_CHECK_INDEX, iv_local(f, i), m);
    IrInstr *add = emit(w, IR_ADD, iv_local(f, i), num(w, step));
    add->type = w->t_int;
    add->dst = i;
    jump(w, test);
    w->b = end;
    ret(w, iv_none());
    ir_simplify(&w->p);
    ir_verify(&w->p);
    return count_op(f, IR_CHECK_INDEX);
}

static void counted_loops_need_no_check(void **state) { assert_int_equal(loop_checks(*state, 0, 1), 0); }
static void loops_from_below_zero_do(void **state) { assert_int_equal(loop_checks(*state, -1, 1), 1); }
static void loops_with_large_steps_do(void **state) { assert_int_equal(loop_checks(*state, 0, 2), 1); }

/* if p != nil { *p } */
static void branches_tell_about_nil(void **state) {
    World *w = *state;
    IrFunc *f = func(w, "test.f", PARAMS(w->t_ptr), NULL);
    IrBlock *yes = ir_block(f), *no = ir_block(f);
    branch(w, temp(w, IR_NE, w->t_bool, w->t_ptr, local(w, 0), iv_int(w->t_ptr, 0)), yes, no);
    w->b = yes;
    emit(w, IR_CHECK_NIL, local(w, 0), iv_none());
    ret(w, iv_none());
    w->b = no;
    emit(w, IR_CHECK_NIL, local(w, 0), iv_none());
    ret(w, iv_none());
    ir_simplify(&w->p);
    assert_int_equal(count_op(f, IR_CHECK_NIL), 1);
}

/* ---- parts ---- */

/* s := slice{p, n, n}; return len(s): the slot goes. */
static void parts_become_locals(void **state) {
    World *w = *state;
    IrFunc *f = func(w, "test.f", PARAMS(w->t_ptr, w->t_int), w->t_int);
    int s = ir_local(f, w->t_slice, NULL, NO_POS);
    emit(w, IR_STORE, iv_slot(f, s, 0, w->t_ptr), local(w, 0))->type = w->t_ptr;
    emit(w, IR_STORE, iv_slot(f, s, 8, w->t_ptr), local(w, 1))->type = w->t_int;
    emit(w, IR_STORE, iv_slot(f, s, 16, w->t_ptr), local(w, 1))->type = w->t_int;
    ret(w, temp(w, IR_LOAD, w->t_int, w->t_int, iv_slot(f, s, 8, w->t_ptr), iv_none()));
    ir_simplify(&w->p);
    ir_verify(&w->p);
    assert_string_equal(printed(w, f), "func test.f(%0 unsafe.Pointer, %1 int) int {\nb0:\n    RET %1\n}\n");
}

static void slots_whose_address_escapes_stay(void **state) {
    World *w = *state;
    IrFunc *f = func(w, "test.f", PARAMS(w->t_int), w->t_int);
    int s = ir_local(f, w->t_slice, NULL, NO_POS);
    emit(w, IR_STORE, iv_slot(f, s, 8, w->t_ptr), local(w, 0))->type = w->t_int;
    call1(w, "test.sink", w->t_ptr, iv_slot(f, s, 0, w->t_ptr), w->t_int);
    ret(w, temp(w, IR_LOAD, w->t_int, w->t_int, iv_slot(f, s, 8, w->t_ptr), iv_none()));
    ir_simplify(&w->p);
    ir_verify(&w->p);
    assert_int_equal(count_op(f, IR_LOAD), 1);
    assert_int_equal(count_op(f, IR_STORE), 1);
}

/* ---- inlining ---- */

/* func twice(x int) int { return x + x } */
static IrFunc *twice(World *w) {
    IrFunc *f = func(w, "test.twice", PARAMS(w->t_int), w->t_int);
    ret(w, temp(w, IR_ADD, w->t_int, w->t_int, local(w, 0), local(w, 0)));
    return f;
}

static void small_functions_are_inlined(void **state) {
    World *w = *state;
    IrFunc *callee = twice(w);
    IrFunc *f = func(w, "test.f", PARAMS(w->t_int), w->t_int);
    ret(w, call1(w, "test.twice", w->t_int, call1(w, "test.twice", w->t_int, local(w, 0), w->t_int), w->t_int));
    ir_inline(&w->p);
    ir_verify(&w->p);
    assert_int_equal(count_op(f, IR_CALL), 0);
    assert_int_equal(count_op(f, IR_ADD), 2);
    assert_int_equal(f->blocks.len, 1);
    assert_int_equal(f->inlines.len, 2);
    assert_ptr_equal(f->inlines.at[0].callee, callee);
    assert_int_equal(f->inlines.at[0].outer, 0);
}

static void nested_calls_keep_their_chain(void **state) {
    World *w = *state;
    IrFunc *inner = twice(w);
    IrFunc *middle = func(w, "test.middle", PARAMS(w->t_int), w->t_int);
    ret(w, call1(w, "test.twice", w->t_int, local(w, 0), w->t_int));
    IrFunc *f = func(w, "test.f", PARAMS(w->t_int), w->t_int);
    ret(w, call1(w, "test.middle", w->t_int, local(w, 0), w->t_int));
    ir_inline(&w->p);
    ir_verify(&w->p);
    assert_int_equal(f->inlines.len, 2);
    assert_ptr_equal(f->inlines.at[0].callee, middle);
    assert_ptr_equal(f->inlines.at[1].callee, inner);
    assert_int_equal(f->inlines.at[1].outer, 1);
    const IrInstr *add = &f->blocks.at[0]->instrs.at[0];
    assert_int_equal(add->op, IR_ADD);
    assert_int_equal(add->inl, 2);
}

static void recursion_and_noinline_stay_calls(void **state) {
    World *w = *state;
    twice(w)->flags |= IF_NOINLINE;
    IrFunc *f = func(w, "test.f", PARAMS(w->t_int), w->t_int);
    ret(w, call1(w, "test.f", w->t_int, call1(w, "test.twice", w->t_int, local(w, 0), w->t_int), w->t_int));
    ir_inline(&w->p);
    ir_verify(&w->p);
    assert_int_equal(count_op(f, IR_CALL), 2);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(bytes_are_shared), TEST(relocations_are_sorted), TEST(symbols_are_found_again), TEST(prints_instructions),
        TEST(constant_branches_go), TEST(copies_and_dead_values_go), TEST(reassigned_sources_stay),
        TEST(repeated_checks_go), TEST(checks_after_a_join_stay), TEST(counted_loops_need_no_check),
        TEST(loops_from_below_zero_do), TEST(loops_with_large_steps_do), TEST(branches_tell_about_nil),
        TEST(parts_become_locals), TEST(slots_whose_address_escapes_stay), TEST(small_functions_are_inlined),
        TEST(nested_calls_keep_their_chain), TEST(recursion_and_noinline_stay_calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
