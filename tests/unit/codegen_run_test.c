/* Code generation, end to end: functions built by hand are compiled at several levels, linked with a C program that
 * calls them, and run. */
#include "ir_support.h"

#include <unistd.h>

#include "codegen/codegen.h"

static const int levels[] = {0, 1, 2};

/* ---- compiling and running ---- */

static char *tmp_dir(World *w) {
    char *dir = arena_strdup(w->a, "/tmp/goo-codegen-XXXXXX");
    assert_non_null(mkdtemp(dir));
    return dir;
}

static void remove_dir(World *w, const char *dir) { assert_int_equal(system(arena_printf(w->a, "rm -r %s", dir)), 0); }

static const char *shell(World *w, const char *command) {
    FILE *p = popen(command, "r");
    assert_non_null(p);
    Buf out = {0};
    char chunk[4096];
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, p)) > 0;) buf_put(&out, chunk, n);
    buf_putc(&out, 0);
    int status = pclose(p);
    char *text = arena_strdup(w->a, out.data);
    buf_free(&out);
    if (status != 0) fail_msg("%s: status %d\n%s", command, status, text);
    return text;
}

static void compile(World *w, const char *dir, int level, bool asm_only, const char *out) {
    Buf err = {0};
    GenOptions opt = {.opt_level = level, .tmp_dir = dir};
    ir_verify(&w->p);
    if (gen_compile(&w->p, &opt, out, asm_only, &err)) fail_msg("%s", err.data);
    assert_int_equal(err.len, 0);
}

/* Compiles the package, links it with the C program and returns what that prints. */
static const char *run(World *w, int level, const char *c_program) {
    char *dir = tmp_dir(w), cwd[4096];
    assert_non_null(getcwd(cwd, sizeof cwd)); /* tests run in the root of the source */
    compile(w, dir, level, false, arena_printf(w->a, "%s/t.o", dir));
    FILE *f = fopen(arena_printf(w->a, "%s/main.c", dir), "w");
    fputs(c_program, f);
    fclose(f);
    const char *out = shell(w, arena_printf(w->a, "cd %s && cc -w -I%s -no-pie -o t main.c -Wl,--gc-sections -Wl,-z,start-stop-gc -Wl,--whole-archive t.o -Wl,--no-whole-archive -lm 2>&1 && ./t 2>&1",
                                            dir, cwd));
    remove_dir(w, dir);
    return out;
}

/* ---- arithmetic ---- */

typedef struct ArithCase {
    IrOp op;
    BasicKind type, count; /* count: of a shift, else BK_INVALID */
    int64_t a, b, want;
} ArithCase;

