/* callers.c: who makes a system call.
 *
 * Functions of Go's library make system calls on memory that their arguments' types vouch for. A program that makes one
 * itself (syscall.Syscall and the like, also by linkname or reflection) passes addresses as numbers: read could then
 * overwrite the runtime, and with it every check. So such a call takes the right `system`, whatever it does.
 *
 * Looked at are the return addresses from the call on, beyond the functions that pass numbers on, up to the first
 * function with a purpose of its own. Sibling calls are off in all code, so none is missing. reflect is no caller: it
 * calls for others. */
#include "runtime/caps/calls.h"

typedef enum Caller { C_UNKNOWN, C_BETWEEN, C_LIBRARY, C_PROGRAM } Caller;

/* Functions that make the call that their caller asks for. */
static bool passes_on(const char *function) {
    static const char *const names[] = {
        "syscall.Syscall", "syscall.Syscall6", "syscall.RawSyscall", "syscall.RawSyscall6", "syscall.rawSyscallNoError",
        "syscall.SyscallNoError", "syscall.RawSyscallNoError", "syscall.AllThreadsSyscall", "syscall.AllThreadsSyscall6",
        "internal/runtime/syscall.Syscall6", "internal/syscall/unix.Fcntl",
    };
    for (int i = 0; i < RT_COUNT(names); i++)
        if (!strcmp(function, names[i])) return true;
    return false;
}

static Caller look_up(uintptr_t pc) {
    const RtFunc *f = rt_func_find(pc - 1);
    if (!f || (f->flags & (RF_RUNTIME | RF_WRAPPER))) return C_BETWEEN;
    RtActivation a = rt_activation(f, pc);
    do {
        if (!(a.flags & RF_LIBRARY) || !strncmp(a.name, "reflect.", 8)) return C_PROGRAM;
        if (!passes_on(a.name)) return C_LIBRARY;
    } while (rt_activation_up(&a));
    return C_BETWEEN;
}

/* What look_up said of return addresses lately: the address above the Caller. Owner: the process; each entry is one
 * word, so threads need no more than to read and write it whole. */
enum { KNOWN_BITS = 8 };
static uint64_t known[1 << KNOWN_BITS];

static Caller caller_at(uintptr_t pc) {
    uint64_t *entry = &known[(pc ^ pc >> KNOWN_BITS) % RT_COUNT(known)];
    uint64_t e = __atomic_load_n(entry, __ATOMIC_RELAXED);
    if (e >> 8 == pc) return (Caller)(e & 0xff);
    Caller c = look_up(pc);
    __atomic_store_n(entry, (uint64_t)pc << 8 | c, __ATOMIC_RELAXED);
    return c;
}

bool rt_call_by_library(void *frame) {
    RtWalk w = rt_walk_here(frame);
    do {
        Caller c = caller_at(w.pc);
        if (c != C_BETWEEN) return c == C_LIBRARY;
    } while (rt_walk_on(&w));
    return false;
}
