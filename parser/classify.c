/* classify.c: decides what tokens mean where one token of lookahead is not enough for the grammar.
 *
 * One pass over the tokens keeps a stack of the open brackets. For each it knows what may stand inside (statements,
 * elements of a literal, parameters, ...) and how far the current construct has come:
 *
 *   - operand: the last token could end an operand, so { or [ or ( or @ would continue it;
 *   - pending: a type began whose { is already known to open a literal ([]T, map[K]V, struct) or a function body;
 *   - header: a keyword such as if or for came whose block is still awaited;
 *   - signature: how much of a function's signature has passed, which tells parameters from other parentheses.
 *
 * The rules:
 *   {  after struct or interface is part of the type; where a function body or literal is pending, it is that; in a
 *      header, outside of brackets, it is the block; after an operand it opens a literal; at the start of a
 *      statement it opens a block.
 *   [  after `type Name` opens type parameters unless what follows can only be an array length; where no operand
 *      came before, and after a name that is declared (parameters, fields, variables) when a type follows the
 *      matching bracket, it starts an array type; elsewhere it indexes or instantiates.
 *   Goo's words are words only where Go allows no such name: `arena x`, `with x`, `restrict x` at the start of a
 *      statement; `try {` whose block is not the start of an expression; `recover` right after such a block.
 *   else  continues an if after the block of one, and is an else value elsewhere.
 *   @  after an operand directs an allocation, unless only attributes stand between it and `func`: then it starts one,
 *      of the function type that follows a name; elsewhere it starts an attribute. */
#include "parser/parse_internal.h"

#include <assert.h>

typedef enum LevelKind {
    LV_FILE,    /* top level */
    LV_BLOCK,   /* statements, or the clauses of switch and select */
    LV_LITERAL, /* elements of a composite literal */
    LV_STRUCT,
    LV_INTERFACE,
    LV_PARAMS,  /* parameters or results */
    LV_TPARAMS, /* type parameters */
    LV_GROUP,   /* grouped declarations */
    LV_BRACKET, /* any other parentheses or brackets */
} LevelKind;

typedef enum Pending { PENDING_NONE, PENDING_LITERAL, PENDING_FUNC, PENDING_CHAN } Pending;

typedef enum Signature {
    SIG_NONE,
    SIG_RECEIVER, /* func of a method declaration: a receiver follows */
    SIG_PARAMS,   /* type parameters or parameters follow, perhaps a name before them */
    SIG_RESULT,   /* a result may follow */
} Signature;

/* What a level becomes when the bracket that opened inside it is closed. */
typedef enum AfterClose {
    AFTER_OPERAND, /* the bracket ended an operand */
    AFTER_PREFIX,  /* [N] or map[K]: a type follows */
    AFTER_ATTR,    /* the arguments of an attribute */
    AFTER_RECEIVER,
    AFTER_PARAMS,
} AfterClose;

typedef struct Level {
    uint32_t open; /* index of the bracket; 0 for the file */
    uint8_t kind, pending, signature, after;
    uint8_t header;   /* keyword (TokKind) whose block is awaited, or 0 */
    uint8_t block_of; /* LV_BLOCK: the keyword it belongs to, MARK-based words as TK_COUNT + mark */
    uint8_t group;    /* LV_GROUP: const, type, var or import */
    uint8_t decl;     /* the same of the current spec, until its = */
    bool operand;     /* the last token could end one */
    bool start;       /* a statement, field or method may start here */
    bool spec;        /* the name of a spec may come here */
    uint32_t type_name; /* index of the name that a type spec declares */
} Level;

typedef struct Classifier {
    Parser *p;
    Token *toks;
    VEC(Level) levels;
    Level *top;
    uint8_t closed_block; /* block_of of the block that the token before closed, or 0 */
} Classifier;

enum { WORD = TK_COUNT }; /* header and block_of values of Goo's words: WORD + mark */
static_assert(WORD + MARK_WITH < 256, "fits a byte");

