/* asm_aarch64.S: what C cannot say, for AArch64. */
#if defined(__aarch64__)
    .text

/* Calls a deferred closure with itself as environment, from an address that recover recognises.
 * void rt_defer_call(GoClosure *fn): on behalf of a panic; void rt_exit_call(GoClosure *fn): of a function's exit. */
.macro CALLER name
    .globl \name, \name\()_return
    .type \name, %function
    .balign 16
\name:
    .cfi_startproc
    stp x29, x30, [sp, #-16]!
    .cfi_def_cfa_offset 16
    .cfi_offset 29, -16
    .cfi_offset 30, -8
    mov x29, sp
    ldr x9, [x0]
    blr x9
\name\()_return:
    ldp x29, x30, [sp], #16
    .cfi_restore 29
    .cfi_restore 30
    .cfi_def_cfa_offset 0
    ret
    .cfi_endproc
    .size \name, . - \name
.endm
    CALLER rt_defer_call
    CALLER rt_exit_call

/* void rt_stack_call(void (*fn)(void *), void *arg, void *top): the chain of frame pointers ends here. */
    .globl rt_stack_call
    .type rt_stack_call, %function
    .balign 16
rt_stack_call:
    stp x29, x30, [sp, #-16]!
    mov x9, sp
    and x2, x2, #-16
    mov sp, x2
    stp x9, xzr, [sp, #-16]!
    mov x29, xzr
    mov x9, x0
    mov x0, x1
    blr x9
    ldp x9, xzr, [sp], #16
    mov sp, x9
    ldp x29, x30, [sp], #16
    ret
    .size rt_stack_call, . - rt_stack_call

#endif
    .section .note.GNU-stack, "", %progbits
