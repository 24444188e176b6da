/* offsets.h: where assembly finds the fields of the scheduler's structs; stack.c and thread.c check the numbers. */
#ifndef GOO_OFFSETS_H
#define GOO_OFFSETS_H

#define G_SEGMENT 48
#define G_SP 72
#define G_PREEMPT 80
#define G_SAVED 88

#define M_G 16
#define M_SYSTEM_SP 24
#define M_ON_SYSTEM 32

#define SEGMENT_OUTER 0
#define SEGMENT_INNER 8
#define SEGMENT_LO 16
#define SEGMENT_HI 24
#define SEGMENT_SP 32
#define SEGMENT_ROOM 40

/* enum RtGrow */
#define GROW_HERE 0
#define GROW_NEXT 1
#define GROW_YIELD 2

#ifndef RT_TSAN
#define STACK_SLACK 1152
#else
#define STACK_SLACK (256 << 10)
#endif
#define STACK_LIMIT 0x70 /* in the thread's control block: where GCC's prologues look */

#endif
