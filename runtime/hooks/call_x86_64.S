/* call_x86_64.S: see call.h. */
#include "runtime/hooks/call.h"
#if defined(__x86_64__)
    .section .text.rt_call_code, "ax", @progbits
    .globl rt_call_code
    .type rt_call_code, @function
    .balign 16
rt_call_code:
    push %rbp
    mov %rsp, %rbp
    push %rbx
    sub $8, %rsp
    mov %rsi, %rbx
    mov %rdi, %rax
    lea 15(,%rcx,8), %r8
    and $-16, %r8
    sub %r8, %rsp
    mov %rdx, %rsi
    mov %rsp, %rdi
    rep movsq
    mov %rax, %r11
    .irp i, 0,1,2,3,4,5,6,7
    movsd 8*(RT_CALL_INTS+\i)(%rbx), %xmm\i
    .endr
    mov 0(%rbx), %rdi
    mov 8(%rbx), %rsi
    mov 16(%rbx), %rdx
    mov 24(%rbx), %rcx
    mov 32(%rbx), %r8
    mov 40(%rbx), %r9
    movq $3f, rt_call_code_return
    call *%r11
3:
    mov %rax, 8*(RT_CALL_INTS+RT_CALL_FLOATS)(%rbx)
    mov %rdx, 8*(RT_CALL_INTS+RT_CALL_FLOATS+1)(%rbx)
    movsd %xmm0, 8*(RT_CALL_INTS+RT_CALL_FLOATS+2)(%rbx)
    movsd %xmm1, 8*(RT_CALL_INTS+RT_CALL_FLOATS+3)(%rbx)
    mov -8(%rbp), %rbx
    leave
    ret
    .size rt_call_code, . - rt_call_code

    .section .text.rt_func_stubs, "ax", @progbits
    .globl rt_func_stubs
    .balign 16
rt_func_stubs:
    .set place, 0
    .rept 2 * RT_CALL_PLACES
    .balign RT_CALL_STUB
    mov $place, %eax
    jmp 1f
    .set place, place + 1
    .endr
1:  push %rbp
    mov %rsp, %rbp
    sub $(8*(RT_CALL_INTS+RT_CALL_FLOATS+4)), %rsp
    mov %rdi, 0(%rsp)
    mov %rsi, 8(%rsp)
    mov %rdx, 16(%rsp)
    mov %rcx, 24(%rsp)
    mov %r8, 32(%rsp)
    mov %r9, 40(%rsp)
    .irp i, 0,1,2,3,4,5,6,7
    movsd %xmm\i, 8*(RT_CALL_INTS+\i)(%rsp)
    .endr
    mov %rsp, %rdi
    lea 16(%rbp), %rsi
    mov %eax, %edx
    movq $2f, rt_func_called_return
    call rt_func_called
2:
    mov 8*(RT_CALL_INTS+RT_CALL_FLOATS)(%rsp), %rax
    mov 8*(RT_CALL_INTS+RT_CALL_FLOATS+1)(%rsp), %rdx
    movsd 8*(RT_CALL_INTS+RT_CALL_FLOATS+2)(%rsp), %xmm0
    movsd 8*(RT_CALL_INTS+RT_CALL_FLOATS+3)(%rsp), %xmm1
    leave
    ret
#endif
    .section .note.GNU-stack, "", %progbits
