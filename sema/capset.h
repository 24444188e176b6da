/* capset.h: sets of capabilities with scopes: what attributes say, functions need, tables and summaries list.
 *
 * A set is a list of atoms: a capability (runtime/caps.def) and the part of its resources, or all of them. As a
 * grant an atom without scope is the whole right. As a need it is a use of which the resource is not known before
 * the program runs: any grant of the capability covers it here, and the check at the resource decides there. */
#ifndef GOO_CAPSET_H
#define GOO_CAPSET_H

#include "base/base.h"
#include "runtime/abi.h"

typedef struct CapInfo {
    const char *name, *go, *meaning;
    uint8_t scope; /* enum RtCapScope */
} CapInfo;
extern const CapInfo cap_infos[RT_CAP_COUNT];

typedef struct CapAtom {
    int cap;           /* enum RtCap */
    const char *scope; /* as cap_scope_clean gives it; NULL: none */
} CapAtom;

/* Sorted, without duplicates. The arena that atoms were added from owns it. */
typedef struct CapSet { VEC(CapAtom) atoms; } CapSet;

/* ---- capset.c ---- */
/* The capabilities that a name, of a capability, of a parent or "all", stands for; RT_CAPS_NONE for no name. */
RtCapMask cap_named(const char *name, size_t n);
/* The name that was probably meant, or NULL. */
const char *cap_suggestion(const char *name);
/* Every name: capabilities first, then parents, then "all"; NULL behind the last. */
const char *cap_name(int i);
void capset_add(Arena *a, CapSet *s, int cap, const char *scope);
void capset_add_mask(Arena *a, CapSet *s, RtCapMask caps, const char *scope);
void capset_add_all(Arena *a, CapSet *s, const CapSet *more);
RtCapMask capset_mask(const CapSet *s);
/* Whether the grants of s cover a need. */
bool capset_covers(const CapSet *s, CapAtom need);
/* Whether a need is, or for an unknown resource may be, one that s names. */
bool capset_meets(const CapSet *s, CapAtom need);
/* An atom of needs that grants does not cover, or NULL. */
const CapAtom *capset_excess(const CapSet *needs, const CapSet *grants);
/* file.read("/etc"), network; children that are all there without scopes are written as their parent. "" when empty. */
char *capset_str(Arena *a, const CapSet *s);
char *cap_atom_str(Arena *a, CapAtom atom);
/* Reads what capset_str writes. False: *why says what is wrong. */
bool capset_parse(Arena *a, const char *text, size_t n, CapSet *s, const char **why);

/* ---- capscope.c ---- */
/* The scope in its one spelling, or NULL when it is malformed: *why says how. */
const char *cap_scope_clean(Arena *a, int cap, const char *text, const char **why);
/* Whether everything in inner is in outer, and whether something is in both. Both are clean. */
bool cap_scope_covers(int cap, const char *outer, const char *inner);
bool cap_scope_overlaps(int cap, const char *x, const char *y);

#endif
