/* labels.c: labels, goto, break, continue and fallthrough in one function body.
 *
 * One walk over the body, block by block. Labels belong to the whole function; a goto may jump to a label of its own
 * block or of an enclosing one, and forward only if no variable is declared on the way. A goto whose label has not
 * come yet waits in the list of its block, and moves to the enclosing block's list when the block ends. Branches get
 * their target. On the way it notes whether a deferred call can run more than once because a goto jumps back over it.
 *
 * Errors are worded as Go's parser words them, which does this walk there. */
#include "sema/check.h"

typedef struct Block {
    struct Block *parent;
    Pos start;
    Node *labeled; /* the ND_LABELED whose statement this block belongs to */
} Block;

typedef struct Label {
    Block *block;
    Node *stmt; /* ND_LABELED */
    bool used;
} Label;

/* A goto that has not met its label; order tells whether it came before a variable declaration of its block. */
typedef struct Jump {
    Node *branch;
    int order;
} Jump;

typedef VEC(Jump) JumpVec;

/* A goto that jumps back. */
typedef struct BackJump {
    Pos from, to;
} BackJump;

typedef struct Labels {
    Checker *c;
    PtrMap by_name;
    VEC(Label *) all;
    VEC(Pos) defers;
    VEC(BackJump) backs;
    bool is_goo;
} Labels;

/* Where break and continue lead. */
typedef struct Targets {
    Node *breaks, *continues;
    Node *clauses_of; /* the switch whose clause the block is, NULL for other blocks */
    int clause;
} Targets;

/* One block while it is walked. */
typedef struct Walk {
    Labels *l;
    Block *block;
    const Targets *targets;
    JumpVec *jumps;     /* forward, unresolved */
    int declared;       /* order of the last variable declaration; 0: none */
    int order;
    Pos var_pos;
    const char *var_name;
    bool is_last;       /* the statement is the last of the block but for empty ones */
} Walk;

static void walk_stmt(Walk *w, Node *n, Node *labeled);

/* ---- labels ---- */

static Label *declare_label(Labels *l, Block *block, Node *stmt) {
    const Node *ident = stmt->labeled.label;
    Label *other = ptrmap_get(&l->by_name, ident->ident.name);
    if (other) {
        err_at(l->c, ident, "label %s already defined at %s", ident->ident.name->text,
               pos_str(l->c, other->stmt->labeled.label->pos));
        return other;
    }
    Label *label = NEW(l->c->arena, Label);
    *label = (Label){block, stmt, false};
    ptrmap_put(l->c->arena, &l->by_name, ident->ident.name, label);
    vec_push(l->c->arena, &l->all, label);
    return label;
}

/* The labeled statement that goto can reach from block, or NULL. */
static Node *goto_target(const Labels *l, const Block *block, const Name *name) {
    Label *label = ptrmap_get(&l->by_name, name);
    if (!label) return NULL;
    label->used = true; /* even if it cannot be reached */
    while (block && block != label->block) block = block->parent;
    return block ? label->stmt : NULL;
}

/* The statement that break or continue with a label means: NULL when it does not enclose block. */
static Node *enclosing_target(const Labels *l, const Block *block, const Name *name, bool *defined) {
    Label *label = ptrmap_get(&l->by_name, name);
    *defined = label != NULL;
    if (!label) return NULL;
    label->used = true;
    while (block && block->labeled != label->stmt) block = block->parent;
    return block ? label->stmt->labeled.stmt : NULL;
}

static bool is_loop(const Node *n) { return n && (n->kind == ND_FOR || n->kind == ND_RANGE); }

static bool is_breakable(const Node *n) {
    return is_loop(n) || (n && (n->kind == ND_SWITCH || n->kind == ND_TYPE_SWITCH || n->kind == ND_SELECT));
}

/* ---- branches ---- */

static void plain_branch(Walk *w, Node *n) {
    Checker *c = w->l->c;
    const Targets *t = w->targets;
    if (n->branch.tok == TK_BREAK) {
        n->branch.target = t->breaks;
        if (!t->breaks) err_at(c, n, "break is not in a loop, switch, or select");
    } else if (n->branch.tok == TK_CONTINUE) {
        n->branch.target = t->continues;
        if (!t->continues) err_at(c, n, "continue is not in a loop");
    }
}

