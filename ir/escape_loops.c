/* escape_loops.c: how deep in loops the blocks of a function are.
 *
 * Natural loops: an edge back to a block that is open in a depth-first walk closes a loop, whose blocks are those from
 * which the edge can be reached without passing the loop's head (Aho, Lam, Sethi, Ullman, "Compilers", 9.6.6).
 * Where that search comes to the entry, the head does not dominate the edge: a goto leads into the loop. */
#include "ir/escape.h"

typedef VEC(int) IntVec;

typedef struct Loops {
    Arena *arena;
    const IrFunc *f;
    IntVec *preds;   /* by block */
    IntVec *back;    /* by block: where edges back to it come from */
    uint8_t *state;  /* by block: not seen, open, done */
    int *depths;
    int *mark;       /* by block: the last loop that it was found in */
    int from;        /* block whose successors are being listed */
    IntVec heads;
} Loops;

enum { UNSEEN, OPEN, DONE };

typedef struct Visit { int block, next; } Visit;

static void add_pred(void *ctx, IrBlock **succ) {
    Loops *l = ctx;
    vec_push(l->arena, &l->preds[(*succ)->id], l->from);
}

typedef struct Succs { Arena *arena; IntVec list; } Succs;

static void add_succ(void *ctx, IrBlock **succ) {
    Succs *s = ctx;
    vec_push(s->arena, &s->list, (*succ)->id);
}

static void note_head(Loops *l, int head) {
    for (int i = 0; i < l->heads.len; i++)
        if (l->heads.at[i] == head) return;
    vec_push(l->arena, &l->heads, head);
}

/* Finds the heads of loops, and the edges back to them. */
static void find_heads(Loops *l) {
    VEC(Visit) stack = {0};
    Succs *succs = NEW_ARRAY(l->arena, Succs, l->f->blocks.len);
    vec_push(l->arena, &stack, ((Visit){0, 0}));
    l->state[0] = OPEN;
    succs[0].arena = l->arena;
    ir_each_succ(l->f->blocks.at[0], add_succ, &succs[0]);
    while (stack.len) {
        Visit *v = &vec_last(&stack);
        if (v->next == succs[v->block].list.len) {
            l->state[v->block] = DONE;
            stack.len--;
            continue;
        }
        int to = succs[v->block].list.at[v->next++];
        if (l->state[to] == OPEN) {
            note_head(l, to);
            vec_push(l->arena, &l->back[to], v->block);
        } else if (l->state[to] == UNSEEN) {
            l->state[to] = OPEN;
            succs[to].arena = l->arena;
            ir_each_succ(l->f->blocks.at[to], add_succ, &succs[to]);
            vec_push(l->arena, &stack, ((Visit){to, 0}));
        }
    }
}

static bool enter(Loops *l, int block, int loop) {
    if (l->mark[block] == loop || l->state[block] == UNSEEN) return false;
    l->mark[block] = loop;
    l->depths[block]++;
    return true;
}

/* Counts the blocks of the loop with this head one level deeper; false when the entry is among them. */
static bool fill_loop(Loops *l, int head, int loop) {
    IntVec todo = {0};
    enter(l, head, loop);
    for (int i = 0; i < l->back[head].len; i++)
        if (enter(l, l->back[head].at[i], loop)) vec_push(l->arena, &todo, l->back[head].at[i]);
    while (todo.len) {
        int b = todo.at[--todo.len];
        if (b == 0) return false;
        for (int i = 0; i < l->preds[b].len; i++)
            if (enter(l, l->preds[b].at[i], loop)) vec_push(l->arena, &todo, l->preds[b].at[i]);
    }
    return true;
}

int *esc_loop_depths(Arena *a, const IrFunc *f) {
    int n = f->blocks.len;
    Loops l = {.arena = a, .f = f, .depths = NEW_ARRAY(a, int, n), .mark = NEW_ARRAY(a, int, n),
               .state = NEW_ARRAY(a, uint8_t, n), .preds = NEW_ARRAY(a, IntVec, n), .back = NEW_ARRAY(a, IntVec, n)};
    for (l.from = 0; l.from < n; l.from++) ir_each_succ(f->blocks.at[l.from], add_pred, &l);
    find_heads(&l);
    for (int i = 0; i < l.heads.len; i++)
        if (!fill_loop(&l, l.heads.at[i], i + 1)) return NULL;
    return l.depths;
}
