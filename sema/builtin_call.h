/* builtin_call.h: a call of a builtin function while it is checked; private to the files that check them. */
#ifndef GOO_SEMA_BUILTIN_CALL_H
#define GOO_SEMA_BUILTIN_CALL_H

#include "sema/check.h"

#include <string.h>

typedef struct BuiltinCall {
    Checker *c;
    Operand *x;    /* in: a copy of the first argument; out: the result */
    Node *call;
    Operand *args; /* evaluated arguments; NULL for builtins that evaluate their own */
    int nargs;
    BuiltinId id;
    const char *name; /* without package */
} BuiltinCall;

typedef bool (*BuiltinHandler)(BuiltinCall *b);

void set_no_value(BuiltinCall *b);

/* ---- builtins_unsafe.c ---- */
bool check_unsafe_add(BuiltinCall *b);
bool check_unsafe_size(BuiltinCall *b);
bool check_unsafe_offset(BuiltinCall *b);
bool check_unsafe_slice(BuiltinCall *b);
bool check_unsafe_slice_data(BuiltinCall *b);
bool check_unsafe_string(BuiltinCall *b);
bool check_unsafe_string_data(BuiltinCall *b);

#endif