#define MIN64 INT64_MIN
static const ArithCase arith_cases[] = {
    {IR_ADD, BK_INT8, 0, 127, 1, -128},
    {IR_ADD, BK_UINT8, 0, 255, 1, 0},
    {IR_ADD, BK_INT, 0, INT64_MAX, 1, MIN64},
    {IR_SUB, BK_UINT32, 0, 0, 1, 0xffffffff},
    {IR_MUL, BK_INT16, 0, 300, 300, 24464},
    {IR_DIV, BK_INT, 0, -7, 2, -3},
    {IR_DIV, BK_INT, 0, MIN64, -1, MIN64},
    {IR_REM, BK_INT, 0, MIN64, -1, 0},
    {IR_REM, BK_INT, 0, -7, 2, -1},
    {IR_DIV, BK_INT32, 0, INT32_MIN, -1, INT32_MIN},
    {IR_DIV, BK_INT8, 0, -128, -1, -128},
    {IR_REM, BK_INT8, 0, -128, -1, 0},
    {IR_DIV, BK_UINT64, 0, -1, 2, INT64_MAX},
    {IR_REM, BK_UINT8, 0, 255, 16, 15},
    {IR_ANDNOT, BK_INT, 0, 0xff, 0x0f, 0xf0},
    {IR_XOR, BK_UINT16, 0, 0xffff, 0x00ff, 0xff00},
    {IR_SHL, BK_INT, BK_UINT, 1, 63, MIN64},
    {IR_SHL, BK_INT, BK_UINT, 1, 64, 0},
    {IR_SHL, BK_INT, BK_UINT64, 1, -1, 0},
    {IR_SHL, BK_UINT8, BK_UINT8, 255, 7, 128},
    {IR_SHL, BK_UINT8, BK_UINT8, 255, 8, 0},
    {IR_SHL, BK_INT32, BK_UINT8, 1, 31, INT32_MIN},
    {IR_SHL, BK_INT32, BK_INT, 1, 40, 0},
    {IR_SHR, BK_INT, BK_UINT, -8, 1, -4},
    {IR_SHR, BK_INT, BK_UINT, -8, 200, -1},
    {IR_SHR, BK_INT, BK_UINT64, -8, INT64_C(1) << 40, -1},
    {IR_SHR, BK_UINT, BK_UINT, -1, 63, 1},
    {IR_SHR, BK_UINT, BK_UINT, -1, 64, 0},
    {IR_SHR, BK_INT8, BK_UINT16, -128, 7, -1},
    {IR_SHR, BK_INT8, BK_UINT16, -128, 300, -1},
    {IR_SHR, BK_UINT16, BK_INT8, 0x8000, 15, 1},
    {IR_SHR, BK_UINT16, BK_INT8, 0x8000, 16, 0},
    {IR_LT, BK_INT, 0, -1, 1, 1},
    {IR_LT, BK_UINT, 0, -1, 1, 0},
    {IR_GE, BK_UINT8, 0, 200, 100, 1},
    {IR_GE, BK_INT8, 0, 200, 100, 0}, /* 200 is -56 */
    {IR_EQ, BK_INT32, 0, INT64_C(1) << 32, 0, 1},
};
enum { NARITH = sizeof arith_cases / sizeof *arith_cases };

static bool is_comparison(IrOp op) { return op >= IR_EQ && op <= IR_GE; }

/* func(a, b int) int { return int(T(a) op C(b)) }; constant: b is written into the code. */
static void arith_func(World *w, int i, bool constant) {
    const ArithCase *c = &arith_cases[i];
    Type *t = basic(w, c->type), *tb = c->count ? basic(w, c->count) : t;
    func(w, arena_printf(w->a, "test.%s%d", constant ? "c" : "f", i), PARAMS(w->t_int, w->t_int), w->t_int);
    IrVal a = temp(w, IR_CONV, t, t, local(w, 0), iv_none());
    IrVal b = constant ? iv_int(tb, c->b) : temp(w, IR_CONV, tb, tb, local(w, 1), iv_none());
    IrVal r = temp(w, c->op, is_comparison(c->op) ? w->t_bool : t, t, a, b);
    if (is_comparison(c->op)) {
        int dst = ir_local(w->f, w->t_int, NULL, NO_POS);
        IrInstr *in = emit(w, IR_SELECT, r, num(w, 1));
        in->c = num(w, 0);
        in->dst = dst;
        in->type = w->t_int;
        ret(w, iv_local(w->f, dst));
    } else {
        ret(w, temp(w, IR_CONV, w->t_int, w->t_int, r, iv_none()));
    }
}

