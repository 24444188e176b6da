/* lower_switch.c: expression switches and type switches.
 *
 * Cases are tried in source order, except where that cannot be observed: integer constants become one SWITCH
 * instruction, string constants are selected by length first. A type switch compares the descriptor of the dynamic
 * type, or asks the runtime whether that type implements an interface. */
#include "ir/lower.h"
#include <stdlib.h>
#include <string.h>

enum { MIN_TABLE = 4 }; /* fewer constant cases are compared one by one */

/* One clause for each entry of clauses; the bodies' blocks run parallel to it. */
typedef struct Clauses {
    NodeList *list;
    IrBlock **bodies;
    IrBlock *end, *otherwise; /* after the switch; where no case fits */
} Clauses;

static Clauses make_clauses(Builder *b, NodeList *list) {
    Clauses c = {list, NEW_ARRAY(b->l->arena, IrBlock *, list->len), ir_block(b->f), NULL};
    c.otherwise = c.end;
    for (int i = 0; i < list->len; i++) {
        c.bodies[i] = ir_block(b->f);
        if (list->at[i]->case_clause.is_default) c.otherwise = c.bodies[i];
    }
    return c;
}

typedef void (*ClauseFn)(Builder *b, Node *clause, int i, void *arg);

/* The bodies of switch n; before (may be NULL) is called at the start of each. */
static void lower_bodies(Builder *b, Node *n, const Clauses *c, ClauseFn before, void *arg) {
    Target *t = lw_push_target(b, n, c->end, NULL);
    bool ends = c->otherwise == c->end;
    for (int i = 0; i < c->list->len; i++) {
        t->fall_to = i + 1 < c->list->len ? c->bodies[i + 1] : NULL;
        lw_start(b, c->bodies[i]);
        if (before) before(b, c->list->at[i], i, arg);
        lw_stmts(b, &c->list->at[i]->case_clause.body);
        ends |= b->cur != NULL;
        lw_jump(b, c->end);
    }
    lw_pop_target(b);
    if (ends || t->broken) lw_start(b, c->end);
}

/* ---- comparing one case ---- */

typedef struct Tag {
    IrVal v;
    Type *type;
} Tag;

static void branch_if_nil(Builder *b, Tag tag, IrBlock *yes, IrBlock *no) {
    IrVal word = lw_nil_word(b, tag.v, tag.type);
    lw_branch(b, lw_test(b, IR_EQ, word, iv_int(word.type, 0)), yes, no);
}

/* The comparison happens in the tag's type, or in the case's when that is the interface of the two. */
static bool compares_as_case(Builder *b, Type *tag, Type *case_type) {
    if (!type_is_interface(b->l->s, case_type)) return false;
    return !type_is_interface(b->l->s, tag) || !type_implements(b->l->s, case_type, tag, false, NULL);
}

static void branch_if_equal(Builder *b, Tag tag, Node *e, IrBlock *yes, IrBlock *no) {
    b->pos = e->pos;
    if (e->mode == EM_NIL) {
        branch_if_nil(b, tag, yes, no);
        return;
    }
    Type *t = tag.type;
    Type *case_type = lw_type_of(b, e);
    if (t != case_type && compares_as_case(b, t, case_type)) t = case_type;
    IrVal y = lw_expr_as(b, e, t);
    IrVal x = lw_assign_convert(b, tag.v, tag.type, t);
    lw_equal_branch(b, t, x, y, yes, no);
}

/* ---- tables of constants ---- */

typedef struct ConstCase {
    const ConstVal *value;
    IrBlock *body;
    const char *text; /* of a string */
    size_t len;
} ConstCase;
typedef VEC(ConstCase) ConstCases;

/* Collects the cases; false when one is not constant. */
static bool constant_cases(Builder *b, const Clauses *c, ConstCases *out) {
    for (int i = 0; i < c->list->len; i++) {
        NodeList *exprs = &c->list->at[i]->case_clause.exprs;
        for (int k = 0; k < exprs->len; k++) {
            Node *e = exprs->at[k];
            if (e->mode != EM_CONST || !e->value) return false;
            ConstCase cc = {.value = e->value, .body = c->bodies[i]};
            if (cv_kind(e->value) == CV_STRING) cc.text = cv_string_value(e->value, &cc.len);
            vec_push(b->l->arena, out, cc);
        }
    }
    return out->len >= MIN_TABLE;
}

void lw_switch_on(Builder *b, IrVal v, int64_t *values, IrBlock **targets, int n, IrBlock *otherwise) {
    if (!b->cur) return;
    IrInstr *in = lw_emit(b, IR_SWITCH);
    in->type = v.type;
    in->a = v;
    in->cases.values = values;
    in->cases.targets = targets;
    in->cases.n = n;
    b->cur->succ[0] = otherwise;
    b->cur = NULL;
}

static void switch_on_ints(Builder *b, Tag tag, const ConstCases *cases, IrBlock *otherwise) {
    int64_t *values = NEW_ARRAY(b->l->arena, int64_t, cases->len);
    IrBlock **targets = NEW_ARRAY(b->l->arena, IrBlock *, cases->len);
    for (int i = 0; i < cases->len; i++) {
        values[i] = lw_const(b, cases->at[i].value, tag.type).imm;
        targets[i] = cases->at[i].body;
    }
    lw_switch_on(b, tag.v, values, targets, cases->len, otherwise);
}