static void fallthrough(Walk *w, const Node *n) {
    Checker *c = w->l->c;
    const Node *s = w->targets->breaks;
    if (s && s->kind == ND_TYPE_SWITCH)
        err_at(c, n, "cannot fallthrough in type switch");
    else if (!s || s->kind != ND_SWITCH || w->targets->clauses_of != s || !w->is_last)
        err_at(c, n, "fallthrough statement out of place");
    else if (w->targets->clause + 1 == s->switch_stmt.clauses.len)
        err_at(c, n, "cannot fallthrough final case in switch");
}

static void labeled_break(Walk *w, Node *n) {
    const Node *label = n->branch.label;
    bool is_break = n->branch.tok == TK_BREAK, defined;
    Node *target = enclosing_target(w->l, w->block, label->ident.name, &defined);
    const char *word = is_break ? "break" : "continue", *name = label->ident.name->text;
    if (!defined) err_at(w->l->c, label, "%s label not defined: %s", word, name);
    else if (!(is_break ? is_breakable(target) : is_loop(target)))
        err_at(w->l->c, label, "invalid %s label %s", word, name);
    else n->branch.target = target;
}

static void goto_stmt(Walk *w, Node *n) {
    Checker *c = w->l->c;
    c->env.func->has_label_goto = true;
    n->branch.target = goto_target(w->l, w->block, n->branch.label->ident.name);
    if (n->branch.target)
        vec_push(c->arena, &w->l->backs, ((BackJump){n->pos, n->branch.target->pos}));
    else
        vec_push(c->arena, w->jumps, ((Jump){n, w->order}));
}

static void walk_branch(Walk *w, Node *n) {
    if (n->branch.tok == TK_FALLTHROUGH) fallthrough(w, n);
    else if (!n->branch.label) plain_branch(w, n);
    else if (n->branch.tok == TK_GOTO) goto_stmt(w, n);
    else labeled_break(w, n);
}

/* ---- blocks ---- */

static bool is_empty(const Node *n) { return n->kind == ND_EMPTY; }

/* Walks a block inside w's block. */
static void walk_block(Walk *w, const Targets *targets, Node *labeled, Pos start, NodeList *stmts) {
    JumpVec jumps = {0};
    Walk inner = {.l = w->l, .block = NEW(w->l->c->arena, Block), .targets = targets, .jumps = &jumps, .order = 1};
    *inner.block = (Block){w->block, start, labeled};
    int last = stmts->len - 1;
    while (last >= 0 && is_empty(stmts->at[last])) last--;
    for (int i = 0; i < stmts->len; i++) {
        inner.is_last = i == last;
        walk_stmt(&inner, stmts->at[i], NULL);
    }
    for (int i = 0; i < jumps.len; i++) vec_push(w->l->c->arena, w->jumps, ((Jump){jumps.at[i].branch, w->order}));
}

static void walk_inner(Walk *w, Node *labeled, Node *block) {
    if (!block) return;
    Targets t = {w->targets->breaks, w->targets->continues, NULL, 0};
    if (block->kind == ND_BLOCK) {
        walk_block(w, &t, labeled, block->pos, &block->block.stmts);
    } else { /* else if */
        NodeList one = {&block, 1, 1};
        walk_block(w, &t, labeled, block->pos, &one);
    }
}

static void walk_clauses(Walk *w, Node *labeled, Node *stmt, NodeList *clauses) {
    Targets t = {stmt, w->targets->continues, stmt, 0};
    for (int i = 0; i < clauses->len; i++) {
        Node *clause = clauses->at[i];
        t.clause = i;
        walk_block(w, &t, labeled, clause->pos,
                   clause->kind == ND_COMM ? &clause->comm_clause.body : &clause->case_clause.body);
    }
}

static void walk_loop(Walk *w, Node *labeled, Node *loop, Node *body) {
    Targets t = {loop, loop, NULL, 0};
    if (body && body->kind == ND_BLOCK) walk_block(w, &t, labeled, body->pos, &body->block.stmts);
}

