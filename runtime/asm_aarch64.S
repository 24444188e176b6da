/* asm_aarch64.S: what C cannot say, for AArch64. */
#include "runtime/registers.h"
#if defined(__aarch64__)
#include "runtime/sched/offsets.h"
    .text

/* The address of this thread's RtM. */
.macro THREAD reg
    mrs \reg, tpidr_el0
    add \reg, \reg, #:tprel_hi12:rt_m_tls, lsl #12
    ldr \reg, [\reg, #:tprel_lo12_nc:rt_m_tls]
.endm

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

/* No call returns here: stacks do not grow. */
    .globl rt_morestack_return
rt_morestack_return:
    brk #0

/* void rt_stack_enter(RtGoroutine *g, void (*fn)(void *), void *arg): the chain of frame pointers ends here. */
    .globl rt_stack_enter
    .type rt_stack_enter, %function
    .balign 16
rt_stack_enter:
    stp x29, x30, [sp, #-16]!
    mov x10, sp
    THREAD x9
    str x10, [x9, #M_SYSTEM_SP]
    strb wzr, [x9, #M_ON_SYSTEM]
    ldr x9, [x0, #G_SEGMENT]
    ldr x9, [x9, #SEGMENT_HI]
    mov sp, x9
    mov x29, xzr
    mov x0, x2
    blr x1
    THREAD x9
    mov w10, #1
    strb w10, [x9, #M_ON_SYSTEM]
    ldr x10, [x9, #M_SYSTEM_SP]
    mov sp, x10
    ldp x29, x30, [sp], #16
    ret
    .size rt_stack_enter, . - rt_stack_enter

/* void rt_system_stack(void (*fn)(void *), void *arg): the registers that fn keeps are saved for the collector, which
 * scans the goroutine from g->sp on. */
    .globl rt_system_stack
    .type rt_system_stack, %function
    .balign 16
rt_system_stack:
    mov x12, x0
    mov x0, x1
    THREAD x9
    ldrb w10, [x9, #M_ON_SYSTEM]
    cbnz w10, 1f
    ldr x10, [x9, #M_G]
    cbz x10, 1f
    ldr x11, [x10, #G_SEGMENT]
    cbz x11, 1f
    stp x29, x30, [sp, #-16]!
    mov x29, sp
    stp x19, x20, [sp, #-80]!
    stp x21, x22, [sp, #16]
    stp x23, x24, [sp, #32]
    stp x25, x26, [sp, #48]
    stp x27, x28, [sp, #64]
    mov x11, sp
    str x11, [x10, #G_SP]
    mov w11, #1
    strb w11, [x9, #M_ON_SYSTEM]
    ldr x11, [x9, #M_SYSTEM_SP]
    mov sp, x11
    blr x12
    THREAD x9
    strb wzr, [x9, #M_ON_SYSTEM]
    mov sp, x29
    ldp x29, x30, [sp], #16
    ret
1:  br x12
    .size rt_system_stack, . - rt_system_stack

/* void rt_ask(uintptr_t code, void *top, void **sp); _Noreturn void rt_asked(void *sp) (recovery.c) */
    .globl rt_ask
    .type rt_ask, %function
rt_ask:
    SAVE
    mov x9, sp
    str x9, [x2]
    mov sp, x1
    blr x0
    brk #1
    .size rt_ask, . - rt_ask
    .globl rt_asked
    .type rt_asked, %function
rt_asked:
    mov sp, x0
    RESTORE
    ret
    .size rt_asked, . - rt_asked

/* What code that was interrupted by a fault is made to call (fault.c); x30 is where it was. */
    .globl rt_fault_entry
    .type rt_fault_entry, %function
rt_fault_entry:
    stp x29, x30, [sp, #-16]!
    mov x29, sp
    bl rt_fault_panic
    .size rt_fault_entry, . - rt_fault_entry

#endif
    .section .note.GNU-stack, "", %progbits
