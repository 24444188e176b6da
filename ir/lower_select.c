/* lower_select.c: select statements.
 *
 * The operands of all cases (channels, and values to send) are evaluated in source order when the statement is
 * entered; the left side of the chosen receive only after the choice (specification, "Select statements"). The choice
 * is made by the runtime from an array of RtCase in the frame, sends first. A statement of one case, with or without
 * default, needs no array: it is a plain, or a non-blocking, communication. */
#include "ir/lower.h"

/* A clause other than default. */
typedef struct Comm {
    Node *stmt;      /* ND_SEND, ND_EXPR_STMT or ND_ASSIGN */
    Type *elem;
    IrVal chan, slot;
    int64_t number;  /* among the RtCases */
    IrBlock *body;
} Comm;

typedef struct Select {
    Node *n;
    Comm *comms;     /* parallel to the clauses; that of default has no stmt */
    int count, sends;
    IrBlock *otherwise, *end; /* otherwise: the default clause, or NULL */
    IrVal received;  /* whether the chosen receive got a value */
} Select;

static NodeList *clauses_of(const Select *s) { return &s->n->select_stmt.clauses; }

static Node *receive_of(Node *stmt) {
    return ast_unparen(stmt->kind == ND_ASSIGN ? stmt->assign.rhs.at[0] : stmt->expr_stmt.x);
}

/* ---- operands ---- */

static void send_operands(Builder *b, Comm *c) {
    Node *ch = c->stmt->send.ch, *value = c->stmt->send.value;
    lw_order_list(b, (Node *[]){ch, value}, 2);
    c->chan = lw_snapshot(b, lw_expr(b, ch));
    c->elem = lw_elem(b->l, lw_type_of(b, ch));
    c->slot = lw_send_slot(b, lw_expr_as(b, value, c->elem));
}

static void receive_operands(Builder *b, Comm *c) {
    Node *ch = receive_of(c->stmt)->unary.x;
    c->chan = lw_snapshot(b, lw_expr(b, ch));
    c->elem = lw_elem(b->l, lw_type_of(b, ch));
    bool is_dropped = c->stmt->kind != ND_ASSIGN || ast_is_blank(ast_unparen(c->stmt->assign.lhs.at[0]));
    c->slot = is_dropped ? iv_int(b->l->t_ptr, 0) : lw_receive_slot(b, c->elem);
}

/* Numbers the clauses and makes their blocks. */
static Select prepare(Builder *b, Node *n) {
    Select s = {.n = n, .end = ir_block(b->f)};
    NodeList *list = clauses_of(&s);
    s.comms = NEW_ARRAY(b->l->arena, Comm, list->len);
    for (int i = 0; i < list->len; i++) {
        Comm *c = &s.comms[i];
        c->stmt = list->at[i]->comm_clause.comm;
        c->body = ir_block(b->f);
        if (!c->stmt) s.otherwise = c->body;
        s.count += c->stmt != NULL;
        s.sends += c->stmt && c->stmt->kind == ND_SEND;
    }
    int64_t sends = 0, receives = s.sends;
    for (int i = 0; i < list->len; i++) {
        Comm *c = &s.comms[i];
        if (!c->stmt) continue;
        b->pos = c->stmt->pos;
        bool is_send = c->stmt->kind == ND_SEND;
        c->number = is_send ? sends++ : receives++;
        if (is_send) send_operands(b, c);
        else receive_operands(b, c);
    }
    b->pos = n->pos;
    return s;
}

/* ---- the choice ---- */

/* Takes from what the runtime returned whether something was received. */
static void note_received(Builder *b, Select *s, IrVal chosen) {
    Type *t = b->l->t_int;
    s->received = lw_test(b, IR_NE, lw_temp(b, IR_AND, t, t, chosen, iv_int(t, 1)), iv_int(t, 0));
}

