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

static void help_command(const CommandHelp *c) {
    printf("Usage: goo %s %s\n\n%c%s.\n", c->name, c->args, c->help[0] - 'a' + 'A', c->help + 1);
    if (!strcmp(c->name, "test")) {
        test_flags_help(stdout);
        return;
    }
    bool any = false;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        const FlagHelp *f = &flags[i];
        if (!strchr(f->commands, command_letter(c->name)) || (c->name[1] == 'l')) continue;
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
    fprintf(stderr, "goo help: unknown command \"%s\"\nRun 'goo help' for the list of commands.\n", o->args[0]);
    return EXIT_USAGE;
}

int cmd_version(const Options *o) {
    (void)o;
    printf("goo version %s (language %s) linux/%s\n", GOO_VERSION, GOO_LANGUAGE,
#if defined(__x86_64__)
           "amd64"
#else
           "arm64"
#endif
    );
    return EXIT_OK;
}

int cmd_env(const Options *o) {
    (void)o;
    Arena *a = arena_new();
    Paths p;
    paths_init(&p, a);
    printf("GOO=%s\nGOO_VERSION=%s\nGOO_RUNTIME=%s\nGOO_GCCJIT=%s\nGOO_GOROOT=%s\nGOO_LIBRARY=%s\nGOO_CACHE=%s\n", p.exe, GOO_VERSION, p.runtime_lib, gen_gccjit_path(),
           p.goroot ? p.goroot : "", p.library ? p.library : "", p.cache ? p.cache : "");
    arena_free(a);
    return EXIT_OK;
}
