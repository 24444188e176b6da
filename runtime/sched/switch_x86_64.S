/* switch_x86_64.S: switches between goroutines and the system stack of a thread, for x86-64.
 *
 * What a goroutine leaves on its stack is RtContext (proc.h). While a thread is on its system stack the stack limit
 * at %fs:0x70 is 0: nothing there is checked. A request to preempt that comes while a goroutine's limit is stored has
 * set its flag, which is looked at last. */
#include "runtime/registers.h"
#include "runtime/sched/offsets.h"
#if defined(__x86_64__)
    .text

.macro FUNCTION name
    .globl \name
    .type \name, @function
    .balign 16
\name:
.endm

/* From goroutine \g to the system stack of thread \m. */
.macro LEAVE m, g
    mov %rsp, G_SP(\g)
    movb $1, M_ON_SYSTEM(\m)
    movq $0, %fs:STACK_LIMIT
    mov M_SYSTEM_SP(\m), %rsp
.endm

/* From the system stack of thread \m to goroutine \g; changes \tmp. */
.macro ENTER m, g, tmp
    movb $0, M_ON_SYSTEM(\m)
    mov G_SP(\g), %rsp
    mov G_SEGMENT(\g), \tmp
    test \tmp, \tmp
    jz 1f                               /* a stack of the system's: the limit stays 0 */
    mov SEGMENT_LO(\tmp), \tmp
    add $STACK_SLACK, \tmp
    mov \tmp, %fs:STACK_LIMIT
    cmpb $0, G_PREEMPT(\g)
    je 1f
    movq $-1, %fs:STACK_LIMIT
1:
.endm

/* void rt_switch(RtSwitch *fn, void *arg) */
FUNCTION rt_switch
    SAVE
    mov %fs:rt_m_tls@tpoff, %rax
    mov %rdi, %rdx
    mov M_G(%rax), %rdi
    LEAVE %rax, %rdi
    xor %ebp, %ebp
    call *%rdx
    mov %rax, %rdi
resume: /* goroutine %rdi */
    mov %fs:rt_m_tls@tpoff, %rax
    mov %rdi, %fs:rt_g@tpoff
    ENTER %rax, %rdi, %rdx
    RESTORE
    ret
    .size rt_switch, . - rt_switch

/* _Noreturn void rt_switch_to(RtGoroutine *g) */
FUNCTION rt_switch_to
    mov %fs:rt_m_tls@tpoff, %rax
    and $-16, %rsp
    mov %rsp, M_SYSTEM_SP(%rax)
    jmp resume
    .size rt_switch_to, . - rt_switch_to

/* A new goroutine, its closure in %rbx. The chain of frame pointers ends here. */
FUNCTION rt_goroutine_begin
    xor %ebp, %ebp
    mov %rbx, %rdi
    call *(%rdi)
    mov %fs:rt_m_tls@tpoff, %rax
    mov M_G(%rax), %rdi
    LEAVE %rax, %rdi
    call rt_goroutine_end
    mov %rax, %rdi
    jmp resume
    .size rt_goroutine_begin, . - rt_goroutine_begin

/* Called by interrupted code (preempt.c), which left 128 bytes below its stack pointer alone: a frame like a function's,
 * then everything that rt_switch does not save. */
FUNCTION rt_preempt_entry
    push %rbp
    mov %rsp, %rbp
    pushfq
    push %rax
    push %rcx
    push %rdx
    push %rsi
    push %rdi
    push %r8
    push %r9
    push %r10
    push %r11
    sub $(256 + 8), %rsp
    and $-16, %rsp
.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    movaps %xmm\n, (16 * \n)(%rsp)
.endr
    cld
    mov rt_preempt_switch, %rdi
    call rt_switch
    .globl rt_preempt_return
rt_preempt_return:
.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    movaps (16 * \n)(%rsp), %xmm\n
.endr
    lea -80(%rbp), %rsp
    pop %r11
    pop %r10
    pop %r9
    pop %r8
    pop %rdi
    pop %rsi
    pop %rdx
    pop %rcx
    pop %rax
    popfq
    pop %rbp
    ret $128
    .size rt_preempt_entry, . - rt_preempt_entry

/* void rt_enter_syscall(void): the caller's registers go to the record, since its frame may not hold them. */
FUNCTION rt_enter_syscall
    mov %fs:rt_m_tls@tpoff, %rax
    mov M_G(%rax), %rax
    mov (%rsp), %rdx
    lea 8(%rsp), %rcx
    mov %rcx, G_SP(%rax)
    mov %r15, G_SAVED(%rax)
    mov %r14, G_SAVED + 8(%rax)
    mov %r13, G_SAVED + 16(%rax)
    mov %r12, G_SAVED + 24(%rax)
    mov %rbx, G_SAVED + 32(%rax)
    mov %rbp, G_SAVED + 40(%rax)
    mov %rdx, G_SAVED + 48(%rax)
    jmp rt_syscall_begin
    .size rt_enter_syscall, . - rt_enter_syscall

#endif
    .section .note.GNU-stack, "", %progbits
