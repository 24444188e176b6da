/* call.h: what call.c and the assembly behind it share. */
#ifndef GOO_HOOKS_CALL_H
#define GOO_HOOKS_CALL_H

#define RT_CALL_INTS 6       /* registers for integers and pointers */
#define RT_CALL_FLOATS 8
#define RT_CALL_WORDS 96     /* arguments on the stack: what the slack below a segment's limit has room for */
#define RT_CALL_STUB 16      /* bytes of a stub in rt_func_stubs */
#define RT_CALL_PLACES (RT_CALL_INTS + RT_CALL_WORDS)

#ifndef __ASSEMBLER__
#include <stdint.h>

/* The registers of a call, before it and after it. */
typedef struct RtCallRegs {
    uint64_t ints[RT_CALL_INTS];
    uint64_t floats[RT_CALL_FLOATS];
    uint64_t int_results[2], float_results[2];
} RtCallRegs;

/* Calls code with these registers and n words on the stack; fills in the results. */
void rt_call_code(void *code, RtCallRegs *regs, const uint64_t *words, int64_t n);
/* For functions made at run time: a stub for each place where the environment can be, first for those of MakeFunc,
 * then for method values. They call rt_func_called. */
extern const uint8_t rt_func_stubs[];
void rt_func_called(RtCallRegs *regs, const uint64_t *words, uint64_t place);
#endif
#endif