/* ---- levels ---- */

static void push_level(Classifier *c, LevelKind kind, int open) {
    Level l = {.open = (uint32_t)open, .kind = (uint8_t)kind};
    l.start = kind == LV_BLOCK || kind == LV_STRUCT || kind == LV_INTERFACE || kind == LV_FILE;
    vec_push(c->p->scratch, &c->levels, l);
    c->top = &vec_last(&c->levels);
}

static void begin_statement(Level *l) {
    l->pending = PENDING_NONE;
    l->signature = SIG_NONE;
    l->operand = false;
    l->start = true;
}

/* ---- looking ahead ---- */

static bool starts_type(const Token *t) {
    switch ((TokKind)t->kind) {
    case TK_IDENT:
    case TK_MUL:
    case TK_LPAREN:
    case TK_LBRACK:
    case TK_FUNC:
    case TK_STRUCT:
    case TK_INTERFACE:
    case TK_MAP:
    case TK_CHAN:
    case TK_ARROW: return true;
    default: return false;
    }
}

/* Whether a type follows the brackets that open at i, or nothing is in them: then they are no index. */
static bool type_follows_brackets(const Classifier *c, int i) {
    uint32_t close = c->toks[i].match;
    return close && (close == (uint32_t)i + 1 || starts_type(&c->toks[close + 1]));
}

static bool is_binary_operator(const Token *t) { return tok_precedence(t->kind) > 0; }

/* Whether toks[from..to), an operand or operands joined by operators, has an operand that can only be a type.
 * Calls and indices are passed over; parentheses are looked into. */
static bool has_type_element(const Classifier *c, int from, int to) {
    bool operand = false;
    for (int i = from; i < to; i++) {
        const Token *t = &c->toks[i];
        switch ((TokKind)t->kind) {
        case TK_TILDE:
        case TK_STRUCT:
        case TK_INTERFACE:
        case TK_MAP:
        case TK_CHAN:
        case TK_FUNC: return true;
        case TK_LBRACK:
            if (!operand) return true;
            i = t->match ? (int)t->match : to;
            break;
        case TK_LPAREN:
            if (!operand) break;
            i = t->match ? (int)t->match : to;
            break;
        default: break;
        }
        if (i < to) operand = !is_binary_operator(&c->toks[i]) && c->toks[i].kind != TK_LPAREN;
    }
    return false;
}

/* The index of the first token from i on, outside of brackets, that is a comma or the closing bracket at end. */
static int end_of_first_element(const Classifier *c, int i, int end) {
    for (; i < end && c->toks[i].kind != TK_COMMA; i++) {
        const Token *t = &c->toks[i];
        bool opens = t->kind == TK_LPAREN || t->kind == TK_LBRACK || t->kind == TK_LBRACE;
        if (opens && t->match > (uint32_t)i) i = (int)t->match;
    }
    return i;
}

/* Whether toks[i..end), which follows a factor of a product, has outside of brackets no operator but |, and after
 * the first | only such that bind tighter: then the factor and what follows may be a union of types. */
static bool is_union_of_one_factor(const Classifier *c, int i, int end) {
    bool first_term = true;
    for (; i < end; i++) {
        const Token *t = &c->toks[i];
        bool opens = t->kind == TK_LPAREN || t->kind == TK_LBRACK || t->kind == TK_LBRACE;
        if (opens && t->match > (uint32_t)i) {
            i = (int)t->match;
            continue;
        }
        if (t->kind == TK_OR) first_term = false;
        else if (!is_binary_operator(t)) continue;
        else if (tok_precedence(t->kind) < 5) return false; /* a + b: an array length */
        else if (first_term) return false;                  /* P * a * b */
    }
    return true;
}

