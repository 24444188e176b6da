/* switch_aarch64.S: switches between goroutines and the system stack of a thread, for AArch64.
 *
 * What a goroutine leaves on its stack is RtContext (proc.h). There are no stack limits here. */
#include "runtime/registers.h"
#include "runtime/sched/offsets.h"
#if defined(__aarch64__)
    .text

.macro FUNCTION name
    .globl \name
    .type \name, %function
    .balign 16
\name:
.endm

/* \reg = the thread-local pointer \name */
.macro LOAD_TLS reg, name
    mrs \reg, tpidr_el0
    add \reg, \reg, :tprel_hi12:\name
    ldr \reg, [\reg, :tprel_lo12_nc:\name]
.endm

/* From goroutine \g to the system stack of thread \m. */
.macro LEAVE m, g
    mov x16, sp
    str x16, [\g, #G_SP]
    mov w16, #1
    strb w16, [\m, #M_ON_SYSTEM]
    ldr x16, [\m, #M_SYSTEM_SP]
    mov sp, x16
.endm

/* From the system stack of thread \m to goroutine \g. */
.macro ENTER m, g
    strb wzr, [\m, #M_ON_SYSTEM]
    ldr x16, [\g, #G_SP]
    mov sp, x16
.endm

/* void rt_switch(RtSwitch *fn, void *arg) */
FUNCTION rt_switch
    SAVE
    LOAD_TLS x9, rt_m_tls
    mov x10, x0
    ldr x0, [x9, #M_G]
    LEAVE x9, x0
    mov x29, xzr
    blr x10
resume: /* goroutine x0 */
    mrs x10, tpidr_el0
    add x10, x10, :tprel_hi12:rt_g
    str x0, [x10, :tprel_lo12_nc:rt_g]
    LOAD_TLS x9, rt_m_tls
    ENTER x9, x0
    RESTORE
    ret
    .size rt_switch, . - rt_switch

/* _Noreturn void rt_switch_to(RtGoroutine *g) */
FUNCTION rt_switch_to
    LOAD_TLS x9, rt_m_tls
    mov x10, sp
    str x10, [x9, #M_SYSTEM_SP]
    b resume
    .size rt_switch_to, . - rt_switch_to

/* A new goroutine, its closure in x19. The chain of frame pointers ends here. */
FUNCTION rt_goroutine_begin
    mov x29, xzr
    mov x0, x19
    ldr x9, [x0]
    blr x9
    LOAD_TLS x9, rt_m_tls
    ldr x0, [x9, #M_G]
    LEAVE x9, x0
    bl rt_goroutine_end
    b resume
    .size rt_goroutine_begin, . - rt_goroutine_begin

/* Called by interrupted code (preempt.c) with a frame made for it: saves everything that rt_switch does not. Compiled
 * code does not use x18, so that there is a register to return with. */
FUNCTION rt_preempt_entry
    mov x29, sp
    sub sp, sp, #(160 + 512)
    stp x0, x1, [sp]
    stp x2, x3, [sp, #16]
    stp x4, x5, [sp, #32]
    stp x6, x7, [sp, #48]
    stp x8, x9, [sp, #64]
    stp x10, x11, [sp, #80]
    stp x12, x13, [sp, #96]
    stp x14, x15, [sp, #112]
    stp x16, x17, [sp, #128]
    mrs x16, nzcv
    str x16, [sp, #144]
    add x16, sp, #160
.irp n, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
    str q\n, [x16], #16
.endr
.irp n, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31
    str q\n, [x16], #16
.endr
    adrp x0, rt_preempt_switch
    ldr x0, [x0, :lo12:rt_preempt_switch]
    bl rt_switch
    .globl rt_preempt_return
rt_preempt_return:
    add x16, sp, #160
.irp n, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
    ldr q\n, [x16], #16
.endr
.irp n, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31
    ldr q\n, [x16], #16
.endr
    ldr x16, [sp, #144]
    msr nzcv, x16
    ldp x0, x1, [sp]
    ldp x2, x3, [sp, #16]
    ldp x4, x5, [sp, #32]
    ldp x6, x7, [sp, #48]
    ldp x8, x9, [sp, #64]
    ldp x10, x11, [sp, #80]
    ldp x12, x13, [sp, #96]
    ldp x14, x15, [sp, #112]
    ldp x16, x17, [sp, #128]
    mov sp, x29
    ldr x30, [sp, #16]
    ldp x29, x18, [sp], #32
    br x18
    .size rt_preempt_entry, . - rt_preempt_entry

/* void rt_enter_syscall(void): the caller's registers go to the record, since its frame may not hold them. */
FUNCTION rt_enter_syscall
    LOAD_TLS x9, rt_m_tls
    ldr x9, [x9, #M_G]
    mov x10, sp
    str x10, [x9, #G_SP]
    add x10, x9, #G_SAVED
    stp x29, x30, [x10]
    stp x19, x20, [x10, #16]
    stp x21, x22, [x10, #32]
    stp x23, x24, [x10, #48]
    stp x25, x26, [x10, #64]
    stp x27, x28, [x10, #80]
    b rt_syscall_begin
    .size rt_enter_syscall, . - rt_enter_syscall

#endif
    .section .note.GNU-stack, "", %progbits