static int by_length_and_text(const void *x, const void *y) {
    const ConstCase *a = x, *b = y;
    if (a->len != b->len) return a->len < b->len ? -1 : 1;
    return memcmp(a->text, b->text, a->len);
}

enum { MAX_LINEAR = 6 }; /* strings of one length: more are searched by halves */

/* Finds the tag, whose length is right, among cases that are sorted. */
static void find_string(Builder *b, Tag tag, const ConstCase *cases, int n, IrBlock *otherwise) {
    if (n > MAX_LINEAR) {
        int half = n / 2;
        IrBlock *low = ir_block(b->f), *high = ir_block(b->f);
        IrVal middle = lw_const(b, cases[half].value, b->l->t_string);
        IrVal order = LW_RT(b, rt_string_compare, b->l->t_int, tag.v, middle);
        lw_branch(b, lw_test(b, IR_LT, order, iv_int(b->l->t_int, 0)), low, high);
        lw_start(b, low);
        find_string(b, tag, cases, half, otherwise);
        lw_start(b, high);
        find_string(b, tag, cases + half, n - half, otherwise);
        return;
    }
    for (int i = 0; i < n; i++) {
        IrBlock *next = i == n - 1 ? otherwise : ir_block(b->f);
        lw_equal_branch(b, tag.type, tag.v, lw_const(b, cases[i].value, tag.type), cases[i].body, next);
        if (next != otherwise) lw_start(b, next);
    }
}

static void switch_on_strings(Builder *b, Tag tag, ConstCases *cases, IrBlock *otherwise) {
    qsort(cases->at, (size_t)cases->len, sizeof *cases->at, by_length_and_text);
    int64_t *lengths = NEW_ARRAY(b->l->arena, int64_t, cases->len);
    IrBlock **targets = NEW_ARRAY(b->l->arena, IrBlock *, cases->len);
    int *starts = NEW_ARRAY(b->l->arena, int, cases->len + 1);
    int groups = 0;
    for (int i = 0; i < cases->len; i++) {
        if (i && cases->at[i].len == cases->at[i - 1].len) continue;
        lengths[groups] = (int64_t)cases->at[i].len;
        targets[groups] = ir_block(b->f);
        starts[groups++] = i;
    }
    starts[groups] = cases->len;
    lw_switch_on(b, lw_str_len(b, tag.v), lengths, targets, groups, otherwise);
    for (int g = 0; g < groups; g++) {
        lw_start(b, targets[g]);
        find_string(b, tag, cases->at + starts[g], starts[g + 1] - starts[g], otherwise);
    }
}

/* Switches whose cases are all integer or string constants; false when this one is none. */
static bool switch_on_constants(Builder *b, Tag tag, const Clauses *c) {
    bool is_int = type_has(b->l->s, tag.type, TP_INTEGER), is_string = type_has(b->l->s, tag.type, TP_STRING);
    ConstCases cases = {0};
    if ((!is_int && !is_string) || !constant_cases(b, c, &cases)) return false;
    if (is_int) switch_on_ints(b, tag, &cases, c->otherwise);
    else switch_on_strings(b, tag, &cases, c->otherwise);
    return true;
}

/* ---- expression switch ---- */

static bool is_true(const Node *tag) {
    return !tag || (tag->mode == EM_CONST && cv_kind(tag->value) == CV_BOOL && cv_bool_value(tag->value));
}

static Tag evaluate_tag(Builder *b, Node *n) {
    if (!n) return (Tag){iv_int(b->l->t_bool, 1), b->l->t_bool};
    return (Tag){lw_snapshot(b, lw_expr(b, n)), lw_type_of(b, n)};
}

static bool is_const(const Node *e) { return e && e->mode == EM_CONST && e->value; }

/* One case: goes to yes when it fits. Between constants that is known now, and what no case leads to is dropped. */
static void try_case(Builder *b, Node *tag_node, Tag tag, Node *e, IrBlock *yes, IrBlock *no) {
    b->pos = e->pos;
    if (is_const(tag_node) && is_const(e)) lw_jump(b, cv_compare(TK_EQL, tag_node->value, e->value) ? yes : no);
    else if (is_true(tag_node) && type_has(b->l->s, lw_type_of(b, e), TP_BOOLEAN)) lw_cond(b, e, yes, no);
    else branch_if_equal(b, tag, e, yes, no);
}

/* Tries the cases one by one. */
static void try_cases(Builder *b, Node *tag_node, Tag tag, const Clauses *c) {
    for (int i = 0; i < c->list->len; i++) {
        NodeList *exprs = &c->list->at[i]->case_clause.exprs;
        for (int k = 0; k < exprs->len; k++) {
            IrBlock *next = ir_block(b->f);
            try_case(b, tag_node, tag, exprs->at[k], c->bodies[i], next);
            lw_start(b, next);
        }
    }
    lw_jump(b, c->otherwise);
}