/* Whether the [ at index i, after `type Name`, opens type parameters. What follows is either an array length, or a
 * parameter name and its constraint; some texts are both, and then a comma, or something in them that can only be
 * a type, decides for type parameters. */
static bool opens_type_params(const Classifier *c, int i) {
    const Token *name = &c->toks[i + 1], *next = name + 1;
    int close = (int)c->toks[i].match;
    if (name->kind != TK_IDENT) return false;
    switch ((TokKind)next->kind) {
    case TK_RBRACK:
    case TK_PERIOD:
    case TK_OR: return false;
    case TK_MUL:
    case TK_LPAREN: break;
    default: return !is_binary_operator(next) && next->kind != TK_LBRACE;
    }
    if (!close) return false;
    int end = end_of_first_element(c, i + 2, close);
    bool forced = c->toks[end].kind == TK_COMMA;
    if (next->kind == TK_LPAREN) { /* P(x) with one argument, or the same and more after | */
        int arg_end = (int)next->match;
        if (!arg_end || arg_end == i + 3) return false;
        if (arg_end + 1 != end && c->toks[arg_end + 1].kind != TK_OR) return false;
        if (end_of_first_element(c, i + 3, arg_end) != arg_end) return false;
        if (!is_union_of_one_factor(c, arg_end + 1, end)) return false;
    } else if (!is_union_of_one_factor(c, i + 3, end)) {
        return false;
    }
    return forced || has_type_element(c, i + 3, end);
}

/* ---- attributes ---- */

/* The token at i is the @ of an attribute: marks it, and hides a line end behind the attribute. */
static void start_attribute(Classifier *c, int i, Mark mark) {
    Token *t = &c->toks[i];
    t->mark = (uint8_t)mark;
    goo_only(c->p, t->pos, t->end, "invalid character U+0040 '@': an attribute (@name)");
    if (t[1].kind != TK_IDENT) return;
    Token *last = &t[1];
    if (t[2].kind == TK_LPAREN && t[2].match) last = &c->toks[t[2].match];
    if (last[1].kind == TK_SEMICOLON && last[1].op == SEMI_NEWLINE) last[1].mark = MARK_SKIP;
}

/* Whether the attribute's @ at i stands between go and the call, perhaps after other attributes. */
static bool is_go_attribute(const Classifier *c, int i) {
    const Token *before = &c->toks[i - 1];
    if (before->kind == TK_RPAREN && before->match) before = &c->toks[before->match] - 1;
    if (before->kind == TK_IDENT && before[-1].mark == MARK_GO_ATTR) return true;
    return before->kind == TK_GO;
}

/* Whether the @ at i begins the attributes of a function type: `f @requires(x) func()`. */
static bool is_type_attribute(const Classifier *c, int i) {
    const Token *t = &c->toks[i];
    while (t->kind == TK_AT && t[1].kind == TK_IDENT) {
        t += 2;
        if (t->kind == TK_LPAREN && t->match) t = &c->toks[t->match] + 1;
    }
    return t->kind == TK_FUNC;
}

static void on_at(Classifier *c, int i) {
    Level *l = c->top;
    if (l->operand && is_type_attribute(c, i)) l->operand = false;
    if (l->operand) {
        goo_only(c->p, c->toks[i].pos, c->toks[i].end, "invalid character U+0040 '@': allocation with @");
        l->operand = false;
        l->pending = PENDING_NONE;
        return;
    }
    start_attribute(c, i, is_go_attribute(c, i) ? MARK_GO_ATTR : MARK_ATTR);
}

/* ---- words of Goo ---- */

static bool can_end_statement(const Token *t) {
    return t->kind == TK_SEMICOLON || t->kind == TK_RBRACE || t->kind == TK_EOF;
}

static bool is_recover_clause(const Token *t) { return t->kind == TK_IDENT && name_is(t->name, "recover"); }

