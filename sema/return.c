/* return.c: which statements end their function for sure ("Terminating statements" in the specification).
 *
 * A loop or switch asks whether a break leaves it. The search for breaks without a label stops at the next statement
 * that such a break would leave; only the search for labelled ones goes down the same trees again. */
#include "sema/check.h"

static bool terminating_list(Checker *c, const NodeList *list, const Name *label);

/* ---- breaks ---- */

static bool list_breaks(const NodeList *list, const Name *label, bool implicit);

static bool clauses_break(const NodeList *clauses, const Name *label) {
    for (int i = 0; i < clauses->len; i++) {
        const Node *n = clauses->at[i];
        if (list_breaks(n->kind == ND_COMM ? &n->comm_clause.body : &n->case_clause.body, label, false)) return true;
    }
    return false;
}

/* Does n contain a break that leaves the statement with this label (NULL: none), or, if implicit, the innermost? */
static bool breaks(const Node *n, const Name *label, bool implicit) {
    if (!n) return false;
    switch ((NodeKind)n->kind) {
    case ND_LABELED: return breaks(n->labeled.stmt, label, implicit);
    case ND_BRANCH:
        if (n->branch.tok != TK_BREAK) return false;
        return n->branch.label ? n->branch.label->ident.name == label : implicit;
    case ND_BLOCK: return list_breaks(&n->block.stmts, label, implicit);
    case ND_IF: return breaks(n->if_stmt.then, label, implicit) || breaks(n->if_stmt.els, label, implicit);
    case ND_SWITCH: return label && clauses_break(&n->switch_stmt.clauses, label);
    case ND_TYPE_SWITCH: return label && clauses_break(&n->type_switch.clauses, label);
    case ND_SELECT: return label && clauses_break(&n->select_stmt.clauses, label);
    case ND_FOR: return label && breaks(n->for_stmt.body, label, false);
    case ND_RANGE: return label && breaks(n->range_stmt.body, label, false);
    case ND_TRY:
        if (breaks(n->try_stmt.body, label, implicit)) return true;
        return list_breaks(&n->try_stmt.clauses, label, implicit);
    case ND_RECOVER: return breaks(n->recover_clause.body, label, implicit);
    case ND_ARENA: return breaks(n->arena_stmt.body, label, implicit);
    case ND_RESTRICT: return breaks(n->restrict_stmt.body, label, implicit);
    case ND_WITH: return breaks(n->with_stmt.body, label, implicit);
    default: return false;
    }
}

static bool list_breaks(const NodeList *list, const Name *label, bool implicit) {
    for (int i = 0; i < list->len; i++)
        if (breaks(list->at[i], label, implicit)) return true;
    return false;
}

/* ---- terminating statements ---- */

static bool clause_terminates(Checker *c, const NodeList *body, const Name *label) {
    return terminating_list(c, body, NULL) && !list_breaks(body, label, true);
}

static bool switch_terminates(Checker *c, const NodeList *clauses, const Name *label) {
    bool has_default = false;
    for (int i = 0; i < clauses->len; i++) {
        const Node *n = clauses->at[i];
        has_default |= n->case_clause.is_default;
        if (!clause_terminates(c, &n->case_clause.body, label)) return false;
    }
    return has_default;
}

static bool select_terminates(Checker *c, const NodeList *clauses, const Name *label) {
    for (int i = 0; i < clauses->len; i++)
        if (!clause_terminates(c, &clauses->at[i]->comm_clause.body, label)) return false;
    return true;
}

/* A try ends the function when its body and every clause do: a panic no clause fits unwinds further. */
static bool try_terminates(Checker *c, const Node *n) {
    if (!is_terminating(c, n->try_stmt.body, NULL)) return false;
    for (int i = 0; i < n->try_stmt.clauses.len; i++)
        if (!is_terminating(c, n->try_stmt.clauses.at[i]->recover_clause.body, NULL)) return false;
    return true;
}

static bool is_panic_call(const Node *n) {
    n = ast_unparen((Node *)n);
    return n->kind == ND_CALL && n->builtin == BI_PANIC + 1;
}

bool is_terminating(Checker *c, Node *n, const Name *label) {
    if (!n) return false;
    switch ((NodeKind)n->kind) {
    case ND_LABELED: return is_terminating(c, n->labeled.stmt, n->labeled.label->ident.name);
    case ND_EXPR_STMT: return is_panic_call(n->expr_stmt.x);
    case ND_RETURN: return true;
    case ND_BRANCH: return n->branch.tok == TK_GOTO || n->branch.tok == TK_FALLTHROUGH;
    case ND_BLOCK: return terminating_list(c, &n->block.stmts, NULL);
    case ND_IF:
        return n->if_stmt.els && is_terminating(c, n->if_stmt.then, NULL) && is_terminating(c, n->if_stmt.els, NULL);
    case ND_SWITCH: return switch_terminates(c, &n->switch_stmt.clauses, label);
    case ND_TYPE_SWITCH: return switch_terminates(c, &n->type_switch.clauses, label);
    case ND_SELECT: return select_terminates(c, &n->select_stmt.clauses, label);
    case ND_FOR: return !n->for_stmt.cond && !breaks(n->for_stmt.body, label, true);
    case ND_TRY: return try_terminates(c, n);
    case ND_ARENA: return is_terminating(c, n->arena_stmt.body, NULL);
    case ND_RESTRICT: return is_terminating(c, n->restrict_stmt.body, NULL);
    case ND_WITH: return is_terminating(c, n->with_stmt.body, NULL);
    case ND_BAD_STMT: return true; /* who knows; no second error */
    default: return false;
    }
}

/* The last statement that is not empty, or NULL. */
static Node *last_stmt(const NodeList *list) {
    for (int i = list->len - 1; i >= 0; i--)
        if (list->at[i]->kind != ND_EMPTY) return list->at[i];
    return NULL;
}

static bool terminating_list(Checker *c, const NodeList *list, const Name *label) {
    return is_terminating(c, last_stmt(list), label);
}

bool block_leaves(Checker *c, Node *block) {
    if (!block || block->kind != ND_BLOCK) return true; /* reported by the parser */
    Node *last = last_stmt(&block->block.stmts);
    return last && (last->kind == ND_BRANCH || is_terminating(c, last, NULL));
}
