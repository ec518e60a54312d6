/* SPDX-License-Identifier: MIT */
/* Chooses the instruction set: the best of the processor, or the one requested by the caller or by
 * $EDGEGRAD_CPU. */
#include "core/cpu.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/status.h"

/* The dynamic linker of glibc has asked the processor already; asking again (CPUID) traps into the
 * hypervisor of a virtual machine, which takes as long as opening a file. */
#if defined(__x86_64__) && __has_include(<sys/platform/x86.h>)
#include <sys/platform/x86.h>

/* Does what glibc's CPU_FEATURE_ACTIVE() does, whose shift of a signed 1 by 31 is undefined. */
static bool is_active(unsigned index)
{
    enum { WORD = 8 * sizeof(unsigned), LEAF = 4 * WORD };
    const struct cpuid_feature *leaf = __x86_get_cpuid_feature_leaf(index / LEAF);
    return leaf->active_array[index % LEAF / WORD] >> index % WORD & 1;
}

#define HAS(glibc_name, gcc_name) is_active(x86_cpu_##glibc_name)
#elif defined(__x86_64__)
#define HAS(glibc_name, gcc_name) (__builtin_cpu_init(), __builtin_cpu_supports(gcc_name))
#endif

const char *const eg_cpu_names[EG_CPU_LEVELS] = {"baseline", "v3", "v4"};

bool eg_cpu_has(eg_cpu_level level)
{
#if defined(__x86_64__)
    bool v3 = HAS(AVX2, "avx2") && HAS(BMI1, "bmi") && HAS(BMI2, "bmi2") && HAS(FMA, "fma");
    bool v4 = v3 && HAS(AVX512F, "avx512f") && HAS(AVX512BW, "avx512bw") &&
              HAS(AVX512CD, "avx512cd") && HAS(AVX512DQ, "avx512dq") && HAS(AVX512VL, "avx512vl");
    return level == EG_CPU_BASELINE || (level == EG_CPU_V3 && v3) || (level == EG_CPU_V4 && v4);
#else
    return level == EG_CPU_BASELINE;
#endif
}

static eg_cpu_level best_level(void)
{
    eg_cpu_level level = EG_CPU_LEVELS - 1;
    while (!eg_cpu_has(level))
        level--;
    return level;
}

eg_status eg_cpu_pick(eg_cpu_level *level, const char *name, eg_error *error)
{
    const bool by_caller = name != NULL;
    if (!by_caller)
        name = getenv("EDGEGRAD_CPU");
    if (!name || !*name) {
        *level = best_level();
        return EG_OK;
    }
    for (int i = 0; i < EG_CPU_LEVELS; i++) {
        if (strcmp(name, eg_cpu_names[i]) != 0)
            continue;
        *level = (eg_cpu_level)i;
        if (eg_cpu_has(*level))
            return EG_OK;
        return eg_fail(error, EG_USAGE,
                       "%sthis processor lacks the instruction set '%s'; '%s' is its best",
                       by_caller ? "" : "EDGEGRAD_CPU: ", name, eg_cpu_names[best_level()]);
    }
    return eg_fail(error, EG_USAGE, "%sunknown instruction set '%s'; it is baseline, v3 or v4",
                   by_caller ? "" : "EDGEGRAD_CPU: ", name);
}

/* The set of processors allowed may be too large for a cpu_set_t, of 1024; the number of those in
 * operation is used then. */
int eg_processor_count(void)
{
    long count = 0;
#if defined(CPU_COUNT) && !defined(__wasm__)
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) == 0)
        count = CPU_COUNT(&allowed);
#endif
    if (count < 1)
        count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > EG_MAX_THREADS ? EG_MAX_THREADS : (int)count;
}