/* `try { ... }` where the braces are not the start of an expression such as try{1}.f(). */
static bool is_try(const Classifier *c, int i) {
    const Token *brace = &c->toks[i + 1];
    if (brace->kind != TK_LBRACE) return false;
    if (!brace->match) return true;
    const Token *after = &c->toks[brace->match + 1];
    return can_end_statement(after) || is_recover_clause(after);
}

static void start_word(Classifier *c, int i, Mark mark, const char *what) {
    Token *t = &c->toks[i];
    t->mark = (uint8_t)mark;
    c->top->header = (uint8_t)(WORD + mark);
    c->top->start = false;
    goo_only(c->p, t->pos, t->end, what);
}

/* A name at the start of a statement. Returns whether it is one of Goo's words. */
static bool on_statement_name(Classifier *c, int i) {
    const Token *t = &c->toks[i];
    uint32_t len = t->name->len;
    if (len < 3 || len > 8) return false;
    bool name_follows = t[1].kind == TK_IDENT;
    if (name_is(t->name, "try") && is_try(c, i)) start_word(c, i, MARK_TRY, "a try statement");
    else if (!name_follows) return false;
    else if (name_is(t->name, "arena")) start_word(c, i, MARK_ARENA, "an arena block");
    else if (name_is(t->name, "with")) start_word(c, i, MARK_WITH, "a with block");
    else if (name_is(t->name, "restrict")) start_word(c, i, MARK_RESTRICT, "a restrict block");
    else return false;
    return true;
}

static bool is_attribute_name(const Token *t) {
    return t[-1].mark == MARK_ATTR || t[-1].mark == MARK_GO_ATTR;
}

/* A name at the start of an interface element: that of a method when its parameters follow. */
static void on_method_name(Classifier *c, int i) {
    Token *next = &c->toks[i + 1];
    bool generic = next->kind == TK_LBRACK && next->match && c->toks[next->match + 1].kind == TK_LPAREN;
    if (generic) next->mark = MARK_LTPARAMS;
    if (generic || next->kind == TK_LPAREN) c->top->signature = SIG_PARAMS;
}

static void on_type_spec_name(Classifier *c, int i) {
    c->top->type_name = (uint32_t)i;
    if (c->toks[i + 1].kind == TK_LBRACK && opens_type_params(c, i + 1)) c->toks[i + 1].mark = MARK_LTPARAMS;
}

static void on_name(Classifier *c, int i) {
    Level *l = c->top;
    bool statements = l->kind == LV_BLOCK || (l->kind == LV_FILE && c->p->script);
    if (is_attribute_name(&c->toks[i])) return; /* what the attribute stands before is still to start */
    if (l->start && statements && on_statement_name(c, i)) return;
    bool after_try = c->closed_block == WORD + MARK_TRY || c->closed_block == WORD + MARK_RECOVER;
    if (after_try && is_recover_clause(&c->toks[i])) {
        start_word(c, i, MARK_RECOVER, "a recover clause");
        return;
    }
    if (l->start && l->kind == LV_INTERFACE) on_method_name(c, i);
    if (l->spec && l->decl == TK_TYPE) on_type_spec_name(c, i);
    if (l->signature == SIG_RESULT) l->signature = SIG_NONE;
    l->start = false;
    l->spec = false;
    l->operand = true;
}

/* ---- keywords ---- */

static void on_func(Classifier *c, int i) {
    Level *l = c->top;
    const Token *next = &c->toks[i + 1];
    bool method = next->kind == TK_LPAREN && next->match && c->toks[next->match + 1].kind == TK_IDENT;
    if (method && c->p->script) { /* func (a T) name(...): a literal's result is followed by its body instead */
        TokKind after = c->toks[next->match + 2].kind;
        method = after == TK_LPAREN || after == TK_LBRACK;
    }
    bool decl = l->kind == LV_FILE && l->start && (!c->p->script || method || next->kind == TK_IDENT);
    if (decl) c->toks[i].mark = MARK_FUNC_DECL;
    l->signature = decl && next->kind == TK_LPAREN ? SIG_RECEIVER : SIG_PARAMS;
    if (l->pending == PENDING_NONE) l->pending = PENDING_FUNC;
    l->operand = false;
    l->start = false;
}