static void choose_only(Builder *b, Select *s, Comm *c) {
    Lower *l = b->l;
    if (c->stmt->kind == ND_SEND) {
        if (!s->otherwise) LW_RT(b, rt_chan_send, NULL, c->chan, c->slot);
        else lw_branch(b, LW_RT(b, rt_chan_try_send, l->t_bool, c->chan, c->slot), c->body, s->otherwise);
    } else if (!s->otherwise) {
        s->received = LW_RT(b, rt_chan_recv, l->t_bool, c->chan, c->slot);
    } else {
        IrVal chosen = LW_RT(b, rt_chan_try_recv, l->t_int, c->chan, c->slot);
        note_received(b, s, chosen);
        lw_branch(b, lw_test(b, IR_GE, chosen, iv_int(l->t_int, 0)), c->body, s->otherwise);
    }
    lw_jump(b, c->body);
}

static IrVal fill_cases(Builder *b, const Select *s) {
    Type *ptr = b->l->t_ptr;
    IrVal array = iv_slot(b->f, ir_raw_slot(b->f, s->count * (int)sizeof(RtCase)), 0, ptr);
    for (int i = 0; i < clauses_of(s)->len; i++) {
        const Comm *c = &s->comms[i];
        if (!c->stmt) continue;
        int64_t at = c->number * (int64_t)sizeof(RtCase);
        lw_store(b, ptr, array, at + (int64_t)offsetof(RtCase, chan), lw_retype(c->chan, ptr));
        lw_store(b, ptr, array, at + (int64_t)offsetof(RtCase, elem), lw_retype(c->slot, ptr));
    }
    return array;
}

static void choose(Builder *b, Select *s) {
    Lower *l = b->l;
    IrVal array = fill_cases(b, s);
    IrVal chosen = LW_RT(b, rt_select, l->t_int, array, iv_int(l->t_int, s->sends), iv_int(l->t_int, s->count),
                         iv_int(l->t_bool, !s->otherwise));
    if (s->count > s->sends) note_received(b, s, chosen);
    int64_t *values = NEW_ARRAY(l->arena, int64_t, s->count);
    IrBlock **targets = NEW_ARRAY(l->arena, IrBlock *, s->count);
    IrBlock *last = NULL;
    int n = 0;
    for (int i = 0; i < clauses_of(s)->len; i++) {
        const Comm *c = &s->comms[i];
        if (!c->stmt) continue;
        values[n] = c->number;
        targets[n++] = last = c->body;
    }
    IrVal number = lw_temp(b, IR_SHR, l->t_int, l->t_int, chosen, iv_int(l->t_uint64, 1));
    lw_switch_on(b, number, values, targets, s->otherwise ? n : n - 1, s->otherwise ? s->otherwise : last);
}

/* ---- the bodies ---- */

/* Stores what was received; the left side is evaluated only now. */
static void assign_received(Builder *b, const Select *s, const Comm *c) {
    if (!c->stmt || c->stmt->kind != ND_ASSIGN) return;
    b->pos = c->stmt->pos;
    NodeList *lhs = &c->stmt->assign.lhs;
    IrVal values[2] = {lw_received(b, c->elem, c->slot), s->received};
    Type *types[2] = {c->elem, b->l->t_bool};
    lw_assign_values(b, lhs->at, lhs->len, values, types, c->stmt->assign.op == TK_DEFINE);
}

static void lower_bodies(Builder *b, const Select *s) {
    Target *t = lw_push_target(b, s->n, s->end, NULL);
    bool ends = false;
    for (int i = 0; i < clauses_of(s)->len; i++) {
        lw_start(b, s->comms[i].body);
        assign_received(b, s, &s->comms[i]);
        lw_stmts(b, &clauses_of(s)->at[i]->comm_clause.body);
        ends |= b->cur != NULL;
        lw_jump(b, s->end);
    }
    lw_pop_target(b);
    if (ends || t->broken) lw_start(b, s->end);
}

static Comm *only_comm(const Select *s) {
    Comm *c = s->comms;
    while (!c->stmt) c++;
    return c;
}

void lw_select_stmt(Builder *b, Node *n) {
    if (n->select_stmt.clauses.len == 0) {
        lw_rt(b, RTE_rt_select_none, NULL, NULL, 0);
        return;
    }
    Select s = prepare(b, n);
    if (s.count > 1) choose(b, &s);
    else if (s.count == 1) choose_only(b, &s, only_comm(&s));
    lower_bodies(b, &s);
}