static void walk_try(Walk *w, Node *labeled, Node *n) {
    walk_inner(w, labeled, n->try_stmt.body);
    for (int i = 0; i < n->try_stmt.clauses.len; i++)
        walk_inner(w, labeled, n->try_stmt.clauses.at[i]->recover_clause.body);
}

/* ---- statements ---- */

static void note_var_decl(Walk *w, Pos pos, const char *name) {
    w->declared = w->order++;
    w->var_pos = pos;
    w->var_name = name;
}

static void walk_decl(Walk *w, const Node *decl) {
    if (decl->kind != ND_GEN_DECL || decl->gen_decl.tok != TK_VAR || decl->gen_decl.specs.len == 0) return;
    const Node *spec = decl->gen_decl.specs.at[0];
    if (spec->kind != ND_VALUE_SPEC || spec->value_spec.names.len == 0) return;
    note_var_decl(w, spec->pos, spec->value_spec.names.at[0]->ident.name->text);
}

static void walk_define(Walk *w, const Node *n) {
    const NodeList *lhs = &n->assign.lhs;
    char *names = arena_strdup(w->l->c->arena, "");
    for (int i = 0; i < lhs->len; i++)
        names = arena_printf(w->l->c->arena, "%s%s%s", names, i ? ", " : "", expr_str(w->l->c, lhs->at[i]));
    note_var_decl(w, n->at, names);
}

/* Resolves the jumps of this block that wait for the label. */
static void resolve_jumps(Walk *w, Label *label) {
    const Name *name = label->stmt->labeled.label->ident.name;
    int kept = 0;
    for (int i = 0; i < w->jumps->len; i++) {
        Jump j = w->jumps->at[i];
        const Node *ident = j.branch->branch.label;
        if (ident->ident.name != name) {
            w->jumps->at[kept++] = j;
            continue;
        }
        j.branch->branch.target = label->stmt;
        label->used = true;
        if (j.order <= w->declared)
            err_at(w->l->c, ident, "goto %s jumps over declaration of %s at %s", name->text, w->var_name,
                   pos_str(w->l->c, w->var_pos));
    }
    w->jumps->len = kept;
}

static void walk_labeled(Walk *w, Node *n) {
    Node *ident = n->labeled.label;
    if (n->labeled.stmt->kind == ND_BAD_STMT) return; /* reported; nothing can be said about the label */
    if (ast_is_blank(ident)) {
        walk_stmt(w, n->labeled.stmt, NULL);
        return;
    }
    Label *label = declare_label(w->l, w->block, n);
    resolve_jumps(w, label);
    walk_stmt(w, n->labeled.stmt, n);
}

/* ---- blocks inside expressions (Goo) ---- */

static bool is_stmt_or_clause(const Node *n) { return n->kind >= ND_BAD_STMT && n->kind <= ND_WITH; }

/* x else { ... } may break, continue or jump out of its block. */
static void visit_expr(Node *n, void *arg) {
    Walk *w = arg;
    if (!n || n->kind == ND_FUNC_LIT || is_stmt_or_clause(n)) return;
    if (n->kind == ND_ELSE_EXPR) {
        visit_expr(n->else_expr.x, w);
        if (n->else_expr.value) visit_expr(n->else_expr.value, w);
        walk_inner(w, NULL, n->else_expr.body);
        return;
    }
    ast_operands(n, visit_expr, w);
}

static void walk_exprs(Walk *w, Node *n) {
    if (!w->l->is_goo) return;
    ast_children(n, visit_expr, w);
    if (n->kind != ND_SWITCH && n->kind != ND_TYPE_SWITCH) return;
    const NodeList *clauses = n->kind == ND_SWITCH ? &n->switch_stmt.clauses : &n->type_switch.clauses;
    for (int i = 0; i < clauses->len; i++) ast_children(clauses->at[i], visit_expr, w);
}

/* ---- dispatch ---- */