void lw_switch(Builder *b, Node *n) {
    if (n->switch_stmt.init) lw_stmt(b, n->switch_stmt.init);
    Node *tag_node = n->switch_stmt.tag;
    Tag tag = evaluate_tag(b, tag_node);
    Clauses c = make_clauses(b, &n->switch_stmt.clauses);
    if (is_const(tag_node) || !switch_on_constants(b, tag, &c)) try_cases(b, tag_node, tag, &c);
    lower_bodies(b, n, &c, NULL, NULL);
}

/* ---- type switch ---- */

typedef struct TypeSwitch {
    IrVal x, word, data; /* the operand; its dynamic type's descriptor, nil for nil; its data word */
    Type *iface;
} TypeSwitch;

/* Goes to yes when the operand has type t. For an interface type *itab gets the type word of the operand as a t. */
static void branch_if_type(Builder *b, const TypeSwitch *sw, Type *t, IrBlock *yes, IrBlock *no, IrVal *itab) {
    Lower *l = b->l;
    *itab = iv_none();
    if (!type_is_interface(l->s, t)) {
        lw_branch(b, lw_test(b, IR_EQ, sw->word, lw_type_val(b, t)), yes, no);
        return;
    }
    IrVal is_some = lw_not_nil(b, sw->word);
    if (lw_is_eface(l, t)) {
        *itab = sw->word;
        lw_branch(b, is_some, yes, no);
        return;
    }
    IrBlock *ask = ir_block(b->f);
    lw_branch(b, is_some, ask, no);
    lw_start(b, ask);
    *itab = LW_RT(b, rt_itab, l->t_ptr, lw_type_val(b, t), sw->word);
    lw_branch(b, lw_not_nil(b, *itab), yes, no);
}

static bool is_nil_case(const Node *e) { return e->mode == EM_NIL; }

static void branch_if_case(Builder *b, const TypeSwitch *sw, Node *e, IrBlock *yes, IrBlock *no, IrVal *itab) {
    Lower *l = b->l;
    *itab = iv_none();
    if (!is_nil_case(e)) branch_if_type(b, sw, lw_type_of(b, e), yes, no, itab);
    else lw_branch(b, lw_test(b, IR_EQ, sw->word, iv_int(l->t_ptr, 0)), yes, no);
}

typedef struct ClauseVars {
    const TypeSwitch *sw;
    const IrVal *itabs; /* for each clause, from its only test */
} ClauseVars;

/* Declares the variable of a clause. One that names exactly one type sees a value of it, the others the operand. */
static void declare_clause_var(Builder *b, Node *clause, int i, void *arg) {
    const ClauseVars *vars = arg;
    const TypeSwitch *sw = vars->sw;
    Object *v = clause->case_clause.var;
    if (!v) return;
    NodeList *exprs = &clause->case_clause.exprs;
    Type *t = lw_type(b, v->type);
    IrVal value = sw->x, itab = vars->itabs[i];
    if (exprs->len == 1 && !is_nil_case(exprs->at[0]))
        value = itab.kind == IV_NONE ? lw_iface_unbox(b, sw->data, t) : lw_make2(b, t, itab, sw->data);
    lw_declare_var(b, v, value);
}

static Node *switch_operand(const Node *n) {
    Node *x = ast_unparen(n->type_switch.x);
    return x->kind == ND_TYPE_ASSERT && !x->assert_.type ? x->assert_.x : x;
}

static TypeSwitch evaluate_operand(Builder *b, Node *n) {
    TypeSwitch sw = {.iface = lw_type_of(b, n)};
    sw.x = lw_snapshot(b, lw_expr(b, n));
    sw.word = lw_iface_type_word(b, sw.x, sw.iface);
    sw.data = lw_part(b, sw.x, b->l->t_ptr, 8);
    return sw;
}

void lw_branch_if_type(Builder *b, IrVal x, Type *iface, Type *t, IrBlock *yes, IrBlock *no) {
    TypeSwitch sw = {.x = x, .word = lw_iface_type_word(b, x, iface), .iface = iface};
    IrVal itab;
    branch_if_type(b, &sw, t, yes, no, &itab);
}

void lw_type_switch(Builder *b, Node *n) {
    if (n->type_switch.init) lw_stmt(b, n->type_switch.init);
    TypeSwitch sw = evaluate_operand(b, switch_operand(n));
    Clauses c = make_clauses(b, &n->type_switch.clauses);
    IrVal *itabs = NEW_ARRAY(b->l->arena, IrVal, c.list->len);
    for (int i = 0; i < c.list->len; i++) {
        NodeList *exprs = &c.list->at[i]->case_clause.exprs;
        for (int k = 0; k < exprs->len; k++) {
            IrBlock *next = ir_block(b->f);
            b->pos = exprs->at[k]->pos;
            branch_if_case(b, &sw, exprs->at[k], c.bodies[i], next, &itabs[i]);
            lw_start(b, next);
        }
    }
    lw_jump(b, c.otherwise);
    lower_bodies(b, n, &c, declare_clause_var, &(ClauseVars){&sw, itabs});
}