/* else: after the block of an if it continues the statement; elsewhere it gives a value. */
static void on_else(Classifier *c, int i) {
    Level *l = c->top;
    Token *t = &c->toks[i];
    if (c->closed_block == TK_IF || l->start || !l->operand) {
        l->start = true; /* if or { follows */
        l->operand = false;
        return;
    }
    goo_only(c->p, t->pos, t->end, "an else value");
    bool block = t[1].kind == TK_IDENT && t[2].kind == TK_LBRACE;
    t->mark = block ? MARK_ELSE_BIND : MARK_ELSE_VALUE;
    if (block) c->toks[i + 2].mark = MARK_LBLOCK;
    l->operand = false;
    l->pending = PENDING_NONE;
}

/* const, type or var. In a header there must be none: it is reported and passed over. */
static void on_decl_keyword(Classifier *c, int i) {
    Level *l = c->top;
    TokKind kind = c->toks[i].kind;
    if (kind == TK_VAR && l->header && l->header < WORD) {
        c->toks[i].mark = MARK_SKIP;
        syntax_error_at(c->p, &c->toks[i + 1], "var declaration not allowed in %s initializer",
                        tok_spelling(l->header));
        return;
    }
    if (l->start) {
        l->decl = (uint8_t)kind;
        l->spec = true;
    }
    l->start = false;
    l->operand = false;
}

static void on_keyword(Classifier *c, int i) {
    Level *l = c->top;
    TokKind kind = c->toks[i].kind;
    switch (kind) {
    case TK_FUNC: on_func(c, i); return;
    case TK_ELSE: on_else(c, i); return;
    case TK_CONST:
    case TK_TYPE:
    case TK_VAR: on_decl_keyword(c, i); return;
    case TK_IF:
    case TK_FOR:
    case TK_SWITCH:
    case TK_SELECT:
        if (l->start) l->header = (uint8_t)kind;
        break;
    case TK_MAP:
        if (l->pending == PENDING_NONE) l->pending = PENDING_LITERAL;
        break;
    case TK_CHAN:
        if (l->pending == PENDING_NONE) l->pending = PENDING_CHAN;
        break;
    case TK_GO:
        if (!l->start) goo_only(c->p, c->toks[i].pos, c->toks[i].end, "go as an expression");
        break;
    default: break;
    }
    if (l->signature == SIG_RESULT) l->signature = SIG_NONE;
    l->start = false;
    l->operand = false;
}

/* ---- brackets ---- */

static bool is_decl_keyword(TokKind kind) {
    return kind == TK_IMPORT || kind == TK_CONST || kind == TK_TYPE || kind == TK_VAR;
}

static void on_lparen(Classifier *c, int i) {
    Level *l = c->top;
    TokKind before = c->toks[i - 1].kind;
    LevelKind kind = LV_BRACKET;
    l->after = AFTER_OPERAND;
    if (l->signature != SIG_NONE) {
        kind = LV_PARAMS;
        if (l->signature == SIG_RECEIVER) l->after = AFTER_RECEIVER;
        else if (l->signature == SIG_PARAMS) l->after = AFTER_PARAMS;
        else l->signature = SIG_NONE;
    } else if (is_decl_keyword(before)) {
        kind = LV_GROUP;
    } else if (is_attribute_name(&c->toks[i - 1])) {
        l->after = AFTER_ATTR;
    } else if (l->operand) {
        l->pending = PENDING_NONE; /* a call or conversion */
    }
    push_level(c, kind, i);
    if (kind == LV_GROUP) {
        c->top->group = c->top->decl = (uint8_t)before;
        c->top->spec = true;
    }
}

