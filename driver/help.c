/* help.c: goo help, version and env: made from the tables of commands and flags. */
#include "driver/test.h"
#include <string.h>

typedef struct CommandHelp { const char *name, *args, *help; } CommandHelp;
static const CommandHelp commands[] = {
#define CMD(name, fn, args, help) {#name, args, help},
#include "driver/commands.def"
};
typedef struct FlagHelp { char letter; const char *name, *arg, *commands, *help; } FlagHelp;
static const FlagHelp flags[] = {
#define FLAG(letter, name, arg, commands, help) {letter, name, arg, commands, help},
#include "driver/flags.def"
};

void help_usage(FILE *out) {
    fprintf(out, "Goo compiles programs in Goo, a superset of Go 1.23.\n\nUsage: goo COMMAND [flags] [arguments]\n\nCommands:\n");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].help);
    fprintf(out, "\n'goo help COMMAND' lists a command's flags. 'goo FILE.goo' is short for 'goo run FILE.goo'.\n");
}

int help_unknown(const char *name) {
    const char *meant = NULL;
    int least = name_tolerance(name);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        int d = name_distance(name, commands[i].name);
        if (d <= least) meant = commands[i].name, least = d - 1;
    }
    fprintf(stderr, "goo: unknown command \"%s\"", name);
    if (meant) fprintf(stderr, "; did you mean %s?", meant);
    fprintf(stderr, "\nRun 'goo help' for the list of commands.\n");
    return EXIT_USAGE;
}

bool takes_nothing(const Options *o) {
    if (o->nargs) fprintf(stderr, "goo %s: unexpected argument %s\n", o->command, o->args[0]);
    return !o->nargs;
}

static void help_command(const CommandHelp *c) {
    printf("Usage: goo %s %s\n\n%c%s.\n", c->name, c->args, c->help[0] - 'a' + 'A', c->help + 1);
    if (!strcmp(c->name, "test")) {
        test_flags_help(stdout);
        return;
    }
    bool any = false;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        const FlagHelp *f = &flags[i];
        if (!strchr(f->commands, command_letter(c->name))) continue;
        if (!any) printf("\nFlags:\n");
        any = true;
        char left[64];
        bool optional = f->arg && f->arg[0] == '[';
        snprintf(left, sizeof left, "-%c%s%s, --%s%s%s", f->letter, f->arg && !optional ? " " : "", f->arg && !optional ? f->arg : "",
                 f->name, f->arg && !optional ? "=" : "", f->arg ? f->arg : "");
        printf("  %-38s %s\n", left, f->help);
    }
}

int cmd_help(const Options *o) {
    if (o->nargs == 0) return help_usage(stdout), EXIT_OK;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (!strcmp(commands[i].name, o->args[0])) return help_command(&commands[i]), EXIT_OK;
    return help_unknown(o->args[0]);
}

int cmd_version(const Options *o) {
    if (!takes_nothing(o)) return EXIT_USAGE;
    printf("goo version %s (language %s) linux/%s\n", GOO_VERSION, GOO_LANGUAGE,
#if defined(__x86_64__)
           "amd64"
#else
           "arm64"
#endif
    );
    return EXIT_OK;
}

/* Prints what goo env knows by that name. */
static bool print_setting(const char *const (*settings)[2], const char *name) {
    for (; (*settings)[0]; settings++)
        if (!strcmp((*settings)[0], name)) return puts((*settings)[1] ? (*settings)[1] : ""), true;
    fprintf(stderr, "goo env: there is no %s\n", name);
    return false;
}

int cmd_env(const Options *o) {
    Arena *a = arena_new();
    Paths p;
    paths_init(&p, a);
    const char *const settings[][2] = {
        {"GOO", p.exe}, {"GOO_VERSION", GOO_VERSION}, {"GOO_RUNTIME", p.runtime_lib}, {"GOO_GCCJIT", gen_gccjit_path()},
        {"GOO_GOROOT", p.goroot}, {"GOO_LIBRARY", p.library}, {"GOO_CACHE", p.cache}, {NULL, NULL},
    };
    bool ok = true;
    for (int i = 0; i < o->nargs; i++) ok &= print_setting(settings, o->args[i]);
    for (int i = 0; !o->nargs && settings[i][0]; i++) printf("%s=%s\n", settings[i][0], settings[i][1] ? settings[i][1] : "");
    arena_free(a);
    return ok ? EXIT_OK : EXIT_USAGE;
}
