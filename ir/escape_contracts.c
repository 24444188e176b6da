/* escape_contracts.c: the contracts of a package's functions as text, for those who import it.
 *
 * One line a function: its symbol, the numbers of parameters and results, then for each parameter the dereferences
 * with which it gets to the heap, and to each result: '-' for not at all, otherwise a digit. More than nine count as nine,
 * which says more than is true and so is safe. Functions that say no more than what is assumed of unknown ones are left
 * out. Lines of region analysis (region_summary.c) stand between them. */
#include "ir/ir.h"

#include <string.h>

static char digit(int derefs) { return derefs == IR_STAYS ? '-' : (char)('0' + (derefs > 9 ? 9 : derefs)); }

static int number(char c) { return c == '-' ? IR_STAYS : c - '0'; }

static bool says_something(const IrEscape *k) {
    for (int i = 0; i < k->nparams; i++)
        if (k->heap[i] != 0) return true;
    return false;
}

void ir_contracts_write(const IrPackage *p, Buf *out) {
    for (int i = 0; i < p->funcs.len; i++) {
        const IrFunc *f = p->funcs.at[i];
        const IrEscape *k = f->escape;
        if (f->region && f->sym->linkage == IL_GLOBAL) ir_region_write(f, out);
        if (!k || f->sym->linkage != IL_GLOBAL || !says_something(k)) continue;
        buf_printf(out, "%s\t%d %d ", f->sym->name, k->nparams, k->nresults);
        for (int n = 0; n < k->nparams; n++) {
            buf_putc(out, digit(k->heap[n]));
            for (int r = 0; r < k->nresults; r++) buf_putc(out, digit(k->results[n * k->nresults + r]));
        }
        buf_putc(out, '\n');
    }
}

/* The contract in the rest of a line; NULL when it is malformed. */
static IrEscape *parse(Arena *a, const char *s, const char *end) {
    int nparams, nresults, used = 0;
    if (sscanf(s, "%d %d%n", &nparams, &nresults, &used) != 2 || nparams < 0 || nresults < 0) return NULL;
    s += used + 1;
    if (end - s != (int64_t)nparams * (1 + nresults)) return NULL;
    IrEscape *k = NEW(a, IrEscape);
    *k = (IrEscape){nparams, nresults, NEW_ARRAY(a, int8_t, nparams), NEW_ARRAY(a, int8_t, nparams * nresults)};
    for (int n = 0; n < nparams; n++) {
        k->heap[n] = (int8_t)number(*s++);
        for (int r = 0; r < nresults; r++) k->results[n * nresults + r] = (int8_t)number(*s++);
    }
    return k;
}

bool ir_contracts_read(IrEscapes *all, NameTable *names, const char *text) {
    for (const char *end; *text; text = end + 1) {
        const char *tab = strchr(text, '\t');
        end = strchr(text, '\n');
        if (!end || !tab || tab >= end) return false;
        bool is_region = tab[1] == 'r';
        void *k = is_region ? (void *)ir_region_read(all->arena, names, tab + 1, end) : parse(all->arena, tab + 1, end);
        if (!k) return false;
        ptrmap_put(all->arena, is_region ? &all->regions : &all->by_name, name_ofn(names, text, (size_t)(tab - text)), k);
    }
    return true;
}