/* Whether the name at i is the first of an element, so that it may be one that is declared. */
static bool starts_element(const Classifier *c, int i) {
    switch ((TokKind)c->toks[i - 1].kind) {
    case TK_LPAREN:
    case TK_LBRACK:
    case TK_LBRACE:
    case TK_COMMA:
    case TK_SEMICOLON:
    case TK_VAR:
    case TK_CONST: return true;
    default: return false;
    }
}

static bool starts_array_type(const Classifier *c, int i) {
    const Level *l = c->top;
    if (!l->operand || l->signature == SIG_RESULT || l->type_name == (uint32_t)i - 1) return true;
    if (c->toks[i - 1].kind != TK_IDENT || !starts_element(c, i - 1)) return false;
    if (l->kind == LV_PARAMS || l->kind == LV_TPARAMS || l->kind == LV_STRUCT) return type_follows_brackets(c, i);
    return l->decl == TK_VAR || l->decl == TK_CONST;
}

static void on_lbrack(Classifier *c, int i) {
    Level *l = c->top;
    Token *t = &c->toks[i];
    if (t->mark == MARK_LTPARAMS || l->signature == SIG_PARAMS) {
        t->mark = MARK_LTPARAMS;
        l->after = AFTER_PREFIX;
        push_level(c, LV_TPARAMS, i);
        return;
    }
    bool map_key = t[-1].kind == TK_MAP, array = !map_key && starts_array_type(c, i);
    l->signature = SIG_NONE;
    if (array) {
        t->mark = MARK_LARRAY;
        if (l->pending == PENDING_NONE) l->pending = PENDING_LITERAL;
    }
    l->after = array || map_key ? AFTER_PREFIX : AFTER_OPERAND;
    push_level(c, LV_BRACKET, i);
}

/* Whether token i is the ] of an index that is a value, as in x[1]: no type ends so. */
static bool ends_value_index(const Classifier *c, int i) {
    const Token *open = &c->toks[c->toks[i].match];
    return c->toks[i].kind == TK_RBRACK && c->toks[i].match && open->mark == MARK_NONE &&
           open + 2 == &c->toks[i] && tok_is_literal(open[1].kind);
}

/* What the { at i opens. */
static LevelKind brace_kind(Classifier *c, int i) {
    Level *l = c->top;
    if (c->toks[i - 1].kind == TK_STRUCT) return LV_STRUCT;
    if (c->toks[i - 1].kind == TK_INTERFACE) return LV_INTERFACE;
    if (c->toks[i].mark == MARK_LBLOCK || l->pending == PENDING_FUNC) return LV_BLOCK;
    if (l->pending == PENDING_LITERAL && l->operand) return LV_LITERAL;
    if (l->header) return LV_BLOCK;
    if (l->operand && ends_value_index(c, i - 1)) return LV_BLOCK;
    if (l->operand || l->kind == LV_LITERAL) return LV_LITERAL;
    return l->start ? LV_BLOCK : LV_LITERAL;
}

static void on_lbrace(Classifier *c, int i) {
    Level *l = c->top;
    LevelKind kind = brace_kind(c, i);
    uint8_t block_of = 0;
    if (kind == LV_BLOCK) {
        bool own = l->pending != PENDING_FUNC && c->toks[i].mark != MARK_LBLOCK;
        c->toks[i].mark = MARK_LBLOCK;
        if (own) {
            block_of = l->header;
            l->header = 0;
        }
    }
    if (kind == LV_STRUCT && l->pending == PENDING_NONE) l->pending = PENDING_LITERAL;
    else if (kind == LV_BLOCK || kind == LV_LITERAL) l->pending = PENDING_NONE;
    if (l->signature == SIG_RESULT) l->signature = SIG_NONE;
    l->after = AFTER_OPERAND;
    l->start = false;
    push_level(c, kind, i);
    c->top->block_of = block_of;
}