/* labeled: the ND_LABELED that n is the statement of, or NULL. */
static void walk_stmt(Walk *w, Node *n, Node *labeled) {
    if (!n) return;
    if (n->kind != ND_BLOCK && n->kind != ND_LABELED) walk_exprs(w, n);
    switch ((NodeKind)n->kind) {
    case ND_DECL_STMT: walk_decl(w, n->decl_stmt.decl); return;
    case ND_LABELED: walk_labeled(w, n); return;
    case ND_BRANCH: walk_branch(w, n); return;
    case ND_DEFER: vec_push(w->l->c->arena, &w->l->defers, n->pos); return;
    case ND_ASSIGN:
        if (n->assign.op == TK_DEFINE) walk_define(w, n);
        return;
    case ND_BLOCK: walk_inner(w, labeled, n); return;
    case ND_IF:
        walk_inner(w, labeled, n->if_stmt.then);
        walk_inner(w, labeled, n->if_stmt.els);
        return;
    case ND_FOR: walk_loop(w, labeled, n, n->for_stmt.body); return;
    case ND_RANGE: walk_loop(w, labeled, n, n->range_stmt.body); return;
    case ND_SWITCH: walk_clauses(w, labeled, n, &n->switch_stmt.clauses); return;
    case ND_TYPE_SWITCH: walk_clauses(w, labeled, n, &n->type_switch.clauses); return;
    case ND_SELECT: walk_clauses(w, labeled, n, &n->select_stmt.clauses); return;
    case ND_TRY: walk_try(w, labeled, n); return;
    case ND_ARENA: walk_inner(w, labeled, n->arena_stmt.body); return;
    case ND_RESTRICT: walk_inner(w, labeled, n->restrict_stmt.body); return;
    case ND_WITH: walk_inner(w, labeled, n->with_stmt.body); return;
    default: return; /* neither blocks nor branches */
    }
}

/* ---- the function ---- */

static void report_leftovers(Labels *l, const JumpVec *jumps) {
    for (int i = 0; i < jumps->len; i++) {
        const Node *ident = jumps->at[i].branch->branch.label;
        Label *label = ptrmap_get(&l->by_name, ident->ident.name);
        if (label) {
            label->used = true;
            err_at(l->c, ident, "goto %s jumps into block starting at %s", ident->ident.name->text,
                   pos_str(l->c, label->block->start));
        } else {
            err_at(l->c, ident, "label %s not defined", ident->ident.name->text);
        }
    }
    for (int i = 0; i < l->all.len; i++) {
        const Node *ident = l->all.at[i]->stmt->labeled.label;
        if (!l->all.at[i]->used) err_at(l->c, ident, "label %s defined and not used", ident->ident.name->text);
    }
}

static void note_loop_defers(const Labels *l, FuncInfo *f) {
    for (int i = 0; i < l->backs.len; i++)
        for (int j = 0; j < l->defers.len && !f->has_loop_defer; j++)
            f->has_loop_defer = l->defers.at[j] >= l->backs.at[i].to && l->defers.at[j] <= l->backs.at[i].from;
}

void check_labels(Checker *c, Node *body) {
    const SourceFile *file = source_file_of(c->s->sources, body->pos);
    Labels l = {.c = c, .is_goo = file && file->is_goo};
    JumpVec jumps = {0};
    Targets none = {0};
    Walk outside = {.l = &l, .targets = &none, .jumps = &jumps, .order = 1};
    walk_block(&outside, &none, NULL, body->pos, &body->block.stmts);
    report_leftovers(&l, &jumps);
    note_loop_defers(&l, c->env.func);
}

/* ---- files that are not checked otherwise ---- */

/* Checks the bodies in the tree below n, those of literals included. */
static void check_bodies_below(Node *n, void *arg) {
    Checker *c = arg;
    if (!n) return;
    Node *body = NULL;
    if (n->kind == ND_FUNC_DECL) body = n->func_decl.body;
    if (n->kind == ND_FUNC_LIT) body = n->func_lit.body;
    if (body && body->kind == ND_BLOCK) {
        FuncInfo f = {.node = n, .body = body};
        c->env.func = &f;
        check_labels(c, body);
        c->env.func = NULL;
    }
    ast_operands(n, check_bodies_below, c);
}

void sema_check_branches(Sema *s, File *f) {
    Checker c = {.s = s, .arena = s->arena};
    for (int i = 0; i < f->decls.len; i++) check_bodies_below(f->decls.at[i], &c);
}
