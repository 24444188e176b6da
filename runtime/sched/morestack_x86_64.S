/* morestack_x86_64.S: functions that find no room on their segment continue on the next; changes between a goroutine's
 * stack and the system stack.
 *
 * GCC's -fsplit-stack prologue compares the stack pointer (less the frame, for frames from 256 bytes) with the limit
 * at %fs:0x70. Without room it does
 *      mov $frame, %r10; mov $argument_bytes, %r11; call __morestack; ret; body: ...
 * so __morestack's return address points at the `ret`, and one byte further the function's body is reached.
 * __morestack copies the stack arguments to the next segment, calls the body there, and when that returns goes back
 * to the segment before and to the `ret`. Calls and returns stay paired, as the processor's predictor wants them.
 * Arguments in rdi rsi rdx rcx r8 r9 rax xmm0-7 stay untouched on the way in, results in rax rdx xmm0 xmm1 on the way
 * out. Functions with a variable number of arguments must not be split: they would look for them at rbp.
 *
 * Frame pointers: the body's frame is followed by __morestack's (with the return address rt_morestack_return), which
 * stands on the outer segment and holds the caller's frame pointer and return address like any other.
 *
 * A signal that asks for preemption while a limit is being changed has set g->preempt, which is looked at last. */
#if defined(__x86_64__)
#include "runtime/registers.h"
#include "runtime/sched/offsets.h"
    .text

.macro FUNCTION name
    .globl \name
    .type \name, @function
    .balign 16
\name:
.endm

/* Puts a segment's limit in force, as rt_stack_limit_restore does. */
.macro RESTORE_LIMIT g, segment, tmp
    mov SEGMENT_LO(\segment), \tmp
    add $STACK_SLACK, \tmp
    mov \tmp, %fs:STACK_LIMIT
    cmpb $0, G_PREEMPT(\g)
    je 9f
    movq $-1, %fs:STACK_LIMIT
9:
.endm

/* To the system stack. */
.macro TO_SYSTEM_STACK m
    movb $1, M_ON_SYSTEM(\m)
    movq $0, %fs:STACK_LIMIT
    mov M_SYSTEM_SP(\m), %rsp
    and $-16, %rsp
.endm
/* Back to the goroutine's stack, at \sp. */
.macro TO_GOROUTINE sp, g, m
    mov %fs:rt_m_tls@tpoff, \m
    mov %fs:rt_g@tpoff, \g
    movb $0, M_ON_SYSTEM(\m)
    mov \sp, %rsp
    mov G_SEGMENT(\g), \m
    RESTORE_LIMIT \g, \m, \m
.endm

/* ---- growing ---- */

    FUNCTION __morestack
    pushq 8(%rsp)                       /* the frame: return address into the caller, the caller's frame */
    push %rbp
    mov %rsp, %rbp
    add %r11, %r10                      /* bytes that the next segment must have room for */
    cmpq $-1, %fs:STACK_LIMIT
    je slow
find_next:
    push %rdi
    push %rsi
    push %rcx
    mov %fs:rt_g@tpoff, %rdi
    mov G_SEGMENT(%rdi), %rsi
    mov SEGMENT_INNER(%rsi), %rcx
    test %rcx, %rcx
    jz none
    cmp SEGMENT_ROOM(%rcx), %r10
    ja none
    mov %rbp, SEGMENT_SP(%rsi)
    mov %rcx, G_SEGMENT(%rdi)
    RESTORE_LIMIT %rdi, %rcx, %r10
    mov SEGMENT_HI(%rcx), %r10
    test %r11, %r11
    jnz copy_arguments
enter_next:                             /* the stack pointer there is r10 */
    pop %rcx
    pop %rsi
    pop %rdi
    mov %r10, %rsp
    mov 16(%rbp), %r10
    inc %r10
    call *%r10
    .globl rt_morestack_return
rt_morestack_return:
    mov %rbp, %rsp
    mov %fs:rt_g@tpoff, %r10
    mov G_SEGMENT(%r10), %r11
    mov SEGMENT_OUTER(%r11), %r11
    mov %r11, G_SEGMENT(%r10)
    RESTORE_LIMIT %r10, %r11, %r11
    pop %rbp
    add $8, %rsp
    ret

