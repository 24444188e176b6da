/* relocate.c: addresses into the program's bytes.
 *
 * Objects refer to some addresses through slots, for the sake of shared libraries. In a static program an instruction
 * that loads a slot can have the address itself (link_relaxes). Functions that are chosen at start-up by processor
 * (STT_GNU_IFUNC) are called through a stub and a slot, which the C library fills in by the relocations it is given. */
#include "linker/parts.h"

#include <string.h>

/* ---- instructions ---- */

static const uint8_t *instruction_end(const Section *s, const Elf64_Rela *r) {
    return s->obj->base + s->sh->sh_offset + r->r_offset;
}

/* REX, opcode and ModRM stand before the four bytes; a RIP-relative operand is the one with mod 0 and r/m 5. */
static bool loads_slot(const Section *s, const Elf64_Rela *r, uint8_t opcode) {
    if (r->r_offset < 3 || r->r_addend != -4) return false;
    const uint8_t *at = instruction_end(s, r);
    return (at[-3] == 0x48 || at[-3] == 0x4c) && at[-2] == opcode && (at[-1] & 0xc7) == 0x05;
}

enum { OP_ADD = 0x03, OP_MOV = 0x8b, OP_LEA = 0x8d, OP_MOV_IMM = 0xc7, OP_ADD_IMM = 0x81 };

bool link_relaxes(const Section *s, const Elf64_Rela *r, const Symbol *sym) {
    switch (ELF64_R_TYPE(r->r_info)) {
    case R_X86_64_GOTTPOFF: return loads_slot(s, r, OP_MOV) || loads_slot(s, r, OP_ADD);
    case R_X86_64_REX_GOTPCRELX: return !link_is_ifunc(sym) && sym->sec && loads_slot(s, r, OP_MOV);
    default: return false;
    }
}

/* mov slot(%rip), %reg becomes mov $imm32, %reg; likewise add. */
static void use_immediate(uint8_t *at) {
    uint8_t reg = at[-1] >> 3 & 7;
    at[-3] = at[-3] == 0x4c ? 0x49 : 0x48; /* the register moves from the reg field to r/m */
    at[-2] = at[-2] == OP_MOV ? OP_MOV_IMM : OP_ADD_IMM;
    at[-1] = (uint8_t)(0xc0 | reg);
}

/* ---- addresses ---- */

static uint64_t slot(const Linker *l, int group_start, int index) { return l->out_got->addr + 8 * (uint64_t)(group_start + index); }

/* The table of addresses: those of symbols, then offsets from the thread pointer, then the slots of stubs. */
static uint64_t got_slot(const Linker *l, const Symbol *s) {
    return s->plt >= 0 ? slot(l, l->got.len + l->got_tp.len, s->plt) : slot(l, 0, s->got);
}

static uint64_t stub(const Linker *l, const Symbol *s) { return l->out_plt->addr + PLT_ENTRY * (uint64_t)s->plt; }

/* Where the symbol's bytes are, without regard to stubs. */
static uint64_t place(const Linker *l, const Symbol *s) {
    if (s->by_linker) return s->value;
    if (!s->obj) return 0;
    if (!s->sec) return s->def->st_value; /* absolute */
    if (s->sec->kind == SK_ORDINARY && !s->sec->live) return 0; /* of a method that nothing calls: methods.c */
    return s->sec->live ? s->sec->out->addr + s->sec->at + s->def->st_value : l->out_pieces->addr + l->terminator->at;
}

uint64_t link_address(const Linker *l, const Symbol *s) { return s->plt >= 0 ? stub(l, s) : place(l, s); }

/* The address that a relocation's symbol and addend mean together. */
static uint64_t target(Linker *l, const Symbol *s, int64_t addend) {
    if (s->sec && s->sec->kind == SK_ORDINARY && !s->sec->live) return 0;
    if (!s->sec || s->sec->kind != SK_MERGED) return link_address(l, s) + (uint64_t)addend;
    bool is_section = ELF64_ST_TYPE(s->def->st_info) == STT_SECTION;
    uint64_t within, offset = s->def->st_value + (is_section ? (uint64_t)addend : 0);
    const Piece *p = link_piece(l, s->sec, offset, &within);
    return l->out_pieces->addr + p->at + within + (is_section ? 0 : (uint64_t)addend);
}

/* Thread-local storage ends where the thread pointer points. */
static int64_t thread_offset(Linker *l, const Symbol *s) { return s->obj ? (int64_t)(place(l, s) - l->tls_end) : 0; }

/* ---- relocations ---- */

