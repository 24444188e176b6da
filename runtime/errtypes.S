/* errtypes.S: type descriptors that programs need without having asked for them: the runtime's error types, and the
 * types these are made of. Written in assembler because descriptors hold addresses of 32 bits.
 *
 * All are weak, under the names the compiler gives its own descriptors ("type:" + link string), so that a program has
 * one of each: whichever the linker meets first, the compiler's if there is one. Contents agree with ir/typedesc.c
 * (and hashes with hash_bytes of the link string). Methods are in errors.c, under their Go names, so that a Go package
 * named runtime can declare them without bodies. */

/* enum GoKind, GoTFlag */
#define GK_BOOL 1
#define GK_INT 2
#define GK_INT64 6
#define GK_UINT8 8
#define GK_FUNC 19
#define GK_INTERFACE 20
#define GK_POINTER 22
#define GK_STRING 24
#define GK_STRUCT 25
#define GK_UNSAFE_POINTER 26
#define DIRECT 32
#define TF_UNCOMMON 1
#define TF_NAMED 4
#define TF_REGULAR 8
#define EXPORTED 1

    .section .rodata.rt_errtypes, "a", %progbits

/* An encoded name: flags, length (below 128), bytes. */
.macro NAME label, flags, text
\label: .byte \flags, 9f - 8f
8:  .ascii "\text"
9:
.endm

    NAME name_runtime, 0, "runtime"
    NAME name_Error, EXPORTED, "Error"
    NAME name_RuntimeError, EXPORTED, "RuntimeError"

/* Pointers in the first word; in two; in four. */
mask_1: .byte 1
mask_2: .byte 3
mask_4: .byte 15

/* The common part. */
.macro TYPE sym, text, exported, size, ptr_bytes, hash, tflag, align, kind, equal, mask
    NAME 1, \exported, "\text"
    .balign 8
    .weak "\sym"
    .type "\sym", %object
"\sym":
    .8byte \size, \ptr_bytes
    .4byte \hash
    .byte \tflag, \align, \align, \kind
    .8byte \equal, \mask
    .4byte 1b, 0
.endm

.macro BASIC text, size, ptr_bytes, hash, tflag, kind, equal, mask
    TYPE "type:\text", "\text", 0, \size, \ptr_bytes, \hash, \tflag, (\size - (\size / 16) * 8), \kind, \equal, \mask
.endm

/* What follows the kind's struct in types with methods; methods begins behind whatever else follows. */
.macro UNCOMMON methods, count
7:  .4byte name_runtime
    .2byte \count, \count
    .4byte \methods - 7b, 0
.endm

.macro METHOD name, type, ifn, tfn
    .4byte \name, "\type", "\ifn", "\tfn"
.endm

/* The two methods of every error of the runtime. */
.macro ERROR_METHODS text, by_pointer, by_value
    METHOD name_Error, "type:func() string", "runtime.\by_pointer\().Error", "runtime.\by_value\().Error"
    METHOD name_RuntimeError, "type:func()", "runtime.\by_pointer\().RuntimeError", "runtime.\by_value\().RuntimeError"
.endm

/* ---- closures for equality ---- */
    .balign 8
equal_string: .8byte rt_alg_string_equal, 0
equal_iface: .8byte rt_alg_iface_equal, 0
equal_assertion: .8byte rt_assertion_error_equal, 0
equal_mem0: .8byte rt_alg_mem_equal, 0
equal_mem1: .8byte rt_alg_mem_equal, 1
equal_mem8: .8byte rt_alg_mem_equal, 8
equal_bounds: .8byte rt_alg_mem_equal, 18 /* without the padding behind code */

/* ---- types of the language ---- */
    BASIC "string", 16, 8, 0x959f1205, TF_NAMED, GK_STRING, equal_string, mask_1
    BASIC "int64", 8, 0, 0x70fd896a, (TF_NAMED | TF_REGULAR), GK_INT64, equal_mem8, 0
    BASIC "int", 8, 0, 0x0144baa4, (TF_NAMED | TF_REGULAR), GK_INT, equal_mem8, 0
    BASIC "bool", 1, 0, 0x86fd2055, (TF_NAMED | TF_REGULAR), GK_BOOL, equal_mem1, 0
    BASIC "uint8", 1, 0, 0xb004bcb4, (TF_NAMED | TF_REGULAR), GK_UINT8, equal_mem1, 0
    BASIC "unsafe.Pointer", 8, 8, 0xdb8aa94d, (TF_NAMED | TF_REGULAR), (GK_UNSAFE_POINTER | DIRECT), equal_mem8, mask_1

    TYPE "type:func() string", "func() string", 0, 8, 8, 0xace98a52, 0, 8, (GK_FUNC | DIRECT), 0, mask_1
    .2byte 0, 1
    .balign 8
    .8byte "type:string"
    TYPE "type:func()", "func()", 0, 8, 8, 0xe9842aa6, 0, 8, (GK_FUNC | DIRECT), 0, mask_1
    .2byte 0, 0
    .balign 8

    TYPE "type:error", "error", 0, 16, 16, 0x837f26d3, (TF_NAMED | TF_UNCOMMON), 8, GK_INTERFACE, equal_iface, mask_2
    .8byte 0, 6f, 1, 1
