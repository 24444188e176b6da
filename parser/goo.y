/* goo.y: the grammar.
 *
 * Types and expressions share one family of rules where both may stand (arguments, indices, case lists); where
 * only a type may stand, `typ` is used. Which of its roles an ambiguous token plays (body or literal brace, array
 * or index bracket, Goo's contextual words) was decided by classify.c, so the grammar is LALR(1). Its only
 * conflicts are of one sort, settled by precedence below: after  func (params)  in an expression, a token that can
 * start the result type does so.
 *
 * Lists are collected on a stack beside bison's (see ListStart); a list that error recovery drops takes its
 * elements with it, which is what %destructor is for. Actions only call builders. */

%code requires {
#include "parser/parse_internal.h"
}

%code {
/* Deeper nesting than this is refused; the tree itself is limited further by depth.c. */
#define YYMAXDEPTH 60000

/* For actions of rules with `error`: reading goes on where recover_PLACE says, or ends. */
#define RECOVER(place)                                                                                        \
    do {                                                                                                      \
        if (!recover_##place(p)) YYABORT;                                                                     \
        yyclearin;                                                                                            \
        yyerrok;                                                                                              \
    } while (0)

static int gooyylex(GOOYYSTYPE *value, Parser *p);
static void gooyyerror(Parser *p, const char *message);

/* A node for what the syntax error is in. */
static Node *bad_here(Parser *p) {
    const Token *t = &p->toks.at[p->error_at];
    return new_node(p, ND_BAD_EXPR, t->pos, t->end);
}

/* opening is that of type parameters, or NULL. */
static void no_generic_func(Parser *p, const Token *opening) {
    if (opening) syntax_error_at(p, opening, "function type must have no type parameters");
}
}

%define api.pure full
%define api.prefix {gooyy}
%define api.token.raw
%define api.token.prefix {Y_}
%define parse.error custom
%param {Parser *p}
%expect 0

%union {
    const Token *tok;
    Node *node;
    ListStart list;
    Header *header;
}
%destructor { p->stack.len = $$; } <list>

/* The precedence of what is left out: the result of a func type, below every token that could start one; a
 * statement, below an error, which therefore belongs to the statement and not to the next clause. */
%precedence NO_RESULT
%precedence error
%precedence <tok> LBLOCK
%right <tok> ELSE_VALUE ELSE_BIND
%left <tok> LOR
%left <tok> LAND
%left <tok> CMP     /* == != < <= > >= */
%left <tok> ADDOP OR /* ADDOP: + - ^ */
%left <tok> MULOP MUL AND /* MULOP: / % << >> &^ */
%precedence <tok> AT
%precedence <tok> LPAREN ARROW

%token <tok> IDENT LITERAL STRING FUNC STRUCT INTERFACE MAP CHAN LBRACK LARRAY ATTR GO_ATTR
%token <tok> ASSIGN ASSIGN_OP DEFINE INC DEC NOT TILDE ELLIPSIS
%token <tok> LBRACE COMMA PERIOD RPAREN RBRACK RBRACE SEMICOLON COLON QUESTION
%token <tok> BREAK CASE CONST CONTINUE DEFAULT DEFER ELSE FALLTHROUGH FOR GO GOTO IF IMPORT PACKAGE RANGE RETURN
%token <tok> SELECT SWITCH TYPE VAR
%token <tok> LTPARAMS FUNC_DECL TRY RECOVER ARENA RESTRICT WITH
%token START_FILE START_SCRIPT

%type <node> top_decl gen_decl func_decl import_spec const_spec type_spec var_spec attr
%type <node> stmt nonempty_stmt simple_stmt simple_stmt_opt if_stmt else_opt block block_opt decl_stmt goo_stmt
%type <node> case_clause comm_clause recover_clause range_clause arena_size
%type <node> expr expr_opt unary_expr pexpr operand type_lit composite element
%type <node> typ bare_typ non_recv_typ recv_chan type_name func_type signature struct_type interface_type
%type <node> union_elem union_term struct_field interface_elem param tparam
%type <list> attrs attrs_opt go_attrs import_specs const_specs type_specs var_specs
%type <list> stmts case_clauses comm_clauses recover_clauses exprs idents indices args arg_list elements element_list
%type <list> result params param_list tparams_opt tparams types struct_fields field_list interface_elems elem_list
%type <list> import_group const_group type_group var_group
%type <header> cond_header for_header
%type <tok> tag_opt ident_opt comma_opt assign_op no_tparams

%start unit

%%

unit:
  START_FILE top_decls
| START_SCRIPT script_items
;

/* ---- declarations ---- */

top_decls:
  %empty
| top_decls top_decl SEMICOLON             { add_decl(p, $2); }
| top_decls top_decl error                 { add_decl(p, $2); RECOVER(declaration); }
| top_decls error                          { RECOVER(declaration); }
;

top_decl:
  gen_decl
| func_decl
| attrs gen_decl                           { $$ = with_attrs(p, $1, $2); }
| attrs func_decl                          { $$ = with_attrs(p, $1, $2); }
;

script_items:
  script_item
| script_items SEMICOLON script_item
;

script_item:
  stmt                                     { add_script_stmt(p, $1); }
| IMPORT import_spec                       { add_decl(p, new_gen_decl(p, $1, NULL, list_one(p, $2), NULL)); }
| IMPORT LPAREN import_group RPAREN        { add_decl(p, new_gen_decl(p, $1, $2, $3, $4)); }
| func_decl                                { add_decl(p, $1); }
| attrs gen_decl                           { add_decl(p, with_attrs(p, $1, $2)); }
| attrs func_decl                          { add_decl(p, with_attrs(p, $1, $2)); }
;

gen_decl:
  IMPORT import_spec                       { $$ = new_gen_decl(p, $1, NULL, list_one(p, $2), NULL); }
| IMPORT LPAREN import_group RPAREN        { $$ = new_gen_decl(p, $1, $2, $3, $4); }
| decl_stmt
;

decl_stmt:
  CONST const_spec                         { $$ = new_gen_decl(p, $1, NULL, list_one(p, $2), NULL); }
| CONST LPAREN const_group RPAREN          { $$ = new_gen_decl(p, $1, $2, $3, $4); }
| TYPE type_spec                           { $$ = new_gen_decl(p, $1, NULL, list_one(p, $2), NULL); }
| TYPE LPAREN type_group RPAREN            { $$ = new_gen_decl(p, $1, $2, $3, $4); }
| VAR var_spec                             { $$ = new_gen_decl(p, $1, NULL, list_one(p, $2), NULL); }
| VAR LPAREN var_group RPAREN              { $$ = new_gen_decl(p, $1, $2, $3, $4); }
;

import_group: %empty                       { $$ = list_empty(p); } | import_specs | import_specs SEMICOLON;
const_group:  %empty                       { $$ = list_empty(p); } | const_specs | const_specs SEMICOLON;
type_group:   %empty                       { $$ = list_empty(p); } | type_specs | type_specs SEMICOLON;
var_group:    %empty                       { $$ = list_empty(p); } | var_specs | var_specs SEMICOLON;

import_specs:
  import_spec                              { $$ = list_one(p, $1); }
| import_specs SEMICOLON import_spec       { $$ = $1; list_add(p, $3); }
| import_specs error                       { $$ = $1; RECOVER(element); }
;
const_specs:
  const_spec                               { $$ = list_one(p, $1); }
| const_specs SEMICOLON const_spec         { $$ = $1; list_add(p, $3); }
| const_specs error                        { $$ = $1; RECOVER(element); }
;
type_specs:
  type_spec                                { $$ = list_one(p, $1); }
| type_specs SEMICOLON type_spec           { $$ = $1; list_add(p, $3); }
| type_specs error                         { $$ = $1; RECOVER(element); }
;
var_specs:
  var_spec                                 { $$ = list_one(p, $1); }
| var_specs SEMICOLON var_spec             { $$ = $1; list_add(p, $3); }
| var_specs error                          { $$ = $1; RECOVER(element); }
;

import_spec:
  attrs_opt STRING                         { $$ = new_import_spec(p, $1, NULL, $2); }
| attrs_opt IDENT STRING                   { $$ = new_import_spec(p, $1, $2, $3); }
| attrs_opt PERIOD STRING                  { $$ = new_import_spec(p, $1, $2, $3); }
| attrs_opt LITERAL                        { $$ = new_import_spec(p, $1, NULL, $2); }
| attrs_opt IDENT LITERAL                  { $$ = new_import_spec(p, $1, $2, $3); }
| error                                    { $$ = NULL; RECOVER(element); }
;

assign_op:
  ASSIGN
| DEFINE                                   { $$ = $1; expected_assign(p, $1); }
;

const_spec:
  idents                                   { $$ = new_value_spec(p, $1, NULL, NULL, 0); }
| idents typ                               { $$ = new_value_spec(p, $1, $2, NULL, 0); }
| idents assign_op exprs                   { $$ = new_value_spec(p, $1, NULL, $2, $3); }
| idents typ assign_op exprs               { $$ = new_value_spec(p, $1, $2, $3, $4); }
| error                                    { $$ = NULL; RECOVER(element); }
;

var_spec:
  idents typ                               { $$ = new_value_spec(p, $1, $2, NULL, 0); }
| idents assign_op exprs                   { $$ = new_value_spec(p, $1, NULL, $2, $3); }
| idents typ assign_op exprs               { $$ = new_value_spec(p, $1, $2, $3, $4); }
| error                                    { $$ = NULL; RECOVER(element); }
;

type_spec:
  IDENT tparams_opt typ                    { $$ = new_type_spec(p, $1, $2, NULL, $3); }
| IDENT tparams_opt assign_op typ          { $$ = new_type_spec(p, $1, $2, $3, $4); }
| IDENT tparams_opt error                  { $$ = new_type_spec(p, $1, $2, NULL, bad_here(p)); RECOVER(element); }
| error                                    { $$ = NULL; RECOVER(element); }
;

func_decl:
  FUNC_DECL IDENT tparams_opt signature block_opt
                                           { $$ = new_func_decl(p, $1, $3, $2, $4, $5); }
| FUNC_DECL LPAREN params RPAREN IDENT no_tparams signature block_opt
                                           { $$ = new_method_decl(p, $1, $3, $4, $5, $7, $8);
                                             if ($6) syntax_error_at(p, $6, "method must have no type parameters"); }
| FUNC_DECL LPAREN params RPAREN nameless block_opt
                                           { p->stack.len = $3; $$ = new_node(p, ND_BAD_DECL, $1->pos, $4->end); }
;

nameless: error                            { RECOVER(function); };

no_tparams: /* type parameters where none may be: read and dropped */
  %empty                                   { $$ = NULL; }
| LTPARAMS tparams comma_opt RBRACK        { $$ = $1; p->stack.len = $2; }
| LTPARAMS RBRACK                          { $$ = $1; }
;

block_opt: %empty                          { $$ = NULL; } | block;

idents:
  IDENT                                    { $$ = list_one(p, new_ident(p, $1)); }
| idents COMMA IDENT                       { $$ = $1; list_add(p, new_ident(p, $3)); }
;

attrs:
  attr                                     { $$ = list_one(p, $1); }
| attrs attr                               { $$ = $1; list_add(p, $2); }
;
attrs_opt: %empty                          { $$ = list_empty(p); } | attrs;

attr:
  ATTR IDENT                  %prec NO_RESULT { $$ = new_attr(p, $1, $2, -1, NULL); }
| ATTR IDENT LPAREN args RPAREN            { $$ = new_attr(p, $1, $2, $4, $5); }
;

go_attrs:
  %empty                                   { $$ = list_empty(p); }
| go_attrs GO_ATTR IDENT LPAREN args RPAREN { $$ = $1; list_add(p, new_attr(p, $2, $3, $5, $6)); }
;

/* ---- types ---- */

typ:
  non_recv_typ
| recv_chan
;

non_recv_typ:
  bare_typ
| LPAREN typ RPAREN                        { $$ = new_paren(p, $1, $2, $3); }
;

bare_typ: /* neither parenthesised nor starting with an arrow */
  type_name
| MUL typ                                  { $$ = new_star(p, $1, $2); }
| type_lit
| struct_type
| interface_type
;

recv_chan: ARROW CHAN typ                  { $$ = new_chan_type(p, $1, CHAN_RECV, $1, $3); };

type_name:
  IDENT                                    { $$ = new_ident(p, $1); }
| IDENT PERIOD IDENT                       { $$ = new_selector(p, new_ident(p, $1), $3); }
| IDENT LBRACK types comma_opt RBRACK      { $$ = new_index(p, new_ident(p, $1), $2, $3, $5); }
| IDENT LBRACK RBRACK                      { $$ = new_empty_index(p, new_ident(p, $1), $2, $3, ", expected type argument list"); }
| IDENT PERIOD IDENT LBRACK types comma_opt RBRACK
                                           { $$ = new_index(p, new_selector(p, new_ident(p, $1), $3), $4, $5, $7); }
;

types:
  typ                                      { $$ = list_one(p, $1); }
| types COMMA typ                          { $$ = $1; list_add(p, $3); }
;

type_lit:
  LARRAY RBRACK typ                        { $$ = new_array_type(p, $1, NULL, $3); }
| LARRAY expr RBRACK typ                   { $$ = new_array_type(p, $1, $2, $4); }
| LARRAY ELLIPSIS RBRACK typ               { $$ = new_array_type(p, $1, new_ellipsis(p, $2, NULL), $4); }
| MAP LBRACK typ RBRACK typ                { $$ = new_map_type(p, $1, $3, $5); }
| CHAN non_recv_typ                        { $$ = new_chan_type(p, $1, CHAN_BOTH, NULL, $2); }
| CHAN ARROW typ                           { $$ = new_chan_type(p, $1, CHAN_SEND, $2, $3); }
| func_type                   %prec NO_RESULT
;

func_type:
  FUNC no_tparams signature                { $$ = begin_func_type(p, $3, $1, -1); no_generic_func(p, $2); }
| attrs FUNC no_tparams signature          { $$ = begin_func_type(p, $4, $2, $1); no_generic_func(p, $3); }
;

signature:
  LPAREN params RPAREN result              { $$ = new_signature(p, $1, $2, $3, $4); }
;

result:
  %empty                      %prec NO_RESULT { $$ = list_empty(p); p->result_end = 0; }
| bare_typ                                 { $$ = list_one(p, new_embedded(p, $1, NULL)); p->result_end = $1->end; }
| recv_chan                                { $$ = list_one(p, new_embedded(p, $1, NULL)); p->result_end = $1->end; }
| LPAREN params RPAREN                     { $$ = resolve_params(p, $2, $3, false); p->result_end = $3->end; }
;

params:
  %empty                                   { $$ = list_empty(p); }
| param_list comma_opt
| error                                    { $$ = list_one(p, bad_here(p)); RECOVER(parameters); }
;

param_list:
  param                                    { $$ = list_one(p, $1); }
| param_list COMMA param                   { $$ = $1; list_add(p, $3); }
;

param:
  typ
| ELLIPSIS typ                             { $$ = new_ellipsis(p, $1, $2); }
| IDENT typ                                { $$ = new_named_param(p, $1, $2); }
| IDENT ELLIPSIS typ                       { $$ = new_named_param(p, $1, new_ellipsis(p, $2, $3)); }
;

comma_opt: %empty                          { $$ = NULL; } | COMMA;

tparams_opt:
  %empty                                   { $$ = list_empty(p); }
| LTPARAMS tparams comma_opt RBRACK        { $$ = resolve_params(p, $2, $4, true); }
| LTPARAMS RBRACK                          { $$ = list_empty(p); syntax_error_at(p, $2, "empty type parameter list"); }
;

tparams:
  tparam                                   { $$ = list_one(p, $1); }
| tparams COMMA tparam                     { $$ = $1; list_add(p, $3); }
;

tparam:
  union_elem
| IDENT union_elem                         { $$ = new_named_param(p, $1, $2); }
| IDENT ELLIPSIS typ                       { $$ = new_named_param(p, $1, $3);
                                             plain_error(p, $2->pos, $2->end, "invalid use of '...'"); }
;

union_elem:
  union_term
| union_elem OR union_term                 { $$ = new_binary(p, $1, $2, $3); }
;

union_term:
  typ
| TILDE typ                                { $$ = new_unary(p, $1, $2); }
;

struct_type: STRUCT LBRACE struct_fields RBRACE { $$ = new_struct_type(p, $1, $3, $4); };

struct_fields: %empty                      { $$ = list_empty(p); } | field_list | field_list SEMICOLON;

field_list:
  struct_field                             { $$ = list_one(p, $1); }
| field_list SEMICOLON struct_field        { $$ = $1; list_add(p, $3); }
| field_list error                         { $$ = $1; RECOVER(element); }
;

struct_field:
  idents typ tag_opt                       { $$ = new_field(p, $1, $2, $3); }
| type_name tag_opt                        { $$ = new_embedded_field(p, $1, $2); }
| MUL type_name tag_opt                    { $$ = new_embedded_field(p, new_star(p, $1, $2), $3); }
| LPAREN type_name RPAREN tag_opt          { $$ = new_embedded_field(p, new_paren(p, $1, $2, $3), $4); }
| LPAREN MUL type_name RPAREN tag_opt      { $$ = new_embedded_field(p, new_paren(p, $1, new_star(p, $2, $3), $4), $5); }
| MUL LPAREN type_name RPAREN tag_opt      { $$ = new_embedded_field(p, new_star(p, $1, new_paren(p, $2, $3, $4)), $5); }
| error                                    { $$ = NULL; RECOVER(element); }
;

tag_opt: %empty                            { $$ = NULL; } | STRING | LITERAL;

interface_type: INTERFACE LBRACE interface_elems RBRACE { $$ = new_interface_type(p, $1, $3, $4); };

interface_elems: %empty                    { $$ = list_empty(p); } | elem_list | elem_list SEMICOLON;

elem_list:
  interface_elem                           { $$ = list_one(p, $1); }
| elem_list SEMICOLON interface_elem       { $$ = $1; list_add(p, $3); }
| elem_list error                          { $$ = $1; RECOVER(element); }
;

interface_elem:
  union_elem                               { $$ = new_embedded(p, $1, NULL); }
| IDENT signature                          { $$ = new_method(p, -1, $1, $2); }
| attrs IDENT signature                    { $$ = new_method(p, $1, $2, $3); }
| IDENT LTPARAMS tparams comma_opt RBRACK signature
                                           { p->stack.len = $3; $$ = new_method(p, -1, $1, $6);
                                             plain_error(p, $2->pos, $2->end,
                                                         "interface method must have no type parameters"); }
| IDENT LTPARAMS RBRACK signature          { $$ = new_method(p, -1, $1, $4);
                                             plain_error(p, $3->pos, $3->end, "empty type parameter list"); }
| error                                    { $$ = NULL; RECOVER(element); }
;

/* ---- statements ---- */

block: LBLOCK stmts RBRACE                 { $$ = new_block(p, $1, $2, $3); };

stmts:
  stmt                                     { $$ = list_one(p, $1); }
| stmts SEMICOLON stmt                     { $$ = $1; list_add(p, $3); }
| stmts error                              { $$ = $1; RECOVER(element); }
;

stmt:
  %empty                      %prec NO_RESULT { $$ = NULL; }
| nonempty_stmt
| error                                    { $$ = NULL; RECOVER(element); }
;

nonempty_stmt:
  simple_stmt
| IDENT COLON stmt                         { $$ = new_labeled(p, $1, $2, $3); }
| block
| decl_stmt                                { $$ = new_decl_stmt(p, $1); }
| if_stmt
| FOR for_header block                     { $$ = new_for(p, $1, $2, $3); }
| SWITCH cond_header LBLOCK case_clauses RBRACE { $$ = new_switch(p, $1, $2, $4, $5); }
| SELECT LBLOCK comm_clauses RBRACE        { $$ = new_select(p, $1, $3, $4); }
| BREAK ident_opt                          { $$ = new_branch(p, $1, $2); }
| CONTINUE ident_opt                       { $$ = new_branch(p, $1, $2); }
| GOTO IDENT                               { $$ = new_branch(p, $1, $2); }
| FALLTHROUGH                              { $$ = new_branch(p, $1, NULL); }
| RETURN                                   { $$ = new_return(p, $1, list_empty(p)); }
| RETURN exprs                             { $$ = new_return(p, $1, $2); }
| DEFER pexpr                              { $$ = new_defer(p, $1, $2); }
| goo_stmt
;

ident_opt: %empty                          { $$ = NULL; } | IDENT;

goo_stmt:
  TRY block recover_clauses                { $$ = new_try(p, $1, $2, $3); }
| ARENA IDENT arena_size block             { $$ = new_arena_block(p, $1, $2, $3, $4); }
| RESTRICT exprs block                     { $$ = new_restrict(p, $1, $2, $3); }
| WITH expr block                          { $$ = new_with(p, $1, $2, $3); }
;

arena_size: %empty                         { $$ = NULL; } | LPAREN expr RPAREN { $$ = $2; };

recover_clauses:
  %empty                                   { $$ = list_empty(p); }
| recover_clauses recover_clause           { $$ = $1; list_add(p, $2); }
;

recover_clause: RECOVER IDENT expr_opt block { $$ = new_recover(p, $1, $2, $3, $4); };

simple_stmt:
  exprs                                    { $$ = new_expr_stmt(p, $1, p->toks.at + p->next - 1); }
| exprs ASSIGN exprs                       { $$ = new_assign(p, $1, $2, $3); }
| exprs DEFINE exprs                       { $$ = new_assign(p, $1, $2, $3); }
| exprs ASSIGN_OP expr                     { $$ = new_assign(p, $1, $2, list_one(p, $3)); }
| exprs INC                                { $$ = new_incdec(p, $1, $2); }
| exprs DEC                                { $$ = new_incdec(p, $1, $2); }
| exprs ARROW expr                         { $$ = new_send(p, $1, $2, $3); }
;

simple_stmt_opt: %empty                    { $$ = NULL; } | simple_stmt;

cond_header:
  simple_stmt_opt                          { $$ = new_header(p, NULL, NULL, $1, NULL); }
| simple_stmt_opt SEMICOLON simple_stmt_opt { $$ = new_header(p, $1, $2, $3, NULL); }
;

for_header:
  simple_stmt_opt                          { $$ = new_header(p, NULL, NULL, $1, NULL); }
| simple_stmt_opt SEMICOLON simple_stmt_opt SEMICOLON simple_stmt_opt { $$ = new_header(p, $1, $2, $3, $5); }
| simple_stmt_opt SEMICOLON simple_stmt_opt { $$ = new_short_header(p, $1, $2, $3, p->toks.at + p->next - 1); }
| range_clause                             { $$ = new_header(p, NULL, NULL, NULL, NULL); $$->range = $1; }
;

range_clause:
  RANGE expr                               { $$ = new_range(p, -1, NULL, $1, $2); }
| exprs ASSIGN RANGE expr                  { $$ = new_range(p, $1, $2, $3, $4); }
| exprs DEFINE RANGE expr                  { $$ = new_range(p, $1, $2, $3, $4); }
;

if_stmt: IF cond_header block else_opt     { $$ = new_if(p, $1, $2, $3, $4); };

else_opt:
  %empty                                   { $$ = NULL; }
| ELSE if_stmt                             { $$ = $2; }
| ELSE block                               { $$ = $2; }
;

case_clauses:
  %empty                                   { $$ = list_empty(p); }
| case_clauses case_clause                 { $$ = $1; list_add(p, $2); }
| case_clauses error                       { $$ = $1; RECOVER(clause); }
;

case_clause:
  CASE exprs COLON stmts      %prec NO_RESULT { $$ = new_case(p, $1, $2, $3, $4); }
| DEFAULT COLON stmts         %prec NO_RESULT { $$ = new_case(p, $1, -1, $2, $3); }
;

comm_clauses:
  %empty                                   { $$ = list_empty(p); }
| comm_clauses comm_clause                 { $$ = $1; list_add(p, $2); }
| comm_clauses error                       { $$ = $1; RECOVER(clause); }
;

comm_clause:
  CASE simple_stmt COLON stmts%prec NO_RESULT { $$ = new_comm(p, $1, $2, $3, $4); }
| DEFAULT COLON stmts         %prec NO_RESULT { $$ = new_comm(p, $1, NULL, $2, $3); }
;

/* ---- expressions ---- */

exprs:
  expr                                     { $$ = list_one(p, $1); }
| exprs COMMA expr                         { $$ = $1; list_add(p, $3); }
;

expr_opt: %empty                           { $$ = NULL; } | expr;

expr:
  unary_expr
| expr LOR expr                            { $$ = new_binary(p, $1, $2, $3); }
| expr LAND expr                           { $$ = new_binary(p, $1, $2, $3); }
| expr CMP expr                            { $$ = new_binary(p, $1, $2, $3); }
| expr ADDOP expr                          { $$ = new_binary(p, $1, $2, $3); }
| expr OR expr                             { $$ = new_binary(p, $1, $2, $3); }
| expr MULOP expr                          { $$ = new_binary(p, $1, $2, $3); }
| expr MUL expr                            { $$ = new_binary(p, $1, $2, $3); }
| expr AND expr                            { $$ = new_binary(p, $1, $2, $3); }
| expr AT unary_expr                       { $$ = new_alloc_at(p, $1, $2, $3); }
| expr ELSE_VALUE expr                     { $$ = new_else(p, $1, $2, NULL, $3); }
| expr ELSE_BIND IDENT block               { $$ = new_else(p, $1, $2, $3, $4); }
;

unary_expr:
  pexpr
| type_lit
| MUL unary_expr                           { $$ = new_star(p, $1, $2); }
| ADDOP unary_expr                         { $$ = new_unary(p, $1, $2); }
| AND unary_expr                           { $$ = new_unary(p, $1, $2); }
| NOT unary_expr                           { $$ = new_unary(p, $1, $2); }
| TILDE unary_expr                         { $$ = new_unary(p, $1, $2); }
| ARROW unary_expr                         { $$ = new_receive(p, $1, $2); }
| GO go_attrs pexpr                        { $$ = new_go(p, $1, $2, $3); }
;

pexpr:
  operand
| pexpr PERIOD IDENT                       { $$ = new_selector(p, $1, $3); }
| pexpr PERIOD LPAREN typ RPAREN           { $$ = new_type_assert(p, $1, $2, $4, $5); }
| pexpr PERIOD LPAREN TYPE RPAREN          { $$ = new_type_assert(p, $1, $2, NULL, $5); }
| pexpr LBRACK indices comma_opt RBRACK    { $$ = new_index(p, $1, $2, $3, $5); }
| pexpr LBRACK RBRACK                      { $$ = new_empty_index(p, $1, $2, $3, ", expected operand"); }
| pexpr LBRACK expr_opt COLON expr_opt RBRACK { $$ = new_slice(p, $1, $2, $3, $5, NULL, NULL, $6); }
| pexpr LBRACK expr_opt COLON expr_opt COLON expr_opt RBRACK { $$ = new_slice(p, $1, $2, $3, $5, $6, $7, $8); }
| pexpr LPAREN args RPAREN                 { $$ = new_call(p, $1, $2, $3, NULL, $4); }
| pexpr LPAREN arg_list ELLIPSIS comma_opt RPAREN { $$ = new_call(p, $1, $2, $3, $4, $6); }
| type_lit LPAREN args RPAREN              { $$ = new_call(p, $1, $2, $3, NULL, $4); }
| type_lit LPAREN arg_list ELLIPSIS comma_opt RPAREN { $$ = new_call(p, $1, $2, $3, $4, $6); }
| pexpr QUESTION                           { $$ = new_propagate(p, $1, $2, NULL); }
| pexpr QUESTION STRING                    { $$ = new_propagate(p, $1, $2, $3); }
;

operand:
  IDENT                                    { $$ = new_ident(p, $1); }
| LITERAL                                  { $$ = new_literal(p, $1); }
| STRING                                   { $$ = new_literal(p, $1); }
| LPAREN expr RPAREN                       { $$ = new_paren(p, $1, $2, $3); }
| struct_type
| interface_type
| func_type block                          { $$ = new_func_lit(p, $1, $2); }
| composite
;

composite:
  pexpr LBRACE elements RBRACE             { $$ = new_composite(p, $1, $2, $3, $4); }
| type_lit LBRACE elements RBRACE          { $$ = new_composite(p, $1, $2, $3, $4); }
;

elements:
  %empty                                   { $$ = list_empty(p); }
| element_list comma_opt
;

element_list:
  element                                  { $$ = list_one(p, $1); }
| element COLON element                    { $$ = list_one(p, new_key_value(p, $1, $2, $3)); }
| element_list COMMA element               { $$ = $1; list_add(p, $3); }
| element_list COMMA element COLON element { $$ = $1; list_add(p, new_key_value(p, $3, $4, $5)); }
;

element:
  expr
| LBRACE elements RBRACE                   { $$ = new_composite(p, NULL, $1, $2, $3); }
;

indices:
  expr                                     { $$ = list_one(p, $1); }
| indices COMMA expr                       { $$ = $1; list_add(p, $3); }
;

args:
  %empty                                   { $$ = list_empty(p); }
| arg_list comma_opt
;

arg_list:
  expr                                     { $$ = list_one(p, $1); }
| arg_list COMMA expr                      { $$ = $1; list_add(p, $3); }
;

%%

/* ---- the tokens that the grammar sees ---- */

static const uint8_t code_of_kind[TK_COUNT] = {
    [TK_EOF] = Y_YYEOF,      [TK_IDENT] = Y_IDENT,         [TK_INT] = Y_LITERAL,   [TK_FLOAT] = Y_LITERAL,
    [TK_IMAG] = Y_LITERAL,      [TK_CHAR] = Y_LITERAL,        [TK_STRING] = Y_STRING, [TK_ADD] = Y_ADDOP,
    [TK_SUB] = Y_ADDOP,         [TK_MUL] = Y_MUL,             [TK_QUO] = Y_MULOP,     [TK_REM] = Y_MULOP,
    [TK_AND] = Y_AND,           [TK_OR] = Y_OR,               [TK_XOR] = Y_ADDOP,     [TK_SHL] = Y_MULOP,
    [TK_SHR] = Y_MULOP,         [TK_AND_NOT] = Y_MULOP,       [TK_LAND] = Y_LAND,     [TK_LOR] = Y_LOR,
    [TK_ARROW] = Y_ARROW,       [TK_INC] = Y_INC,             [TK_DEC] = Y_DEC,       [TK_EQL] = Y_CMP,
    [TK_LSS] = Y_CMP,           [TK_GTR] = Y_CMP,             [TK_NEQ] = Y_CMP,       [TK_LEQ] = Y_CMP,
    [TK_GEQ] = Y_CMP,           [TK_ASSIGN] = Y_ASSIGN,       [TK_DEFINE] = Y_DEFINE, [TK_ASSIGN_OP] = Y_ASSIGN_OP,
    [TK_NOT] = Y_NOT,           [TK_TILDE] = Y_TILDE,         [TK_ELLIPSIS] = Y_ELLIPSIS,
    [TK_LPAREN] = Y_LPAREN,     [TK_LBRACK] = Y_LBRACK,       [TK_LBRACE] = Y_LBRACE, [TK_COMMA] = Y_COMMA,
    [TK_PERIOD] = Y_PERIOD,     [TK_RPAREN] = Y_RPAREN,       [TK_RBRACK] = Y_RBRACK, [TK_RBRACE] = Y_RBRACE,
    [TK_SEMICOLON] = Y_SEMICOLON, [TK_COLON] = Y_COLON,       [TK_AT] = Y_AT,         [TK_QUESTION] = Y_QUESTION,
    [TK_BREAK] = Y_BREAK,       [TK_CASE] = Y_CASE,           [TK_CHAN] = Y_CHAN,     [TK_CONST] = Y_CONST,
    [TK_CONTINUE] = Y_CONTINUE, [TK_DEFAULT] = Y_DEFAULT,     [TK_DEFER] = Y_DEFER,   [TK_ELSE] = Y_ELSE,
    [TK_FALLTHROUGH] = Y_FALLTHROUGH, [TK_FOR] = Y_FOR,       [TK_FUNC] = Y_FUNC,     [TK_GO] = Y_GO,
    [TK_GOTO] = Y_GOTO,         [TK_IF] = Y_IF,               [TK_IMPORT] = Y_IMPORT, [TK_INTERFACE] = Y_INTERFACE,
    [TK_MAP] = Y_MAP,           [TK_PACKAGE] = Y_PACKAGE,     [TK_RANGE] = Y_RANGE,   [TK_RETURN] = Y_RETURN,
    [TK_SELECT] = Y_SELECT,     [TK_STRUCT] = Y_STRUCT,       [TK_SWITCH] = Y_SWITCH, [TK_TYPE] = Y_TYPE,
    [TK_VAR] = Y_VAR,
};

static const uint8_t code_of_mark[] = {
    [MARK_LBLOCK] = Y_LBLOCK,       [MARK_LARRAY] = Y_LARRAY,         [MARK_LTPARAMS] = Y_LTPARAMS,
    [MARK_FUNC_DECL] = Y_FUNC_DECL, [MARK_ELSE_VALUE] = Y_ELSE_VALUE, [MARK_ELSE_BIND] = Y_ELSE_BIND,
    [MARK_ATTR] = Y_ATTR,           [MARK_GO_ATTR] = Y_GO_ATTR,       [MARK_TRY] = Y_TRY,
    [MARK_RECOVER] = Y_RECOVER,     [MARK_ARENA] = Y_ARENA,           [MARK_RESTRICT] = Y_RESTRICT,
    [MARK_WITH] = Y_WITH,
};

static int gooyylex(GOOYYSTYPE *value, Parser *p) {
    const Token *t = &p->toks.at[p->next];
    if (!p->started) {
        p->started = true;
        return p->script ? Y_START_SCRIPT : Y_START_FILE;
    }
    if (p->virtual_paren) {
        p->virtual_paren = false;
        value->tok = t;
        return Y_RPAREN;
    }
    while (t->mark == MARK_SKIP) t++;
    p->next = (int)(t - p->toks.at) + 1;
    value->tok = t;
    return t->mark ? code_of_mark[t->mark] : code_of_kind[t->kind];
}

/* ---- errors ---- */

static void gooyyerror(Parser *p, const char *message) {
    (void)message; /* the only caller is the overflow of bison's stack */
    const Token *t = &p->toks.at[p->next - 1];
    syntax_error_at(p, t, "nested too deeply");
}

typedef struct Wording {
    yysymbol_kind_t top, below;
    const char *text, *at_start;
} Wording;

enum { YYSYMBOL_ANY = YYSYMBOL_YYEMPTY };

static const Wording wordings[] = {
#define E(top, below, text, at_start) {YYSYMBOL_##top, (yysymbol_kind_t)YYSYMBOL_##below, text, at_start},
#include "parser/syntax_errors.def"
};

/* The symbol that is i below the top of the stack; YYSYMBOL_YYEOF at its bottom. */
static yysymbol_kind_t symbol_at(const yypcontext_t *ctx, int i) {
    const yy_state_t *s = ctx->yyssp;
    while (i-- > 0 && *s) s--;
    return *s ? (yysymbol_kind_t)yystos[*s] : YYSYMBOL_YYEOF;
}

/* Whether the token could have come instead. */
static bool accepts(const yypcontext_t *ctx, yysymbol_kind_t token) {
    int n = yypact[*ctx->yyssp];
    if (yypact_value_is_default(n)) return false;
    n += token;
    return n >= 0 && n <= YYLAST && yycheck[n] == (int)token && !yytable_value_is_error(yytable[n]);
}

/* Whether an element of a list comes after token t. */
static bool starts_element(const Token *t) {
    return t->kind == TK_COMMA || t->kind == TK_SEMICOLON || t->kind == TK_COLON || t->kind == TK_LPAREN ||
           t->kind == TK_LBRACK || t->kind == TK_LBRACE;
}

/* In a list of statements, depth symbols below the top: either the last statement is not over, or something comes
 * that starts none. */
static const char *statement_wording(const yypcontext_t *ctx, int depth, const Token *before) {
    if (!starts_element(before)) return " at end of statement";
    yysymbol_kind_t list = symbol_at(ctx, depth);
    if (list == YYSYMBOL_script_items || list == YYSYMBOL_START_SCRIPT) return ", expected statement or declaration";
    bool clause = list == YYSYMBOL_COLON || (list == YYSYMBOL_stmts && symbol_at(ctx, depth + 1) == YYSYMBOL_COLON);
    return clause ? ", expected case or default or }" : ", expected }";
}

/* After  name[  where type arguments follow. */
static const char *type_arguments_wording(const yypcontext_t *ctx, const Token *t) {
    if (t->kind != TK_RBRACK) return ", expected type";
    yysymbol_kind_t before = symbol_at(ctx, 2);
    bool method = before == YYSYMBOL_LBRACE || (before == YYSYMBOL_SEMICOLON && symbol_at(ctx, 3) == YYSYMBOL_elem_list);
    return method ? "empty type argument list" : ", expected type argument list";
}

static const char *listed_wording(yysymbol_kind_t top, yysymbol_kind_t below, bool at_start) {
    for (size_t i = 0; i < sizeof wordings / sizeof *wordings; i++) {
        const Wording *w = &wordings[i];
        if (w->top == top && (w->below == below || (int)w->below == YYSYMBOL_ANY))
            return at_start && *w->at_start ? w->at_start : w->text;
    }
    return NULL;
}

static const char *wording(const yypcontext_t *ctx, Parser *p, const Token *t) {
    yysymbol_kind_t top = symbol_at(ctx, 0), below = symbol_at(ctx, 1);
    switch (top) {
    case YYSYMBOL_stmts:
    case YYSYMBOL_stmt:
    case YYSYMBOL_unit:
    case YYSYMBOL_START_SCRIPT:
    case YYSYMBOL_LBLOCK: return statement_wording(ctx, 0, t - 1);
    case YYSYMBOL_SEMICOLON:
        if (below == YYSYMBOL_stmts || below == YYSYMBOL_script_items) return statement_wording(ctx, 1, t - 1);
        break;
    case YYSYMBOL_COLON:
        if (below == YYSYMBOL_DEFAULT || symbol_at(ctx, 2) == YYSYMBOL_CASE) return statement_wording(ctx, 0, t - 1);
        if (below == YYSYMBOL_IDENT) return ", expected }"; /* a label without statement */
        break;
    case YYSYMBOL_tparams_opt: return symbol_at(ctx, 2) == YYSYMBOL_FUNC_DECL ? ", expected (" : " in type declaration";
    case YYSYMBOL_LPAREN:
        if (accepts(ctx, YYSYMBOL_ELLIPSIS)) return ", expected )"; /* parameters */
        break;
    case YYSYMBOL_cond_header:
    case YYSYMBOL_for_header: return header_wording(p, p->error_at);
    case YYSYMBOL_top_decls: return top_level_wording(p, t);
    case YYSYMBOL_LBRACK:
        if (below == YYSYMBOL_IDENT) return type_arguments_wording(ctx, t);
        break;
    default: break;
    }
    if (accepts(ctx, YYSYMBOL_CHAN) && !accepts(ctx, YYSYMBOL_MAP)) return ", expected chan";
    const char *listed = listed_wording(top, below, starts_element(t - 1));
    if (listed) return listed;
    if (accepts(ctx, YYSYMBOL_LITERAL)) return ", expected expression";
    if (accepts(ctx, YYSYMBOL_MAP)) return ", expected type";
    return accepts(ctx, YYSYMBOL_IDENT) ? ", expected name" : "";
}

static int yyreport_syntax_error(const yypcontext_t *ctx, Parser *p) {
    p->error_at = p->next - 1;
    const Token *t = &p->toks.at[p->error_at];
    const char *text = wording(ctx, p, t);
    if (*text == ' ' || *text == ',' || !*text) unexpected(p, t, text);
    else if (t->kind != TK_EOF || !p->any_errors) syntax_error_at(p, t, "%s", text);
    return 0;
}

void grammar_run(Parser *p) { gooyyparse(p); }
