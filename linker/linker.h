/* linker.h: from object files to a program, without starting another process.
 *
 * It links what goo itself makes: static programs at a fixed address for x86-64, from relocatable ELF objects of GCC,
 * the GNU assembler and glibc. What nothing reaches is dropped. System linkers do the same and more; they take ten
 * times as long for a small program, and they cannot know which methods only reflection could call. */
#ifndef GOO_LINKER_H
#define GOO_LINKER_H

#include "base/base.h"

typedef struct Linker Linker;

typedef enum LinkResult {
    LINK_OK,
    LINK_FAILED,      /* the message says why */
    LINK_UNSUPPORTED, /* the input has something that only a system linker can handle; the message says what */
} LinkResult;

/* A linker without inputs; everything it needs comes from arena a. */
Linker *link_new(Arena *a);
/* Adds an object, or all members of an archive. The file stays mapped until link_free. */
void link_add(Linker *l, const char *path);
/* Adds an archive of which only members are taken that are needed. */
void link_add_library(Linker *l, const char *path);
/* Links, and writes an executable file at path. What it says on failure is appended to err; path is then not whole. */
LinkResult link_write(Linker *l, const char *path, Buf *err);
/* Releases the files. */
void link_free(Linker *l);

#endif
