/* stmt.h: shared by the files on statements (stmt.c, switch.c, range.c, goostmt.c), private to them. */
#ifndef GOO_SEMA_STMT_H
#define GOO_SEMA_STMT_H

#include "sema/check.h"

/* ---- stmt.c ---- */
void check_stmt(Checker *c, Node *n); /* n may be NULL */
void check_stmt_list(Checker *c, NodeList *list);
void check_loop_body(Checker *c, Node *body);

/* ---- switch.c ---- */
void check_switch(Checker *c, Node *n);
void check_type_switch(Checker *c, Node *n);
void check_select(Checker *c, Node *n);

/* ---- range.c ---- */
void check_range(Checker *c, Node *n);

/* ---- goostmt.c ---- */
void check_try(Checker *c, Node *n);
void check_extension(Checker *c, Node *n); /* arena, restrict, with */
void check_arena(Checker *c, Node *n);      /* at.c */
void check_alloc_attr(Checker *c, Node *go, const Node *attr);

/* ---- rights.c ---- */
void check_restrict(Checker *c, Node *n), check_with(Checker *c, Node *n);

#endif
