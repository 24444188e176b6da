/* testflags.c: the command line of `goo test`, by the rules of `go test`: a flag has one or two dashes, and a value
 * behind '=' or, unless it is boolean, in the next argument. The first run of other arguments names the packages. What
 * goo does not know belongs to the test program. */
#include "driver/test.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef enum TestFlagUse { PASS, OWN, BOTH, IGNORE, REFUSE } TestFlagUse;
typedef enum TestFlagId {
#define TEST_FLAG(name, arg, use, help) TF_##name,
#include "driver/testflags.def"
    TF_COUNT
} TestFlagId;
typedef struct TestFlag { const char *name, *arg; TestFlagUse use; const char *help; } TestFlag;
static const TestFlag table[] = {
#define TEST_FLAG(name, arg, use, help) {#name, arg, use, help},
#include "driver/testflags.def"
};

void test_flags_help(FILE *out) {
    for (int pass = 0; pass < 2; pass++) {
        fprintf(out, pass ? "\nNot supported:\n" : "\nFlags:\n");
        for (int i = 0; i < TF_COUNT; i++) {
            const TestFlag *f = &table[i];
            if ((f->use == REFUSE) != pass) continue;
            char left[64];
            snprintf(left, sizeof left, "-%s%s%s", f->name, f->arg ? " " : "", f->arg ? f->arg : "");
            fprintf(out, "  %-24s %s\n", left, f->help);
        }
    }
    fprintf(out, "\nOther flags, and what follows -args, are passed to the test program.\n");
}

/* ---- values ---- */

static int bad_value(const char *name, const char *value, const char *expected) {
    fprintf(stderr, "goo test: invalid value \"%s\" for -%s: expected %s\n", value, name, expected);
    return EXIT_USAGE;
}

/* A duration as Go writes it, such as 1m30s or 1.5h, in seconds. */
static bool parse_duration(const char *s, double *out) {
    static const struct { const char *name; double seconds; } units[] = {
        {"ns", 1e-9}, {"us", 1e-6}, {"\xc2\xb5s", 1e-6}, {"\xce\xbcs", 1e-6}, {"ms", 1e-3}, {"s", 1}, {"m", 60}, {"h", 3600},
    };
    *out = 0;
    if (!strcmp(s, "0")) return true;
    do {
        size_t digits = strspn(s, "0123456789.");
        if (!digits) return false;
        char *end;
        double n = strtod(s, &end);
        if (end != s + digits) return false;
        s = end;
        size_t u = 0, known = sizeof units / sizeof *units;
        while (u < known && strncmp(s, units[u].name, strlen(units[u].name))) u++;
        if (u == known) return false;
        s += strlen(units[u].name);
        *out += n * units[u].seconds;
    } while (*s);
    return true;
}

static int parse_number(const char *name, const char *value, int *out) {
    char *end;
    long n = strtol(value, &end, 10);
    if (end == value || *end || n < 1 || n > 1000) return bad_value(name, value, "a number from 1 to 1000");
    *out = (int)n;
    return EXIT_OK;
}

static bool in_words(const char *const *words, const char *value) {
    for (; *words; words++)
        if (!strcmp(*words, value)) return true;
    return false;
}

static bool is_false(const char *value) { return in_words((const char *const[]){"0", "f", "F", "false", "False", "FALSE", NULL}, value); }
static bool is_true(const char *value) { return !value || !is_false(value); }

static bool is_integer(const char *s) {
    s += *s == '-' || *s == '+';
    return *s && !s[strspn(s, "0123456789")];
}

static bool is_count(const char *s) { return *s != '-' && is_integer(s); }

/* 100x, of -benchtime. */
static bool is_times(const char *s) {
    size_t n = strspn(s, "0123456789");
    return n && !strcmp(s + n, "x");
}

static bool is_list(const char *s) {
    for (size_t n = strspn(s, "0123456789"); n; n = strspn(s, "0123456789")) {
        if (s[n] != ',') return !s[n];
        s += n + 1;
    }
    return false;
}

/* Looks at the value of a flag that is passed on, so that a wrong one is said once and before anything is compiled. */
static int check_value(const TestFlag *f, int id, const char *value) {
    double seconds;
    if (!f->arg) {
        bool known = is_false(value) || in_words((const char *const[]){"1", "t", "T", "true", "True", "TRUE", NULL}, value);
        return known || (id == TF_v && !strcmp(value, "test2json")) ? EXIT_OK : bad_value(f->name, value, "true or false");
    }
    if (!strcmp(f->arg, "N") && !is_count(value)) return bad_value(f->name, value, "a number");
    if (id == TF_cpu && !is_list(value)) return bad_value(f->name, value, "numbers with commas between them");
    if (id == TF_shuffle && !in_words((const char *const[]){"on", "off", NULL}, value) && !is_integer(value))
        return bad_value(f->name, value, "off, on or a number");
    if (id == TF_benchtime && is_times(value)) return EXIT_OK;
    if (!strcmp(f->arg, "DURATION") && !parse_duration(value, &seconds)) return bad_value(f->name, value, "a duration such as 90s or 5m");
    return EXIT_OK;
}

