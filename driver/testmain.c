/* testmain.c: the main package of a test program: tables of the functions that test files declare, handed to package
 * testing. Go's command makes the same tables; testing and testing/internal/testdeps define what they look like. */
#include "driver/test.h"
#include <ctype.h>
#include <string.h>

typedef struct TestFunc {
    const char *name;
    const char *output; /* of an example: what it must print; NULL: it is only compiled */
    bool unordered;
} TestFunc;
typedef VEC(TestFunc) TestFuncs;

/* Where a test is: in the package itself, or in the package of its external tests. */
typedef enum TestPlace { INSIDE, OUTSIDE, TEST_PLACES } TestPlace;
static const char *const place_names[TEST_PLACES] = {[INSIDE] = "_test", [OUTSIDE] = "_xtest"};

typedef enum TestKind { TESTS, BENCHMARKS, FUZZ_TARGETS, EXAMPLES, TEST_KINDS } TestKind;
static const struct { const char *prefix, *param, *table, *type; } kinds[TEST_KINDS] = {
    [TESTS] = {"Test", "T", "tests", "InternalTest"},
    [BENCHMARKS] = {"Benchmark", "B", "benchmarks", "InternalBenchmark"},
    [FUZZ_TARGETS] = {"Fuzz", "F", "fuzzTargets", "InternalFuzzTarget"},
    [EXAMPLES] = {"Example", NULL, "examples", "InternalExample"},
};

typedef struct Collector {
    Loader *l;
    TestFuncs funcs[TEST_PLACES][TEST_KINDS];
    bool needed[TEST_PLACES]; /* whether main names anything of that package */
    const char *main_in;      /* the package that declares TestMain, or NULL */
} Collector;

/* ---- declarations ---- */

/* Whether name is the prefix, or goes on with something that is no lower-case letter. */
static bool has_prefix(const char *name, const char *prefix) {
    size_t n = strlen(prefix);
    if (strncmp(name, prefix, n)) return false;
    return !islower((unsigned char)name[n]); /* beyond ASCII: as if upper case; sema says which names there are */
}

/* Whether the function's only parameter has type *testing.NAME, as far as can be seen without checking types. */
static bool takes(const Node *type, const char *name) {
    const NodeList *params = &type->func_type.params;
    if (params->len != 1 || type->func_type.results.len || params->at[0]->field.names.len > 1) return false;
    const Node *t = params->at[0]->field.type;
    if (!t || t->kind != ND_STAR) return false;
    t = t->star.x;
    const Node *ident = t->kind == ND_SELECTOR ? t->selector.sel : t;
    return ident->kind == ND_IDENT && name_is(ident->ident.name, name);
}

static bool wrong_signature(Collector *c, const Node *decl, const char *param) {
    const Node *name = decl->func_decl.name;
    char lower = (char)tolower((unsigned char)*param);
    diag_error(&c->l->diags, name->pos, name->end, "wrong signature for %s, must be: func %s(%c *testing.%s)",
               name->ident.name->text, name->ident.name->text, lower, param);
    return false;
}

static void add(Collector *c, TestPlace at, TestKind kind, TestFunc f) {
    vec_push(c->l->arena, &c->funcs[at][kind], f);
    c->needed[at] = true;
}

static bool collect_test_main(Collector *c, const Node *decl, TestPlace at) {
    const Node *name = decl->func_decl.name;
    if (!takes(decl->func_decl.type, "M")) return wrong_signature(c, decl, "M");
    if (c->main_in) return diag_error(&c->l->diags, name->pos, name->end, "multiple definitions of TestMain"), false;
    c->main_in = place_names[at];
    c->needed[at] = true;
    return true;
}

/* ---- what examples print ---- */

/* Appends a comment's text without its marks; a line comment loses one space. */
static void comment_text(Buf *out, const char *s, size_t n) {
    bool block = s[1] == '*';
    s += 2, n -= block ? 4 : 2;
    if (!block && n && *s == ' ') s++, n--;
    buf_put(out, s, n);
    buf_putc(out, '\n');
}

/* Whether only white space with at most one newline lies between two comments, which makes them one text. */
static bool adjoins(const char *s, const char *end) {
    int newlines = 0;
    for (; s < end; s++) {
        if (!isspace((unsigned char)*s)) return false;
        newlines += *s == '\n';
    }
    return newlines <= 1;
}

