/* asm_x86_64.S: what C cannot say, for x86-64. */
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

/* What code that has accessed released memory is made to call (mem/stale.c): the stack may be aligned anyhow. */
    .globl rt_stale_entry
    .type rt_stale_entry, @function
rt_stale_entry:
    .cfi_startproc
    push %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset %rbp, -16
    mov %rsp, %rbp
    .cfi_def_cfa_register %rbp
    and $-16, %rsp
    call rt_stale_panic
    .cfi_endproc
    .size rt_stale_entry, . - rt_stale_entry

#endif
    .section .note.GNU-stack, "", %progbits
