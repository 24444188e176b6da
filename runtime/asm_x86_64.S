/* asm_x86_64.S: what C cannot say, for x86-64. */
#include "runtime/registers.h"
#if defined(__x86_64__)
    .text

/* Calls a deferred closure with itself as environment, from an address that recover recognises.
 * void rt_defer_call(GoClosure *fn): on behalf of a panic; void rt_exit_call(GoClosure *fn): of a function's exit. */
.macro CALLER name
    .globl \name, \name\()_return
    .type \name, @function
    .balign 16
\name:
    .cfi_startproc
    push %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset %rbp, -16
    mov %rsp, %rbp
    .cfi_def_cfa_register %rbp
    call *(%rdi)
\name\()_return:
    pop %rbp
    .cfi_def_cfa %rsp, 8
    ret
    .cfi_endproc
    .size \name, . - \name
.endm
    CALLER rt_defer_call
    CALLER rt_exit_call

/* void rt_ask(uintptr_t code, void *top, void **sp); _Noreturn void rt_asked(void *sp) (recovery.c) */
    .globl rt_ask
    .type rt_ask, @function
    .balign 16
rt_ask:
    SAVE
    mov %rsp, (%rdx)
    mov %rsi, %rsp
    call *%rdi
    ud2
    .size rt_ask, . - rt_ask
    .globl rt_asked
    .type rt_asked, @function
    .balign 16
rt_asked:
    mov %rdi, %rsp
    RESTORE
    ret
    .size rt_asked, . - rt_asked

/* What code that was interrupted by a fault is made to call (fault.c): the stack may be aligned anyhow. */
    .globl rt_fault_entry
    .type rt_fault_entry, @function
rt_fault_entry:
    .cfi_startproc
    push %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset %rbp, -16
    mov %rsp, %rbp
    .cfi_def_cfa_register %rbp
    and $-16, %rsp
    call rt_fault_panic
    .cfi_endproc
    .size rt_fault_entry, . - rt_fault_entry

#endif
    .section .note.GNU-stack, "", %progbits
