/* caps.h (driver): the command `goo caps`. */
#ifndef GOO_DRIVER_CAPS_H
#define GOO_DRIVER_CAPS_H

#include "driver/driver.h"

/* Packages and the graph that has them: one program, or library packages. */
typedef struct CapReport {
    CapGraph *g;
    Names packages; /* import paths, "main" for the program's own, in the order of the output */
    const char *main; /* what "main" stands for in the output, or NULL */
} CapReport;
typedef VEC(CapReport) CapReports;

/* ---- caps.c ---- */
/* The graphs of the packages that the arguments name. Returns an exit status. */
int caps_load(const Options *o, Paths *paths, Arena *a, CapReports *out);
/* The functions of a package that people know: no literals, nothing made by the compiler. */
typedef VEC(CapNode *) CapNodes;
void caps_functions(const CapReport *r, const char *package, CapNodes *out);
/* What the package needs: all its functions together, and its initialisation. */
CapSet caps_of_package(const CapReport *r, const char *package);
const char *caps_package_name(const CapReport *r, const char *package);

/* ---- capsfile.c: what is compared ---- */
/* One line for each package and each exported function with rights: "name: set", sorted. */
void caps_list(const CapReports *reports, Arena *a, Buf *out, bool functions);
int caps_compare_file(const char *path, const char *now, Arena *a);  /* --check */
int caps_write_file(const char *path, const char *now);              /* --write */
int caps_diff(const Options *o, Paths *paths, Arena *a, const CapReports *now); /* --diff */

/* ---- capsout.c ---- */
void caps_print(const CapReports *reports, bool all, FILE *out);
int caps_print_why(const CapReports *reports, const char *name, FILE *out);
void caps_print_json(const CapReports *reports, FILE *out);
void caps_print_dot(const CapReports *reports, FILE *out);
bool caps_print_html(const CapReports *reports, const Paths *paths, Arena *a, FILE *out);

/* ---- capslib.c ---- */
/* Loads packages of Go's library by path, with the table's sets as what functions declare, solved. paths loses those
 * that cannot be loaded. NULL with an exit status after an error. */
CapGraph *caps_load_library(const Options *o, Paths *p, Arena *a, Names *paths, int *status);
/* Compares the table with the whole library; prints what is wrong. Returns an exit status. */
int caps_check_table(CapGraph *g);
/* Whether only the library itself can import the package. */
bool caps_is_internal(const char *path);
/* Whether importers can name the function. */
bool caps_is_exported(const CapNode *n);

#endif