copy_arguments:
    lea 15(%r11), %rsi
    and $-16, %rsi
    sub %rsi, %r10
1:  mov 24(%rbp, %r11), %rsi
    mov %rsi, -8(%r10, %r11)
    sub $8, %r11
    jnz 1b
    jmp enter_next

/* No segment fits, or preemption is asked for: rt_morestack decides. Everything that holds arguments is saved, below a
 * frame as if the function had called, for whoever walks the stack meanwhile. */
none:
    pop %rcx
    pop %rsi
    pop %rdi
slow:
    pushq 16(%rbp)
    push %rbp
    mov %rsp, %rbp
    push %rdi
    push %rsi
    push %rdx
    push %rcx
    push %r8
    push %r9
    push %rax
    push %r10
    push %r11
    push %rbx
    sub $128, %rsp
.irp n, 0, 1, 2, 3, 4, 5, 6, 7
    movaps %xmm\n, (16 * \n)(%rsp)
.endr
ask:
    mov -64(%rbp), %rdi
    mov -72(%rbp), %rsi
    mov %rbp, %rdx
    mov %fs:rt_m_tls@tpoff, %rax
    mov %rsp, %rbx                      /* not g->sp, which the collector reads during a system call */
    TO_SYSTEM_STACK %rax
    call rt_morestack
    TO_GOROUTINE %rbx, %rcx, %rdx
    cmp $GROW_YIELD, %eax
    je yield
    cmp $GROW_NEXT, %eax                /* nothing changes the flags until the jump */
.irp n, 0, 1, 2, 3, 4, 5, 6, 7
    movaps (16 * \n)(%rsp), %xmm\n
.endr
    lea 128(%rsp), %rsp
    pop %rbx
    pop %r11
    pop %r10
    pop %rax
    pop %r9
    pop %r8
    pop %rcx
    pop %rdx
    pop %rsi
    pop %rdi
    pop %rbp
    lea 8(%rsp), %rsp
    je find_next
    pop %rbp                            /* there is room after all */
    pop %r10
    pop %r10
    inc %r10
    jmp *%r10

yield:
    call rt_preempt_park
    jmp ask
    .size __morestack, . - __morestack

/* ---- to the system stack ---- */

/* void rt_system_stack(void (*fn)(void *), void *arg) */
    FUNCTION rt_system_stack
    mov %fs:rt_g@tpoff, %rcx
    mov %fs:rt_m_tls@tpoff, %rdx
    mov %rdi, %rax
    mov %rsi, %rdi
    cmpb $0, M_ON_SYSTEM(%rdx)
    jne 1f
    test %rcx, %rcx
    jz 1f
    cmpq $0, G_SEGMENT(%rcx)
    je 1f                               /* a goroutine on a stack of the system's: as good */
    push %rbp
    mov %rsp, %rbp
    push %rbx                           /* for the collector, which scans from g->sp on */
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, G_SP(%rcx)
    TO_SYSTEM_STACK %rdx
    call *%rax
    TO_GOROUTINE %rbp, %rcx, %rdx
    pop %rbp
    ret
1:  jmp *%rax
    .size rt_system_stack, . - rt_system_stack

/* void rt_stack_enter(RtGoroutine *g, void (*fn)(void *), void *arg) */
    FUNCTION rt_stack_enter
    push %rbp
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rdi, %rbx
    mov %rsi, %rax
    mov %fs:rt_m_tls@tpoff, %rcx
    mov %rsp, M_SYSTEM_SP(%rcx)
    movb $0, M_ON_SYSTEM(%rcx)
    mov G_SEGMENT(%rbx), %rcx
    mov SEGMENT_HI(%rcx), %rsp
    RESTORE_LIMIT %rbx, %rcx, %rsi
    mov %rdx, %rdi
    xor %ebp, %ebp                      /* frames end here */
    call *%rax
    movq $0, %fs:STACK_LIMIT
    mov %fs:rt_m_tls@tpoff, %rcx
    movb $1, M_ON_SYSTEM(%rcx)
    mov M_SYSTEM_SP(%rcx), %rsp
    RESTORE
    ret
    .size rt_stack_enter, . - rt_stack_enter

#endif
    .section .note.GNU-stack, "", %progbits
