/* methods.c: methods that nothing can call are left out.
 *
 * A type descriptor lists all methods of its type. The table is used to make method tables for interfaces, which asks for
 * methods that some interface type of the program has by name and type, and by reflection over methods. So an entry
 * lives when a live interface type has such a method, or when the program can look at all methods: then
 * reflect.Value.Method or MethodByName live, or rt_uses_methods does, which code calls that calls those of
 * reflect.Type. Entries that do not live keep their name and have no addresses: their order and number stay. Go's
 * linker goes by the same idea.
 *
 * What is known of descriptors here is their layout (runtime/abi.h), and that the compiler puts each into a COMDAT
 * group named after its type. */
#include "linker/parts.h"
#include "runtime/abi.h"

#include <string.h>

/* A method's entry in a descriptor that is live. */
struct MethodEntry {
    MethodEntry *next; /* of the same name and type */
    Section *sec;
    const Elf64_Rela *type, *ifn, *tfn;
};

bool link_is_descriptor(const Section *s) {
    return s->group && strncmp(s->group, "type:", 5) == 0 && strncmp(link_section_name(s), ".rodata", 7) == 0 && s->sh->sh_size >= sizeof(GoType);
}

/* What shows that methods may be looked at one by one. */
bool link_shows_methods(const char *symbol) {
    return !strcmp(symbol, "rt_uses_methods") || !strcmp(symbol, "reflect.Value.Method") || !strcmp(symbol, "reflect.Value.MethodByName");
}

/* ---- reading descriptors ---- */

/* The relocation at an offset of s, or NULL; they are sorted. */
static const Elf64_Rela *relocation_at(const Section *s, uint64_t offset) {
    uint32_t lo = 0, hi = s->nrela;
    while (lo < hi) {
        uint32_t mid = (lo + hi) / 2;
        if (s->rela[mid].r_offset < offset) lo = mid + 1;
        else hi = mid;
    }
    return lo < s->nrela && s->rela[lo].r_offset == offset ? &s->rela[lo] : NULL;
}

/* The bytes that a relocation refers to, as many as *room. */
static const uint8_t *bytes_of(Linker *l, const Section *s, const Elf64_Rela *r, uint64_t *room) {
    const Symbol *sym = link_symbol_of(l, s->obj, ELF64_R_SYM(r->r_info));
    uint64_t at = sym->sec ? sym->def->st_value + (uint64_t)r->r_addend : 0;
    if (!sym->sec || sym->sec->sh->sh_type == SHT_NOBITS || at >= sym->sec->sh->sh_size) return NULL;
    *room = sym->sec->sh->sh_size - at;
    return sym->sec->obj->base + sym->sec->sh->sh_offset + at;
}

/* The name and type of a method as one name; NULL when the descriptor is not as expected. Packages of unexported
 * methods do not count: a method too many may live. */
static const Name *method_key(Linker *l, const Section *s, const Elf64_Rela *name, const Elf64_Rela *type) {
    uint64_t room, at = 1, len = 0;
    const uint8_t *p = name && type ? bytes_of(l, s, name, &room) : NULL;
    for (unsigned shift = 0; p && at < room && shift < 32; shift += 7) {
        len |= (uint64_t)(p[at] & 0x7f) << shift;
        if (!(p[at++] & 0x80)) break;
    }
    if (!p || at >= room || len > room - at) return NULL;
    const Symbol *t = link_symbol_of(l, s->obj, ELF64_R_SYM(type->r_info));
    return name_of(l->method_names, arena_printf(l->arena, "%.*s %s", (int)len, (const char *)p + at, t->name));
}

/* ---- marking ---- */

static void mark_entry(Linker *l, const MethodEntry *e) {
    const Elf64_Rela *const all[] = {e->type, e->ifn, l->all_methods ? e->tfn : NULL}; /* only reflection takes tfn */
    for (int i = 0; i < 3; i++)
        if (all[i]) link_mark_relocation(l, e->sec, all[i]);
}

static void need_method(Linker *l, const Name *key) {
    if (!key || ptrmap_get(&l->methods_needed, key)) return;
    ptrmap_put(l->arena, &l->methods_needed, key, l);
    for (const MethodEntry *e = ptrmap_get(&l->method_entries, key); e; e = e->next) mark_entry(l, e);
}

void link_need_all_methods(Linker *l) {
    if (l->all_methods) return;
    l->all_methods = true;
    for (int i = 0; i < l->entry_list.len; i++) mark_entry(l, l->entry_list.at[i]);
}

/* The runtime prints values of panics by these, whether or not such an interface is there. */
static void need_text_methods(Linker *l) {
    static const char *const keys[] = {"Error type:func() string", "String type:func() string"};
    for (int i = 0; i < 2; i++) need_method(l, name_of(l->method_names, keys[i]));
}

static void mark_interface(Linker *l, const Section *s, const uint8_t *data) {
    int64_t n;
    memcpy(&n, data + offsetof(GoInterfaceType, nmethods), sizeof n);
    const Elf64_Rela *array = relocation_at(s, offsetof(GoInterfaceType, methods));
    if (!array) return;
    for (int64_t i = 0; i < n; i++) {
        uint64_t at = (uint64_t)array->r_addend + (uint64_t)i * sizeof(GoImethod);
        const Elf64_Rela *name = relocation_at(s, at + offsetof(GoImethod, name));
        if (!name) return;
        need_method(l, method_key(l, s, name, relocation_at(s, at + offsetof(GoImethod, type))));
    }
}

static void add_entry(Linker *l, Section *s, uint64_t at) {
    MethodEntry *e = NEW(l->arena, MethodEntry);
    *e = (MethodEntry){.sec = s, .type = relocation_at(s, at + offsetof(GoMethod, mtyp)), .ifn = relocation_at(s, at + offsetof(GoMethod, ifn)), .tfn = relocation_at(s, at + offsetof(GoMethod, tfn))};
    const Name *key = method_key(l, s, relocation_at(s, at), e->type);
    if (key) {
        e->next = ptrmap_get(&l->method_entries, key);
        ptrmap_put(l->arena, &l->method_entries, key, e);
    }
    vec_push(l->arena, &l->entry_list, e);
    if (!key || l->all_methods || ptrmap_get(&l->methods_needed, key)) mark_entry(l, e);
}

void link_mark_descriptor(Linker *l, Section *s) {
    if (!l->method_names) {
        l->method_names = names_new(l->arena);
        need_text_methods(l);
    }
    GoType t;
    GoUncommon u = {0};
    const uint8_t *data = s->obj->base + s->sh->sh_offset;
    memcpy(&t, data, sizeof t);
    uint64_t size = s->sh->sh_size, at = (uint64_t)abi_type_size(t.kind & GK_MASK), from = size, to;
    if (t.tflag & TF_UNCOMMON && at + sizeof u <= size) {
        memcpy(&u, data + at, sizeof u);
        from = at + u.moff;
    }
    to = from + u.mcount * sizeof(GoMethod);
    if ((t.kind & GK_MASK) == GK_INTERFACE && size >= sizeof(GoInterfaceType)) mark_interface(l, s, data);
    for (uint32_t i = 0; i < s->nrela; i++) {
        uint64_t offset = s->rela[i].r_offset;
        bool is_name = (offset - from) % sizeof(GoMethod) == offsetof(GoMethod, name);
        if (offset < from || offset >= to || is_name) link_mark_relocation(l, s, &s->rela[i]);
    }
    for (int i = 0; i < u.mcount; i++) add_entry(l, s, from + (uint64_t)i * sizeof(GoMethod));
}