/* The text of the last comments in the function's body, or NULL. */
static const char *last_comment(Collector *c, const File *f, const Node *body) {
    int last = f->comments.len - 1;
    while (last >= 0 && f->comments.at[last].pos >= body->end) last--;
    if (last < 0 || f->comments.at[last].pos < body->pos) return NULL;
    const SourceFile *src = f->source;
    int first = last;
    while (first > 0 && f->comments.at[first - 1].pos > body->pos &&
           adjoins(src->text + (f->comments.at[first - 1].end - src->base), src->text + (f->comments.at[first].pos - src->base)))
        first--;
    Buf text = {0};
    for (int i = first; i <= last; i++)
        comment_text(&text, src->text + (f->comments.at[i].pos - src->base), f->comments.at[i].end - f->comments.at[i].pos);
    const char *kept = arena_strdup(c->l->arena, text.data);
    buf_free(&text);
    return kept;
}

/* Trailing space of lines and empty lines at either end do not count; of several empty lines one stays. */
static const char *tidy(Arena *a, const char *s) {
    Buf out = {0};
    bool gap = false;
    while (*s) {
        size_t n = strcspn(s, "\n"), len = n;
        while (len && isspace((unsigned char)s[len - 1])) len--;
        if (len) {
            if (gap && out.len) buf_putc(&out, '\n');
            buf_put(&out, s, len);
            buf_putc(&out, '\n');
        }
        gap = !len;
        s += n + (s[n] == '\n');
    }
    const char *kept = arena_strdup(a, out.data ? out.data : "");
    buf_free(&out);
    return kept;
}

/* Skips word, in any case; NULL if s does not start with it. */
static const char *skip_word(const char *s, const char *word) {
    size_t n = strlen(word);
    return strncasecmp(s, word, n) ? NULL : s + n;
}

static void example_output(Collector *c, const File *f, const Node *body, TestFunc *to) {
    const char *s = body ? last_comment(c, f, body) : NULL;
    if (!s) return;
    s = tidy(c->l->arena, s);
    s += strspn(s, " \t\n\r\v\f");
    const char *unordered = skip_word(s, "unordered ");
    const char *output = skip_word(unordered ? unordered : s, "output:");
    if (!output) return;
    to->unordered = unordered != NULL;
    to->output = output + strspn(output, " ");
    if (*to->output == '\n') to->output++;
}

/* ---- files ---- */

static bool collect_func(Collector *c, const File *f, const Node *decl, TestPlace at) {
    const Node *name = decl->func_decl.name;
    if (decl->func_decl.recv || !name || name->kind != ND_IDENT || !decl->func_decl.type) return true;
    const char *text = name->ident.name->text;
    const Node *type = decl->func_decl.type;
    if (!strcmp(text, "TestMain") && !takes(type, "T")) return collect_test_main(c, decl, at);
    for (int k = 0; k < TEST_KINDS; k++) {
        if (!has_prefix(text, kinds[k].prefix)) continue;
        TestFunc func = {.name = text};
        if (k == EXAMPLES) {
            if (type->func_type.params.len || type->func_type.results.len || type->func_type.tparams.len) return true;
            example_output(c, f, decl->func_decl.body, &func);
            if (func.output) add(c, at, EXAMPLES, func);
            return true;
        }
        if (!takes(type, kinds[k].param)) return wrong_signature(c, decl, kinds[k].param);
        if (type->func_type.tparams.len) {
            diag_error(&c->l->diags, name->pos, name->end, "wrong signature for %s, %s functions cannot have type parameters", text, kinds[k].prefix);
            return false;
        }
        add(c, at, k, func);
        return true;
    }
    return true;
}

static File *parse(Collector *c, const TestPackage *t, const char *name) {
    Loader *l = c->l;
    const char *path = arena_printf(l->arena, "%s/%s", t->dir, name);
    size_t size;
    char *text = read_file(l->arena, path, &size);
    if (!text) {
        fprintf(stderr, "goo: cannot read %s\n", path);
        l->usage_error = true;
        return NULL;
    }
    SourceFile *src = source_add(&l->sources, path, text, size);
    src->is_goo = !has_suffix(path, ".go");
    src->is_library = t->library;
    return parse_file(l->arena, l->names, &l->sources, src, &l->diags);
}

