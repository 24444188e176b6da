/* linker_test.c: the linker's rules, and what it does with damaged files: an error, never a crash. */
#include "linker/linker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[64];

static const char *path(Arena *a, const char *name) { return arena_printf(a, "%s/%s", dir, name); }

static void write_bytes(const char *to, const void *data, size_t n) {
    FILE *f = fopen(to, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, n, f), n);
    fclose(f);
}

static const char *assemble(Arena *a, const char *name, const char *text) {
    const char *source = path(a, arena_printf(a, "%s.s", name)), *object = path(a, arena_printf(a, "%s.o", name));
    write_bytes(source, text, strlen(text));
    assert_int_equal(system(arena_printf(a, "as --64 -o %s %s", object, source)), 0);
    return object;
}

static LinkResult link_files(Arena *a, const char *const *objects, Buf *err) {
    Linker *l = link_new(a);
    for (; *objects; objects++) link_add(l, *objects);
    LinkResult r = link_write(l, path(a, "program"), err);
    link_free(l);
    return r;
}

static int run_program(Arena *a) { return WEXITSTATUS(system(path(a, "program"))); }

/* Exits with the status in value; reads it through a weak definition, a merged string's length and a table. */
static const char main_text[] =
    "\t.section .text.start,\"ax\"\n\t.globl _start\n_start:\n\tmovl value(%rip), %edi\n\taddl $__stop_table, %edi\n"
    "\tsubl $__start_table, %edi\n\tmovzbl text, %eax\n\taddl %eax, %edi\n\tmovl $60, %eax\n\tsyscall\n"
    "\t.section .text.unused,\"ax\"\n\tcall nowhere\n"
    "\t.section .rodata.str1.1,\"aMS\",@progbits,1\ntext:\t.asciz \"\\001\"\n\t.asciz \"unused\"\n"
    "\t.section table,\"a\"\n\t.quad 1\n\t.data\n\t.weak value\nvalue:\t.long 2\n";

static void links_what_is_reached(void **state) {
    (void)state;
    Arena *a = arena_new();
    Buf err = {0};
    const char *one[] = {assemble(a, "main", main_text), NULL};
    assert_int_equal(link_files(a, one, &err), LINK_OK); /* the unused section's undefined symbol is no error */
    assert_int_equal(run_program(a), 2 + 8 + 1);
    const char *two[] = {one[0], assemble(a, "strong", "\t.data\n\t.globl value\nvalue:\t.long 30\n"), NULL};
    assert_int_equal(link_files(a, two, &err), LINK_OK);
    assert_int_equal(run_program(a), 30 + 8 + 1);
    const char *three[] = {two[0], two[1], assemble(a, "again", "\t.data\n\t.globl value\nvalue:\t.long 4\n"), NULL};
    assert_int_equal(link_files(a, three, &err), LINK_FAILED);
    assert_non_null(strstr(err.data, "value is defined by"));
    buf_free(&err);
    arena_free(a);
}

static void takes_one_group_of_a_name(void **state) {
    (void)state;
    Arena *a = arena_new();
    Buf err = {0};
    static const char group[] = "\t.section .text.f,\"axG\",@progbits,f,comdat\n\t.weak f\nf:\tmovl $%d, %%edi\n\tmovl $60, %%eax\n\tsyscall\n";
    const char *objects[] = {assemble(a, "first", arena_printf(a, group, 5)), assemble(a, "second", arena_printf(a, group, 6)),
                             assemble(a, "start", "\t.globl _start\n_start:\tjmp f\n"), NULL};
    assert_int_equal(link_files(a, objects, &err), LINK_OK);
    assert_int_equal(run_program(a), 5);
    buf_free(&err);
    arena_free(a);
}

static void reports_what_is_undefined(void **state) {
    (void)state;
    Arena *a = arena_new();
    Buf err = {0};
    const char *objects[] = {assemble(a, "call", "\t.globl _start\n_start:\tcall nowhere\n"), NULL};
    assert_int_equal(link_files(a, objects, &err), LINK_FAILED);
    assert_non_null(strstr(err.data, "undefined symbol: nowhere"));
    buf_free(&err);
    arena_free(a);
}

static void survives_damage(void **state) {
    (void)state;
    Arena *a = arena_new();
    const char *good = assemble(a, "main", main_text);
    char bytes[8192], damaged[sizeof bytes];
    FILE *f = fopen(good, "rb");
    size_t n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    const char *objects[] = {path(a, "damaged.o"), NULL};
    for (size_t cut = 0; cut < n; cut += 13) {
        Buf err = {0};
        write_bytes(objects[0], bytes, cut);
        assert_int_not_equal(link_files(a, objects, &err), LINK_OK);
        buf_free(&err);
    }
    unsigned seed = 1;
    for (int i = 0; i < 3000; i++) {
        Buf err = {0};
        memcpy(damaged, bytes, n);
        for (int k = 0; k < 3; k++) damaged[(size_t)rand_r(&seed) % n] = (char)rand_r(&seed);
        write_bytes(objects[0], damaged, n);
        Arena *own = arena_new();
        link_files(own, objects, &err);
        arena_free(own);
        buf_free(&err);
    }
    arena_free(a);
}

static int make_dir(void **state) {
    (void)state;
    strcpy(dir, "/tmp/goo-linker-XXXXXX");
    return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state) {
    (void)state;
    char command[96];
    snprintf(command, sizeof command, "rm -rf %s", dir);
    return system(command);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_what_is_reached), cmocka_unit_test(takes_one_group_of_a_name),
        cmocka_unit_test(reports_what_is_undefined), cmocka_unit_test(survives_damage),
    };
    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
