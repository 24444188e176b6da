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

/* void rt_stack_call(void (*fn)(void *), void *arg, void *top): the chain of frame pointers ends here. */
    .globl rt_stack_call
    .type rt_stack_call, @function
    .balign 16
rt_stack_call:
    push %rbp
    mov %rsp, %rax
    and $-16, %rdx
    mov %rdx, %rsp
    push %rax
    push $0
    xor %ebp, %ebp
    mov %rdi, %rax
    mov %rsi, %rdi
    call *%rax
    pop %rax
    pop %rsp
    pop %rbp
    ret
    .size rt_stack_call, . - rt_stack_call

#endif
    .section .note.GNU-stack, "", %progbits