static void arithmetic(void **state) {
    World *w = *state;
    Buf c = {0};
    buf_puts(&c, "#include <stdio.h>\n");
    for (int i = 0; i < NARITH; i++) {
        arith_func(w, i, false);
        arith_func(w, i, true);
        buf_printf(&c, "long f%d(long, long) __asm__(\"test.f%d\"); long c%d(long, long) __asm__(\"test.c%d\");\n", i, i, i, i);
    }
    buf_puts(&c, "int main(void) {\n");
    for (int i = 0; i < NARITH; i++)
        for (int k = 0; k < 2; k++)
            buf_printf(&c, "{ long r = %c%d(0x%llxul, 0x%llxul); if (r != (long)0x%llxul) printf(\"%%s %d: %%ld\\n\", \"%s\", r); }\n", "fc"[k], i,
                       (long long)arith_cases[i].a, (long long)arith_cases[i].b, (long long)arith_cases[i].want, i,
                       k ? "constant" : "variable");
    buf_puts(&c, "}\n");
    for (size_t i = 0; i < 3; i++) assert_string_equal(run(w, levels[i], c.data), "");
    buf_free(&c);
}

/* ---- conversions of floating point ---- */

/* func(x float64) int { return int(T(x)) } */
static void float_to(World *w, const char *name, BasicKind k) {
    Type *t = basic(w, k);
    func(w, name, PARAMS(basic(w, BK_FLOAT64)), w->t_int);
    IrVal v = temp(w, IR_CONV, t, t, local(w, 0), iv_none());
    ret(w, temp(w, IR_CONV, w->t_int, w->t_int, v, iv_none()));
}

static void float_conversions(void **state) {
    World *w = *state;
    float_to(w, "test.i64", BK_INT64);
    float_to(w, "test.i32", BK_INT32);
    float_to(w, "test.i8", BK_INT8);
    float_to(w, "test.u32", BK_UINT32);
    Type *f32 = basic(w, BK_FLOAT32), *f64 = basic(w, BK_FLOAT64);
    func(w, "test.tenth", NULL, 0, f64); /* float64(float32(0.1)): constants are rounded */
    ret(w, temp(w, IR_CONV, f64, f64, iv_float(f32, (float)0.1), iv_none()));
    func(w, "test.big", NULL, 0, w->t_int); /* a constant out of range gives what the instruction gives */
    ret(w, temp(w, IR_CONV, w->t_int, w->t_int, iv_float(f64, 1e300), iv_none()));
    func(w, "test.sqrt", PARAMS(f64), f64);
    IrVal root = temp(w, IR_MATH, f64, f64, local(w, 0), iv_none());
    vec_last(&w->b->instrs).off = II_SQRT;
    ret(w, root);
    const char *c =
        "#include <stdio.h>\n"
        "long i64(double) __asm__(\"test.i64\"), i32(double) __asm__(\"test.i32\"), i8(double) __asm__(\"test.i8\");\n"
        "long u32(double) __asm__(\"test.u32\"), big(void) __asm__(\"test.big\");\n"
        "double tenth(void) __asm__(\"test.tenth\"), sq(double) __asm__(\"test.sqrt\");\n"
        "int main(void) {\n"
        "  printf(\"%ld %ld %ld\\n\", i64(-1.9), i64(1e300), i64(0.0/0.0));\n"
        "  printf(\"%ld %ld\\n\", i32(3e9), i32(-2.5));\n"
        "  printf(\"%ld %ld\\n\", i8(300.0), i8(-1.0));\n"
        "  printf(\"%ld %ld\\n\", u32(-1.0), u32(4294967295.0));\n"
        "  printf(\"%.17g %ld %g %g\\n\", tenth(), big(), sq(2), sq(-1));\n"
        "}\n";
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(run(w, levels[i], c),
                            "-1 -9223372036854775808 -9223372036854775808\n-2147483648 -2\n44 -1\n4294967295 4294967295\n"
                            "0.10000000149011612 -9223372036854775808 1.41421 -nan\n");
}

/* ---- the calling convention ---- */

static Object *field(World *w, const char *name, Type *t) {
    return object_new(w->a, OBJ_VAR, NO_POS, &w->pkg, name_of(w->s.names, name), t);
}