/* ---- flags ---- */

/* Finds -name, --name, -test.name; *value gets what follows '=', or NULL. -1: not known. */
static int find_flag(const char *arg, const char **value) {
    const char *name = arg + (arg[1] == '-' ? 2 : 1);
    size_t n = strcspn(name, "=");
    *value = name[n] ? name + n + 1 : NULL;
    if (n > 5 && !strncmp(name, "test.", 5)) name += 5, n -= 5;
    for (int i = 0; i < TF_COUNT; i++)
        if (strlen(table[i].name) == n && !memcmp(table[i].name, name, n)) return i;
    return -1;
}

static int take_own(TestFlags *t, Options *o, int id, const char *value) {
    switch (id) {
    case TF_list: t->list = value; break;
    case TF_bench: t->bench = value; break;
    case TF_v: t->verbose = is_true(value); break;
    case TF_json: t->json = is_true(value); break;
    case TF_c: t->build_only = is_true(value); break;
    case TF_o: t->output = value; break;
    case TF_p: return parse_number("p", value, &t->processes);
    case TF_g: o->debug = is_true(value); break;
    case TF_O:
        if (value[0] < '0' || value[0] > '3' || value[1]) return bad_value("O", value, "0, 1, 2 or 3");
        o->opt_level = value[0] - '0';
        break;
    case TF_timeout:
        parse_duration(value, &t->timeout);
        break;
    case TF_exec: t->exec = value; break;
    default: unreachable();
    }
    return EXIT_OK;
}

/* values[id] gets the last value of a flag that is passed on. */
static int take_flag(TestFlags *t, Options *o, int id, const char *value, const char **values) {
    const TestFlag *f = &table[id];
    if (f->use == REFUSE) {
        if (!f->arg && value && !is_true(value)) return EXIT_OK;
        fprintf(stderr, "goo test: -%s is not supported: %s\n", f->name, f->help);
        return EXIT_USAGE;
    }
    int status = f->use == IGNORE || (!f->arg && !value) ? EXIT_OK : check_value(f, id, value);
    if (status) return status;
    if (f->use == PASS || f->use == BOTH) values[id] = value ? value : "true";
    return f->use == OWN || f->use == BOTH ? take_own(t, o, id, value) : EXIT_OK;
}

/* What the known flags come to for the test program; go before what goo does not know. */
static void pass_flags(Arena *a, TestFlags *t, const char **values, const Names *explicit) {
    vec_push(a, &t->program_args, "-test.paniconexit0");
    if (!values[TF_timeout]) values[TF_timeout] = "10m0s";
    if (t->json) values[TF_v] = "test2json";
    for (int i = 0; i < TF_COUNT; i++)
        if (values[i]) vec_push(a, &t->program_args, (const char *)arena_printf(a, "-test.%s=%s", table[i].name, values[i]));
    for (int i = 0; i < explicit->len; i++) vec_push(a, &t->program_args, explicit->at[i]);
}

static bool is_flag(const char *arg) { return arg[0] == '-' && arg[1]; }

int test_flags_parse(Arena *a, int argc, char **argv, TestFlags *t, Options *o, bool *help) {
    enum { BEFORE, IN_PACKAGES, AFTER } place = BEFORE;
    const char *values[TF_COUNT] = {0};
    bool may_be_value = false; /* the argument before was an unknown flag without a value */
    Names rest = {0};
    t->timeout = 600;
    o->opt_level = -1;
    for (int i = 0; i < argc; i++) {
        const char *arg = argv[i], *value = NULL;
        bool is_value = may_be_value;
        may_be_value = false;
        if (!is_flag(arg) && place != AFTER) {
            place = IN_PACKAGES;
            vec_push(a, &t->patterns, arg);
            continue;
        }
        if (place == IN_PACKAGES) place = AFTER;
        bool ends = !strcmp(arg, "--"), args = !strcmp(arg, "-args") || !strcmp(arg, "--args");
        if (ends || args || (!is_flag(arg) && !is_value)) { /* all that follows is the test program's */
            for (i += args; i < argc; i++) vec_push(a, &rest, (const char *)argv[i]);
            break;
        }
        if (!strcmp(arg, "-h") || !strcmp(arg, "-help") || !strcmp(arg, "--help")) return *help = true, EXIT_OK;
        int id = is_flag(arg) ? find_flag(arg, &value) : -1;
        if (id < 0) {
            vec_push(a, &rest, arg);
            if (is_flag(arg)) may_be_value = !value, place = AFTER;
            continue;
        }
        if (table[id].arg && !value && table[id].use != REFUSE) {
            if (i + 1 == argc) return fprintf(stderr, "goo test: flag needs an argument: %s\n", arg), EXIT_USAGE;
            value = argv[++i];
        }
        int status = take_flag(t, o, id, value, values);
        if (status) return status;
    }
    pass_flags(a, t, values, &rest);
    return EXIT_OK;
}
