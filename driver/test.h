/* test.h: the parts of `goo test`: its command line, package patterns, the generated main package, running. */
#ifndef GOO_DRIVER_TEST_H
#define GOO_DRIVER_TEST_H

#include "driver/driver.h"

/* ---- testflags.c ---- */

/* What the command line of `goo test` says. */
typedef struct TestFlags {
    Names patterns;     /* of packages; none: the package in the current folder */
    Names program_args; /* what every test program gets: -test.NAME=VALUE of known flags, then what goo does not know */
    const char *list, *bench, *output;
    const char *exec;   /* command that test programs are run by, words with spaces between; NULL: none */
    bool verbose, json, build_only;
    double timeout;     /* seconds; 0: none */
    int processes;      /* packages at once */
} TestFlags;
/* Reads argv, into o what all commands have. Flags may follow the packages, and flags that goo does not know are for
 * the test program, as are all arguments behind -args. Returns an exit status, after saying what is wrong; help is
 * set when help was asked for. */
int test_flags_parse(Arena *a, int argc, char **argv, TestFlags *t, Options *o, bool *help);
/* Prints the flags for `goo help test`. */
void test_flags_help(FILE *out);

/* ---- patterns.c ---- */

typedef VEC(TestPackage *) TestPackages;
/* Finds the packages that patterns name: folders (./x, /x), import paths, both with "..." for any text, "std", or
 * files of one package. None stands for the current folder. Fills in paths, folders and modules, and the names of
 * the files by whether they are tests; tests stand together in tests. Problems go to l; false after one. */
bool find_packages(Loader *l, const Names *patterns, TestPackages *out);

/* ---- testmain.c ---- */

/* Reads the test files of t, sorts the external ones out into xtests, and writes the main package of its test program
 * into t->main, which stays NULL if there are no test files. False after queueing errors in l. */
bool test_main_make(Loader *l, TestPackage *t);

/* ---- testerrors.c ---- */

/* Prints the errors that building the test program of t has met, with files as seen from the current folder. */
void test_report_errors(Loader *l, const TestPackage *t);

/* ---- testrun.c ---- */

/* How the output of one package is shown. */
typedef struct TestRun {
    const TestFlags *flags;
    Paths *paths;
    const char *path, *dir; /* of the package */
    bool library;           /* it is one of Go's library */
    bool direct;            /* the program writes to goo's own standard output */
    bool as_it_comes;       /* output is passed on at once, not at the end */
    const char *converter;  /* the program that makes JSON of output, NULL: none is wanted */
} TestRun;
/* Runs the test program exe and prints its output and the line that sums it up; returns an exit status. */
int test_run(const TestRun *r, const char *exe);
/* Prints a line such as "FAIL path [build failed]" in the form that was asked for; failed tells the JSON result. */
int test_say(const TestRun *r, bool failed, const char *line);

#endif