7:  .4byte 0
    .2byte 0, 0
    .4byte 6f - 7b, 0
6:  .4byte name_Error, "type:func() string"

/* ---- type errorString string, type plainError string ---- */
    TYPE "type:runtime.errorString", "runtime.errorString", 0, 16, 8, 0xd2dc857c, (TF_NAMED | TF_UNCOMMON), 8, GK_STRING, equal_string, mask_1
    UNCOMMON 6f, 2
6:  ERROR_METHODS errorString, (*errorString), errorString

    .weak "go:itab.runtime.errorString,error"
    .balign 8
"go:itab.runtime.errorString,error":
    .8byte "type:error", "type:runtime.errorString"
    .4byte 0xd2dc857c, 0
    .8byte "runtime.(*errorString).Error"

    TYPE "type:runtime.plainError", "runtime.plainError", 0, 16, 8, 0x1878bc6f, (TF_NAMED | TF_UNCOMMON), 8, GK_STRING, equal_string, mask_1
    UNCOMMON 6f, 2
6:  ERROR_METHODS plainError, (*plainError), plainError

/* ---- type boundsError struct { x int64; y int; signed bool; code boundsErrorCode } ---- */
    TYPE "type:runtime.boundsErrorCode", "runtime.boundsErrorCode", 0, 1, 0, 0x3e7ef150, (TF_NAMED | TF_UNCOMMON | TF_REGULAR), 1, GK_UINT8, equal_mem1, 0
    UNCOMMON 6f, 0
6:
    NAME field_x, 0, "x"
    NAME field_y, 0, "y"
    NAME field_signed, 0, "signed"
    NAME field_code, 0, "code"
    TYPE "type:runtime.boundsError", "runtime.boundsError", 0, 24, 0, 0x55941d20, (TF_NAMED | TF_UNCOMMON), 8, GK_STRUCT, equal_bounds, 0
    .8byte name_runtime, 5f, 4, 4
    UNCOMMON 6f, 2
5:  .8byte field_x, "type:int64", 0
    .8byte field_y, "type:int", 8
    .8byte field_signed, "type:bool", 16
    .8byte field_code, "type:runtime.boundsErrorCode", 17
6:  ERROR_METHODS boundsError, (*boundsError), boundsError

/* ---- type TypeAssertionError struct { _interface, concrete, asserted *_type; missingMethod string } ---- */
    NAME field_interface, 0, "_interface"
    NAME field_concrete, 0, "concrete"
    NAME field_asserted, 0, "asserted"
    NAME field_missing, 0, "missingMethod"
    TYPE "type:runtime.TypeAssertionError", "runtime.TypeAssertionError", EXPORTED, 40, 32, 0x66512bff, (TF_NAMED | TF_UNCOMMON), 8, GK_STRUCT, equal_assertion, mask_4
    .8byte name_runtime, 5f, 4, 4
    UNCOMMON 6f, 0
5:  .8byte field_interface, "type:unsafe.Pointer", 0
    .8byte field_concrete, "type:unsafe.Pointer", 8
    .8byte field_asserted, "type:unsafe.Pointer", 16
    .8byte field_missing, "type:string", 24
6:
    TYPE "type:*runtime.TypeAssertionError", "*runtime.TypeAssertionError", 0, 8, 8, 0x1bc423c3, (TF_UNCOMMON | TF_REGULAR), 8, (GK_POINTER | DIRECT), equal_mem8, mask_1
    .8byte "type:runtime.TypeAssertionError"
    UNCOMMON 6f, 2
6:  ERROR_METHODS TypeAssertionError, (*TypeAssertionError), (*TypeAssertionError)

/* ---- type PanicNilError struct {} ---- */
    TYPE "type:runtime.PanicNilError", "runtime.PanicNilError", EXPORTED, 0, 0, 0xcbbf32a8, (TF_NAMED | TF_UNCOMMON | TF_REGULAR), 1, GK_STRUCT, equal_mem0, 0
    .8byte 0, 0, 0, 0
    UNCOMMON 6f, 0
6:
    TYPE "type:*runtime.PanicNilError", "*runtime.PanicNilError", 0, 8, 8, 0x9b72a9ec, (TF_UNCOMMON | TF_REGULAR), 8, (GK_POINTER | DIRECT), equal_mem8, mask_1
    .8byte "type:runtime.PanicNilError"
    UNCOMMON 6f, 2
6:  ERROR_METHODS PanicNilError, (*PanicNilError), (*PanicNilError)

    .section .note.GNU-stack, "", %progbits