static void calling_convention(void **state) {
    World *w = *state;
    Type *empty = type_canon(&w->s, type_new_struct(&w->s, NULL, NULL, 0));
    Type *string = basic(w, BK_STRING);
    Type *pair = type_new_tuple(&w->s, (Object *[]){field(w, "a", w->t_int), field(w, "b", string)}, 2);

    /* func length(s []int, _ struct{}, i int) int { return len(s)*100 + s[i] } */
    IrFunc *f = func(w, "test.length", PARAMS(w->t_slice, empty, w->t_int), w->t_int);
    IrVal n = temp(w, IR_LOAD, w->t_int, w->t_int, iv_slot(f, 0, 8, w->t_ptr), iv_none());
    IrVal p = temp(w, IR_LOAD, w->t_ptr, w->t_ptr, iv_slot(f, 0, 0, w->t_ptr), iv_none());
    int at = ir_local(f, w->t_ptr, NULL, NO_POS);
    IrInstr *index = emit(w, IR_INDEX, p, local(w, 2));
    index->dst = at;
    index->off = 8;
    IrVal x = temp(w, IR_LOAD, w->t_int, w->t_int, iv_local(f, at), iv_none());
    IrVal hundred = temp(w, IR_MUL, w->t_int, w->t_int, n, num(w, 100));
    ret(w, temp(w, IR_ADD, w->t_int, w->t_int, hundred, x));

    /* func both(i int, s string) (int, string) { return i, s } */
    f = func(w, "test.both", PARAMS(w->t_int, string), pair);
    int r = ir_local(f, pair, NULL, NO_POS);
    IrInstr *in = emit(w, IR_STORE, iv_slot(f, r, 0, w->t_ptr), local(w, 0));
    in->type = w->t_int;
    in = emit(w, IR_STORE, iv_slot(f, r, 8, w->t_ptr), local(w, 1));
    in->type = string;
    ret(w, iv_local(f, r));

    /* func tail(s []int) []int: s[1:] without checks */
    f = func(w, "test.same", PARAMS(w->t_slice), w->t_slice);
    ret(w, local(w, 0));

    const char *c =
        "#include <stdio.h>\n#include \"runtime/abi.h\"\n"
        "long length(void *, long, long, long) __asm__(\"test.length\");\n"
        "struct two { long i; GoString s; } both(long, GoString) __asm__(\"test.both\");\n"
        "GoSlice same(void *, long, long) __asm__(\"test.same\");\n"
        "int main(void) {\n"
        "  long v[] = {7, 8, 9};\n"
        "  struct two t = both(5, (GoString){(const uint8_t *)\"hey\", 3});\n"
        "  GoSlice s = same(v, 2, 3);\n"
        "  printf(\"%ld %ld %.*s %d %ld %ld\\n\", length(v, 3, 3, 2), t.i, (int)t.s.len, t.s.ptr, s.ptr == v, s.len, s.cap);\n"
        "}\n";
    for (size_t i = 0; i < 3; i++) assert_string_equal(run(w, levels[i], c), "309 5 hey 1 2 3\n");
}

/* ---- static data ---- */

