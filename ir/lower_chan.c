/* lower_chan.c: sending to channels and receiving from them.
 *
 * Elements are passed by address. What is sent is copied to a slot of its own first, so that no variable has its address
 * taken for it; what is received comes to rest in a slot and is read from there. */
#include "ir/lower.h"

IrVal lw_send_slot(Builder *b, IrVal v) {
    if (lw_size(b, v.type) == 0) return iv_int(b->l->t_ptr, 0);
    return lw_value_addr(b, lw_snapshot(b, v));
}

IrVal lw_receive_slot(Builder *b, Type *t) {
    if (lw_size(b, t) == 0) return iv_int(b->l->t_ptr, 0);
    return iv_slot(b->f, lw_new_temp(b, t), 0, lw_ptr_to(b->l, t));
}

IrVal lw_received(Builder *b, Type *t, IrVal slot) {
    return slot.kind == IV_SLOT ? lw_load(b, t, slot, 0) : iv_zero(t);
}

IrVal lw_receive(Builder *b, Node *n, IrVal *ok) {
    Type *elem = lw_elem(b->l, lw_type_of(b, n->unary.x));
    IrVal c = lw_expr(b, n->unary.x);
    IrVal slot = lw_receive_slot(b, elem);
    IrVal open = LW_RT(b, rt_chan_recv, b->l->t_bool, c, slot);
    if (ok) *ok = open;
    return lw_received(b, elem, slot);
}

void lw_send(Builder *b, Node *n) {
    Node *ch = n->send.ch, *value = n->send.value;
    lw_order_list(b, (Node *[]){ch, value}, 2);
    IrVal c = lw_expr(b, ch);
    IrVal v = lw_expr_as(b, value, lw_elem(b->l, lw_type_of(b, ch)));
    LW_RT(b, rt_chan_send, NULL, c, lw_send_slot(b, v));
}
