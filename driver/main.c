/* main.c: the goo command: finds the command in the table and runs it. */
#include "driver/driver.h"
#include <string.h>

typedef struct Command { const char *name; int (*run)(const Options *o); } Command;
static const Command commands[] = {
#define CMD(name, fn, args, help) {#name, fn},
#include "driver/commands.def"
};

static const Command *find_command(const char *name) {
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (!strcmp(commands[i].name, name)) return &commands[i];
    return NULL;
}

/* `goo prog.goo`, as a #! line without a command would have it, means `goo run prog.goo`. */
static bool names_source(const char *arg) { return has_suffix(arg, ".goo") || has_suffix(arg, ".go"); }

int main(int argc, char **argv) {
    if (argc < 2) {
        help_usage(stderr);
        return EXIT_USAGE;
    }
    const char *name = argv[1];
    if (!strcmp(name, "--help") || !strcmp(name, "-h")) name = "help";
    if (!strcmp(name, "--version")) name = "version";
    bool implied_run = names_source(name);
    const Command *c = find_command(implied_run ? "run" : name);
    if (!c) return help_unknown(name);
    Options o = {.command = c->name};
    int skip = implied_run ? 1 : 2;
    if (!options_parse(&o, argc - skip, argv + skip)) return EXIT_USAGE;
    if (help_wanted(&o)) return cmd_help(&(Options){.command = "help", .args = (char *[]){(char *)c->name}, .nargs = 1});
    return c->run(&o);
}
