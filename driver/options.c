/* options.c: the command line, by glibc's getopt_long from the table in flags.def. */
#include "driver/driver.h"
#include "sema/capset.h"
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

typedef struct Flag { char letter; const char *name, *arg, *commands; } Flag;
static const Flag flags[] = {
#define FLAG(letter, name, arg, commands, help) {letter, name, arg, commands},
#include "driver/flags.def"
};
enum { NFLAGS = sizeof flags / sizeof *flags };

char command_letter(const char *command) {
    if (!strcmp(command, "caps")) return 'C';
    return strcmp(command, "clean") ? command[0] : 'K';
}

static bool belongs(const Flag *f, const char *command) { return strchr(f->commands, command_letter(command)) != NULL; }

static bool bad_value(const char *flag, const char *value, const char *expected) {
    fprintf(stderr, "goo: invalid value \"%s\" for --%s: expected %s\n", value, flag, expected);
    return false;
}

static bool parse_level(Options *o, const char *s) {
    if (s[0] < '0' || s[0] > '3' || s[1]) return bad_value("optimize", s, "0, 1, 2 or 3");
    o->opt_level = s[0] - '0';
    return true;
}

static bool parse_emit(Options *o, const char *s) {
    static const char *const kinds[] = {[EMIT_EXE] = "exe", [EMIT_AST] = "ast", [EMIT_IR] = "ir", [EMIT_ASM] = "asm", [EMIT_OBJ] = "obj"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(kinds[i], s)) return o->emit = (EmitKind)i, true;
    return bad_value("emit", s, "ast, ir, asm, obj or exe");
}

static bool parse_format(Options *o, const char *s) {
    o->json_errors = !strcmp(s, "json");
    return o->json_errors || !strcmp(s, "text") || bad_value("error-format", s, "text or json");
}

static bool parse_graph(Options *o, const char *s) {
    o->graph = s ? s : "dot";
    return !strcmp(o->graph, "dot") || !strcmp(o->graph, "html") || bad_value("graph", s, "dot or html");
}

static bool parse_language(Options *o, const char *s) {
    int minor, used = 0;
    if (sscanf(s, "go1.%d%n", &minor, &used) != 1 || s[used] || minor < 0 || minor > 23)
        return bad_value("lang", s, "go1.0 to go1.23");
    o->language = s;
    return true;
}

/* --allow, --deny: CAP or CAP=SCOPE, added to the list that the program gets as its ceiling. */
static bool parse_right(Options *o, const char *s, const char *flag, const char *sign) {
    static Arena *a;
    if (!a) a = arena_new();
    size_t n = strcspn(s, "=");
    RtCapMask caps = cap_named(s, n);
    const char *scope = s[n] ? s + n + 1 : NULL, *why = NULL;
    const char *meant = caps ? NULL : cap_suggestion(arena_strndup(a, s, n)), *comma = strchr(s, ',');
    if (meant) return bad_value(flag, s, arena_printf(a, "a capability; did you mean %s?", meant));
    if (comma && cap_named(comma + 1, strcspn(comma + 1, "=,"))) return bad_value(flag, s, "one capability; the flag may be given again");
    if (!caps) return bad_value(flag, s, "a capability, such as file.read=/srv or network");
    for (int i = 0; scope && i < RT_CAP_COUNT; i++)
        if ((caps >> i & 1) && !cap_scope_clean(a, i, scope, &why)) return bad_value(flag, s, why);
    const char *item = !scope ? arena_printf(a, "%s%.*s", sign, (int)n, s) : arena_printf(a, "%s%.*s(\"%s\")", sign, (int)n, s, scope);
    if (scope && strpbrk(scope, "\"\\")) return bad_value(flag, s, "a scope without quotes and backslashes");
    if (*sign && !scope) o->refused |= caps;
    o->policy = o->policy ? arena_printf(a, "%s, %s", o->policy, item) : item;
    return true;
}

static bool parse_sandbox(Options *o, const char *s) {
    o->sandbox = !s ? "rt_sandbox" : !strcmp(s, "strict") ? "rt_sandbox_strict" : NULL;
    return o->sandbox || bad_value("sandbox", s, "strict or nothing");
}

static bool take(Options *o, int letter, const char *value) {
    switch (letter) {
    case 'o': o->output = value; return true;
    case 'O': return parse_level(o, value);
    case 'g': return o->debug = true;
    case 'v': return o->verbose = true;
    case 'e': return o->all_errors = true;
    case 'k': return o->keep_going = true;
    case 'E': return parse_emit(o, value);
    case 'j': return parse_format(o, value);
    case 'l': return parse_language(o, value);
    case 'w': o->why = value; return true;
    case 'G': return parse_graph(o, value);
    case 'J': return o->json = true;
    case 'd': o->revision = value; return true;
    case 'c': o->rights_file = value; return true;
    case 'W': o->write_rights = value; return true;
    case 'T': return o->check_table = true;
    case 'x': return o->external = true;
    case 'n': return o->no_cache = true;
    case 'm': return o->explain = o->no_cache = true;
    case 'A': return parse_right(o, value, "allow", "");
    case 'D': return parse_right(o, value, "deny", "-");
    case 'S': return parse_sandbox(o, value);
    case 'h': return o->command = "help-for", true;
    default: return false; /* getopt has said what is wrong */
    }
}

bool help_wanted(const Options *o) { return !strcmp(o->command, "help-for"); }

/* Whether GOEXPERIMENT, a list with commas, has the name. Experiments that are not listed here have no meaning. */
static bool has_experiment(const char *name) {
    const char *list = getenv("GOEXPERIMENT");
    size_t n = strlen(name);
    for (const char *p = list; p && (p = strstr(p, name)); p += n)
        if ((p == list || p[-1] == ',') && (p[n] == 0 || p[n] == ',')) return true;
    return false;
}

/* "[=KIND]": the argument may be left out. */
static int argument(const Flag *f) { return !f->arg ? no_argument : f->arg[0] == '[' ? optional_argument : required_argument; }

bool options_parse(Options *o, int argc, char **argv) {
    if (!strcmp(o->command, "test")) { /* which has go test's form of flags */
        o->args = argv;
        o->nargs = argc;
        return true;
    }
    o->opt_level = -1;
    o->generic_aliases = has_experiment("aliastypeparams");
    struct option longs[NFLAGS + 1] = {0};
    char shorts[3 * NFLAGS + 2] = "+", *s = shorts + 1;
    int n = 0;
    for (int i = 0; i < NFLAGS; i++) {
        if (!belongs(&flags[i], o->command)) continue;
        longs[n++] = (struct option){flags[i].name, argument(&flags[i]), NULL, flags[i].letter};
        *s++ = flags[i].letter;
        if (flags[i].arg) *s++ = ':';
        if (argument(&flags[i]) == optional_argument) *s++ = ':';
    }
    char *args[argc + 2]; /* getopt wants a program name before the first flag */
    args[0] = (char[]){"goo"};
    memcpy(args + 1, argv, sizeof *argv * (size_t)argc);
    args[argc + 1] = NULL;
    optind = 1;
    for (int c; (c = getopt_long(argc + 1, args, shorts, longs, NULL)) != -1;)
        if (!take(o, c, optarg)) {
            if (c == '?') fprintf(stderr, "Run 'goo help %s' for its flags.\n", o->command);
            return false;
        }
    o->args = argv + (optind - 1);
    o->nargs = argc - (optind - 1);
    return true;
}