static const char *package_name(const File *f) { return f->package_name ? f->package_name->ident.name->text : "main"; }

/* Tests of package x are in x itself or in x_test. A package may be named so too. */
static bool is_external(const File *f, const char *tested) {
    const char *name = package_name(f);
    return has_suffix(name, "_test") && (!tested || strcmp(name, tested));
}

static bool collect_files(Collector *c, TestPackage *t) {
    const File *first = t->files.len ? parse(c, t, t->files.at[0]) : NULL;
    const char *tested = first && first->package_name ? package_name(first) : NULL;
    Names inside = {0};
    bool ok = true;
    for (int i = 0; i < t->tests.len; i++) {
        const File *f = parse(c, t, t->tests.at[i]);
        if (!f) return false;
        TestPlace at = is_external(f, tested) ? OUTSIDE : INSIDE;
        vec_push(c->l->arena, at == OUTSIDE ? &t->xtests : &inside, t->tests.at[i]);
        for (int d = 0; d < f->decls.len; d++)
            if (f->decls.at[d]->kind == ND_FUNC_DECL && !collect_func(c, f, f->decls.at[d], at)) ok = false;
    }
    t->tests = inside;
    return ok && !c->l->diags.errors && !c->l->usage_error;
}

/* ---- the main package ---- */

static void put_quoted(Buf *b, const char *s) {
    buf_putc(b, '"');
    for (; *s; s++) {
        if (*s == '"' || *s == '\\' || (unsigned char)*s < ' ' || (unsigned char)*s >= 0x7f) buf_printf(b, "\\x%02x", (unsigned char)*s);
        else buf_putc(b, *s);
    }
    buf_putc(b, '"');
}

static void put_import(Buf *b, const char *name, const char *path, bool needed) {
    buf_printf(b, "import %s ", needed ? name : "_");
    put_quoted(b, path);
    buf_putc(b, '\n');
}

static void put_entry(Buf *b, TestPlace at, TestKind kind, const TestFunc *f) {
    buf_printf(b, "\t{\"%s\", %s.%s", f->name, place_names[at], f->name);
    if (kind == EXAMPLES) {
        buf_puts(b, ", ");
        put_quoted(b, f->output);
        buf_puts(b, f->unordered ? ", true" : ", false");
    }
    buf_puts(b, "},\n");
}

static void put_table(Buf *b, const Collector *c, TestKind kind) {
    buf_printf(b, "\nvar %s = []testing.%s{\n", kinds[kind].table, kinds[kind].type);
    for (int at = 0; at < TEST_PLACES; at++)
        for (int i = 0; i < c->funcs[at][kind].len; i++) put_entry(b, at, kind, &c->funcs[at][kind].at[i]);
    buf_puts(b, "}\n");
}

static void put_main(Buf *b, const Collector *c, const char *path) {
    buf_puts(b, "\nfunc main() {\n\ttestdeps.ImportPath = ");
    put_quoted(b, path);
    buf_puts(b, "\n\tm := testing.MainStart(testdeps.TestDeps{}, tests, benchmarks, fuzzTargets, examples)\n");
    if (c->main_in) /* the status is the caller's business since Go 1.15: TestMain need not exit */
        buf_printf(b, "\t%s.TestMain(m)\n\tos.Exit(int(reflect.ValueOf(m).Elem().FieldByName(\"exitCode\").Int()))\n}\n", c->main_in);
    else buf_puts(b, "\tos.Exit(m.Run())\n}\n");
}

bool test_main_make(Loader *l, TestPackage *t) {
    Collector c = {.l = l};
    if (!t->tests.len) return true;
    if (!collect_files(&c, t)) return false;
    Buf b = {0};
    buf_puts(&b, "package main\n\nimport \"os\"\nimport \"testing\"\nimport \"testing/internal/testdeps\"\n");
    if (c.main_in) buf_puts(&b, "import \"reflect\"\n");
    if (t->files.len || t->tests.len) put_import(&b, place_names[INSIDE], t->path, c.needed[INSIDE]);
    if (t->xtests.len) put_import(&b, place_names[OUTSIDE], t->xpath, c.needed[OUTSIDE]);
    for (int k = 0; k < TEST_KINDS; k++) put_table(&b, &c, k);
    put_main(&b, &c, t->path);
    t->main = arena_strdup(l->arena, b.data);
    buf_free(&b);
    return true;
}
