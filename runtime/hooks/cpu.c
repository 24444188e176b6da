/* cpu.c: what the processor can do, for internal/cpu and golang.org/x/sys/cpu. */
#include "runtime/hooks/hooks.h"

HOOK("runtime.getAuxv", GoSlice, runtime_auxv, (void)) { return (GoSlice){0}; }

#if defined(__x86_64__)
#include <cpuid.h>

typedef struct CpuId { uint32_t eax, ebx, ecx, edx; } CpuId;
static CpuId cpu_id(uint32_t eax, uint32_t ecx) {
    CpuId r;
    __cpuid_count(eax, ecx, r.eax, r.ebx, r.ecx, r.edx);
    return r;
}

typedef struct Xcr { uint32_t eax, edx; } Xcr;
static Xcr xcr(void) {
    Xcr r;
    __asm__ volatile("xgetbv" : "=a"(r.eax), "=d"(r.edx) : "c"(0));
    return r;
}

HOOK("internal/cpu.cpuid", CpuId, cpu_cpuid, (uint32_t eax, uint32_t ecx)) { return cpu_id(eax, ecx); }
HOOK("vendor/golang.org/x/sys/cpu.cpuid", CpuId, xcpu_cpuid, (uint32_t eax, uint32_t ecx)) { return cpu_id(eax, ecx); }
HOOK("internal/cpu.xgetbv", Xcr, cpu_xgetbv, (void)) { return xcr(); }
HOOK("vendor/golang.org/x/sys/cpu.xgetbv", Xcr, xcpu_xgetbv, (void)) { return xcr(); }
HOOK("internal/cpu.getGOAMD64level", int32_t, cpu_level, (void)) { return 1; }
#endif
