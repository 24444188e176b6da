/* names.S: names of Go's library that stand for other functions, for none, or for static data. */

/* A function that is another one; a section each, so that what a program does not use is dropped. */
.macro ALIAS name, target
    .section ".text.hook.\name", "ax", %progbits
    .globl "\name"
    .type "\name", %function
"\name":
#if defined(__x86_64__)
    jmp "\target"
#else
    b "\target"
#endif
.endm

/* A function that does nothing. */
.macro EMPTY name
    .section ".text.hook.\name", "ax", %progbits
    .globl "\name"
    .type "\name", %function
"\name":
    ret
.endm

    ALIAS internal/chacha8rand.block, internal/chacha8rand.block_generic

    /* a frame of their own would be gone when the collector looks for it */
    ALIAS runtime.entersyscall, rt_enter_syscall
    ALIAS runtime.exitsyscall, rt_exit_syscall

    /* nothing is traced */
    EMPTY runtime/trace.userTaskCreate
    EMPTY runtime/trace.userTaskEnd
    EMPTY runtime/trace.userRegion
    EMPTY runtime/trace.userLog

    /* markers that a security review looks for in the object */
    EMPTY crypto/internal/boring/sig.BoringCrypto
    EMPTY crypto/internal/boring/sig.FIPSOnly
    EMPTY crypto/internal/boring/sig.StandardCrypto

/* An error variable of the runtime: an interface with an errorString in it. */
.macro ERROR name, text
    .section ".rodata.hook.\name", "a", %progbits
    .balign 8
    .globl "\name"
"\name":
    .8byte "go:itab.runtime.errorString,error", 7f
7:  .8byte 8f, 9f - 8f
8:  .ascii "\text"
9:
.endm
    ERROR runtime.overflowError, "integer overflow"
    ERROR runtime.divideError, "integer divide by zero"

/* reflect's zero values of up to this size share it. */
    .section .bss.hook.zero_val, "aw", %nobits
    .balign 16
    .globl runtime.zeroVal
runtime.zeroVal:
    .zero 1024

    .section .note.GNU-stack, "", %progbits