static void static_data(void **state) {
    World *w = *state;
    IrSym *text = ir_bytes(&w->p, "quo\"te\n\0end", 11);
    IrData *d = ir_data_new(&w->p, ir_sym(&w->p, "test.table"), 40, 8, IL_GLOBAL);
    ir_data_addr(&w->p, d, 0, text, 0);
    ir_data_int(d, 8, 8, 11);
    ir_data_addr(&w->p, d, 16, d->sym, 8);
    ir_data_int(d, 24, 4, 0xdeadbeef);
    ir_data_addr32(&w->p, d, 28, text);
    ir_data_int(d, 32, 8, UINT64_MAX);
    ir_data_bss(&w->p, ir_sym(&w->p, "test.zero"), 1 << 20, 64, IL_GLOBAL);
    IrData *odd = ir_data_new(&w->p, ir_sym(&w->p, "type:struct { A \"x,y\" (*T)}"), 8, 8, IL_WEAK);
    odd->readonly = true;
    ir_data_int(odd, 0, 8, 77);
    IrData *user = ir_data_new(&w->p, ir_sym(&w->p, "test.user"), 8, 8, IL_GLOBAL);
    ir_data_addr(&w->p, user, 0, odd->sym, 0);
    const char *c =
        "#include <stdio.h>\n"
        "extern struct { char *p; long n; long *self; unsigned u, p32; long all; } table __asm__(\"test.table\");\n"
        "extern char zero[1 << 20] __asm__(\"test.zero\"); extern long *user __asm__(\"test.user\");\n"
        "int main(void) {\n"
        "  printf(\"%.6s|%s %ld %d %x %d %ld \", table.p, table.p + 8, table.n, table.self == &table.n, table.u, table.p32 == (unsigned)(long)table.p, table.all);\n"
        "  printf(\"%d %d %ld\\n\", zero[12345], (int)((long)zero % 64), *user);\n"
        "}\n";
    assert_string_equal(run(w, 0, c), "quo\"te|end 11 1 deadbeef 1 -1 0 0 77\n");
}

/* ---- the function table ---- */

static Pos source_lines(World *w, int n) {
    char *text = arena_alloc(w->a, (size_t)n + 1);
    memset(text, '\n', (size_t)n);
    SourceFile *f = source_add(&w->sources, "dir/file.go", text, (size_t)n);
    for (int i = 1; i < n; i++) source_add_line(&w->sources, f, (uint32_t)i);
    return f->base; /* of line 1; line k is at base + k - 1 */
}

/* g panics (calls seen) on line 5; f, declared on line 10, calls g inlined on line 12 and seen itself on line 13. */
static void function_table(void **state) {
    World *w = *state;
    Pos line1 = source_lines(w, 20);
    w->pos = line1 + 2;
    func(w, "test.(*T).g", PARAMS(w->t_int), w->t_int);
    w->pos = line1 + 4;
    ret(w, call1(w, "seen", w->t_int, local(w, 0), w->t_int));
    w->pos = line1 + 9;
    IrFunc *f = func(w, "test.f", PARAMS(w->t_int), w->t_int);
    w->pos = line1 + 11;
    IrVal x = call1(w, "test.(*T).g", w->t_int, local(w, 0), w->t_int);
    w->pos = line1 + 12;
    ret(w, call1(w, "seen", w->t_int, x, w->t_int));
    ir_inline(&w->p);
    assert_int_equal(f->inlines.len, 1);
    const char *c =
        "#include <stdio.h>\n#include \"runtime/abi.h\"\n"
        "extern RtFunc __start_goo_funcs[], __stop_goo_funcs[];\n"
        "static const char *text(uint32_t p) { return (const char *)(uintptr_t)p; }\n"
        "long seen(long x) {\n"
        "  uint32_t pc = (uint32_t)(uintptr_t)__builtin_return_address(0);\n"
        "  for (RtFunc *f = __start_goo_funcs; f < __stop_goo_funcs; f++) {\n"
        "    if (pc <= f->entry || pc > f->end) continue;\n"
        "    RtCallSite *s = (RtCallSite *)(uintptr_t)f->sites;\n"
        "    for (uint32_t i = 0; i < f->nsites; i++, s++) {\n"
        "      if (f->entry + s->pc_off != pc) continue;\n"
        "      RtInline *in = (RtInline *)(uintptr_t)s->inl;\n"
        "      printf(\"line %u\", s->line);\n"
        "      for (; in; in = (RtInline *)(uintptr_t)in->outer) printf(\" in %s (%s:%u) called on %u\", text(in->name), text(in->file), in->line, in->call_line);\n"
        "      printf(\" in %s (%s:%u)\\n\", text(f->name), text(f->file), f->line);\n"
        "    }\n"
        "  }\n"
        "  return x + 1;\n"
        "}\n"
        "long f(long) __asm__(\"test.f\");\n"
        "int main(void) { printf(\"%ld\\n\", f(1)); }\n";
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(run(w, levels[i], c),
                            "line 5 in test.(*T).g (dir/file.go:3) called on 12 in test.f (dir/file.go:10)\n"
                            "line 13 in test.f (dir/file.go:10)\n3\n");
}