static void put32(Linker *l, const Section *s, uint8_t *at, uint64_t value, bool is_signed) {
    uint32_t low = (uint32_t)value;
    if (is_signed ? value != (uint64_t)(int64_t)(int32_t)low : value != low)
        link_error(l, "%s: %s: an address does not fit 32 bits: the program is too large", link_object_name(l, s->obj), link_section_name(s));
    memcpy(at, &low, sizeof low);
}

static void put64(uint8_t *at, uint64_t value) { memcpy(at, &value, sizeof value); }

static void apply(Linker *l, const Section *s, const Elf64_Rela *r, uint8_t *bytes) {
    const Symbol *sym = link_symbol_of(l, s->obj, ELF64_R_SYM(r->r_info));
    uint8_t *at = bytes + r->r_offset;
    uint64_t addr = s->out->addr + s->at + r->r_offset, addend = (uint64_t)r->r_addend;
    switch (ELF64_R_TYPE(r->r_info)) {
    case R_X86_64_NONE: return;
    case R_X86_64_64: put64(at, target(l, sym, r->r_addend)); return;
    case R_X86_64_PC64: put64(at, target(l, sym, r->r_addend) - addr); return;
    case R_X86_64_32: put32(l, s, at, target(l, sym, r->r_addend), false); return;
    case R_X86_64_32S: put32(l, s, at, target(l, sym, r->r_addend), true); return;
    case R_X86_64_PC32: case R_X86_64_PLT32: put32(l, s, at, target(l, sym, r->r_addend) - addr, true); return;
    case R_X86_64_TPOFF32: put32(l, s, at, (uint64_t)thread_offset(l, sym) + addend, true); return;
    case R_X86_64_TPOFF64: put64(at, (uint64_t)thread_offset(l, sym) + addend); return;
    case R_X86_64_GOTTPOFF:
        if (link_relaxes(s, r, sym)) {
            use_immediate(at);
            put32(l, s, at, (uint64_t)thread_offset(l, sym), true);
        } else {
            put32(l, s, at, slot(l, l->got.len, sym->got_tp) + addend - addr, true);
        }
        return;
    case R_X86_64_REX_GOTPCRELX: case R_X86_64_GOTPCREL: case R_X86_64_GOTPCRELX:
        if (link_relaxes(s, r, sym)) {
            at[-2] = OP_LEA;
            put32(l, s, at, target(l, sym, r->r_addend) - addr, true);
        } else {
            put32(l, s, at, got_slot(l, sym) + addend - addr, true);
        }
        return;
    default: unreachable(); /* marking has seen them all */
    }
}

static void fill_section(Linker *l, const Section *s) {
    uint8_t *bytes = l->image + s->out->off + s->at;
    memcpy(bytes, s->obj->base + s->sh->sh_offset, s->sh->sh_size);
    for (uint32_t i = 0; i < s->nrela; i++) apply(l, s, &s->rela[i], bytes);
}

/* ---- tables ---- */

static void fill_slots(Linker *l) {
    uint8_t *at = l->image + l->out_got->off;
    for (int i = 0; i < l->got.len; i++, at += 8) put64(at, target(l, l->got.at[i], 0));
    for (int i = 0; i < l->got_tp.len; i++, at += 8) put64(at, (uint64_t)thread_offset(l, l->got_tp.at[i]));
}

static void fill_stubs(Linker *l) {
    uint8_t *code = l->image + l->out_plt->off, *rela = l->image + l->out_rela->off;
    for (int i = 0; i < l->plt.len; i++, code += PLT_ENTRY, rela += sizeof(Elf64_Rela)) {
        const Symbol *s = l->plt.at[i];
        uint32_t distance = (uint32_t)(got_slot(l, s) - (stub(l, s) + 6));
        static const uint8_t jump[PLT_ENTRY] = {0xff, 0x25, 0, 0, 0, 0, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0, 0x66, 0x90};
        memcpy(code, jump, sizeof jump);
        memcpy(code + 2, &distance, sizeof distance);
        Elf64_Rela r = {got_slot(l, s), ELF64_R_INFO(0, R_X86_64_IRELATIVE), (Elf64_Sxword)place(l, s)};
        memcpy(rela, &r, sizeof r);
    }
}

void link_fill(Linker *l) {
    for (int i = 0; i < l->outputs.len; i++) {
        const Output *o = l->outputs.at[i];
        for (int k = 0; o->type != SHT_NOBITS && k < o->parts.len; k++) fill_section(l, o->parts.at[k]);
    }
    for (int i = 0; i < l->piece_list.len; i++) {
        const Piece *p = l->piece_list.at[i];
        memcpy(l->image + l->out_pieces->off + p->at, p->data, p->size);
    }
    fill_slots(l);
    fill_stubs(l);
}