static void after_close(Level *l) {
    if (l->after != AFTER_ATTR) l->start = false;
    switch ((AfterClose)l->after) {
    case AFTER_OPERAND: l->operand = true; break;
    case AFTER_PREFIX:
    case AFTER_ATTR: l->operand = false; break;
    case AFTER_RECEIVER:
        l->signature = SIG_PARAMS;
        l->operand = false;
        break;
    case AFTER_PARAMS:
        l->signature = SIG_RESULT;
        l->operand = true;
        break;
    }
}

static void on_close(Classifier *c, int i) {
    c->closed_block = 0;
    if (!c->toks[i].match) return; /* a stray bracket */
    int d = c->levels.len - 1;
    while (d > 0 && c->levels.at[d].open != c->toks[i].match) d--;
    check(d > 0);
    if (c->levels.at[d].kind == LV_BLOCK) c->closed_block = c->levels.at[d].block_of;
    c->levels.len = d;
    c->top = &vec_last(&c->levels);
    after_close(c->top);
}

/* ---- separators and operators ---- */

static void on_semicolon(Classifier *c) {
    Level *l = c->top;
    if (l->kind == LV_FILE && !c->p->script) l->header = 0;
    begin_statement(l);
    l->start = l->header == 0 && l->kind != LV_GROUP;
    l->spec = l->kind == LV_GROUP;
    l->decl = l->group;
}

static void on_colon(Level *l) {
    bool statements = (l->kind == LV_BLOCK || l->kind == LV_FILE) && !l->header;
    begin_statement(l);
    l->start = statements;
}

static void on_comma(Level *l) {
    begin_statement(l);
    l->start = false;
}

static void on_assign(Level *l) {
    l->decl = 0;
    l->pending = PENDING_NONE;
    l->operand = false;
    l->start = false;
}

static void on_operator(Classifier *c, int i) {
    Level *l = c->top;
    TokKind kind = c->toks[i].kind;
    if (kind == TK_QUESTION) {
        l->operand = true;
    } else if (kind == TK_INC || kind == TK_DEC) {
        l->operand = true;
    } else {
        bool type_prefix = l->signature == SIG_RESULT && (kind == TK_MUL || kind == TK_ARROW);
        if (l->operand && kind != TK_PERIOD && !type_prefix) l->pending = PENDING_NONE;
        l->operand = false;
        l->start = false;
    }
    if (l->signature == SIG_RESULT) l->signature = SIG_NONE;
}

static void classify(Classifier *c, int i) {
    Level *l = c->top;
    switch ((TokKind)c->toks[i].kind) {
    case TK_IDENT: on_name(c, i); break;
    case TK_INT:
    case TK_FLOAT:
    case TK_IMAG:
    case TK_CHAR:
    case TK_STRING:
        l->operand = true;
        l->start = false;
        break;
    case TK_LPAREN: on_lparen(c, i); break;
    case TK_LBRACK: on_lbrack(c, i); break;
    case TK_LBRACE: on_lbrace(c, i); break;
    case TK_RPAREN:
    case TK_RBRACK:
    case TK_RBRACE: on_close(c, i); return; /* keeps closed_block */
    case TK_SEMICOLON: on_semicolon(c); break;
    case TK_COLON: on_colon(l); break;
    case TK_COMMA: on_comma(l); break;
    case TK_ASSIGN:
    case TK_DEFINE:
    case TK_ASSIGN_OP: on_assign(l); break;
    case TK_AT: on_at(c, i); break;
    default:
        if (tok_is_keyword(c->toks[i].kind)) on_keyword(c, i);
        else on_operator(c, i);
    }
    c->closed_block = 0;
}

void classify_tokens(Parser *p) {
    Classifier c = {.p = p, .toks = p->toks.at};
    push_level(&c, LV_FILE, 0);
    for (int i = p->next; c.toks[i].kind != TK_EOF; i++) classify(&c, i);
}