/* Functions that nothing reaches go, and their records with them. */
static void unused_functions_are_collected(void **state) {
    World *w = *state;
    func(w, "test.used", NULL, 0, w->t_int);
    ret(w, call1(w, "seen", w->t_int, num(w, 1), w->t_int));
    func(w, "test.unused", NULL, 0, w->t_int);
    ret(w, call1(w, "seen", w->t_int, num(w, 2), w->t_int));
    const char *c =
        "#include <stdio.h>\n#include \"runtime/abi.h\"\n"
        "extern RtFunc __start_goo_funcs[], __stop_goo_funcs[];\n"
        "long seen(long x) { return x; }\n"
        "long used(void) __asm__(\"test.used\");\n"
        "int main(void) { printf(\"%ld %d\\n\", used(), (int)(__stop_goo_funcs - __start_goo_funcs)); }\n";
    assert_string_equal(run(w, 1, c), "1 1\n");
}

/* ---- shards ---- */

enum { MANY = 600 };

/* f0 .. f599, each calling the next: enough for several processes; private functions and constants cross shards. */
static void many_functions(void **state) {
    World *w = *state;
    for (int i = 0; i < MANY; i++) {
        func(w, arena_printf(w->a, "test.f%d", i), PARAMS(w->t_int), w->t_int);
        w->f->sym->linkage = i ? IL_LOCAL : IL_GLOBAL;
        IrVal x = local(w, 0);
        for (int k = 0; k < 10; k++) x = temp(w, IR_ADD, w->t_int, w->t_int, x, num(w, k));
        IrVal s = iv_sym(w->t_ptr, ir_bytes(&w->p, i % 2 ? "a" : "b", 1), 0);
        IrVal c = temp(w, IR_LOAD, basic(w, BK_UINT8), basic(w, BK_UINT8), s, iv_none());
        c = temp(w, IR_CONV, w->t_int, w->t_int, c, iv_none());
        x = temp(w, IR_ADD, w->t_int, w->t_int, x, c);
        if (i + 1 < MANY) x = call1(w, arena_printf(w->a, "test.f%d", i + 1), w->t_int, x, w->t_int);
        ret(w, x);
    }
    const char *c = "#include <stdio.h>\nlong f(long) __asm__(\"test.f0\");\nint main(void) { printf(\"%ld\\n\", f(0)); }\n";
    assert_string_equal(run(w, 0, c), arena_printf(w->a, "%d\n", MANY * 45 + MANY / 2 * ('a' + 'b')));
}

/* ---- failures ---- */

static void failures_are_reported(void **state) {
    World *w = *state;
    char *dir = tmp_dir(w);
    /* the assembler refuses this alignment: any error will do */
    IrData *d = ir_data_new(&w->p, ir_sym(&w->p, "test.bad"), 8, 3, IL_GLOBAL);
    ir_data_int(d, 0, 8, 1);
    Buf err = {0};
    const char *out = arena_printf(w->a, "%s/t.o", dir);
    assert_int_equal(gen_compile(&w->p, &(GenOptions){.tmp_dir = dir}, out, false, &err), EXIT_INTERNAL);
    assert_non_null(strstr(err.data, "internal compiler error: code generation for package test failed"));
    assert_int_not_equal(access(out, F_OK), 0);
    assert_string_equal(shell(w, arena_printf(w->a, "ls %s", dir)), "");
    buf_free(&err);
    remove_dir(w, dir);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(arithmetic), TEST(float_conversions), TEST(calling_convention), TEST(static_data), TEST(function_table),
        TEST(unused_functions_are_collected), TEST(many_functions), TEST(failures_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
