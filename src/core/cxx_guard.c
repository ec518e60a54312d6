/* SPDX-License-Identifier: MIT */
/*
 * A frame that catches C++ exceptions, by the interface of the unwinder (Itanium C++ ABI: Exception
 * Handling, section 1). The unwinder asks a frame's personality function whether it has a handler.
 * No C++ compiler is needed, and libgcc_s, the unwinder, is only looked for if it is loaded, as it
 * is with every library of C++.
 */
#include "core/cxx_guard.h"

#if defined(__x86_64__) && defined(__linux__)

#include <dlfcn.h>
#include <stdint.h>
#include <string.h>
#include <unwind.h>

/* Calls step(opaque) and returns 0; returns 1 at `landing`, if an exception is caught. */
int eg_cxx_call(void (*step)(void *opaque), void *opaque);
extern const char eg_cxx_landing[];
_Unwind_Reason_Code eg_cxx_personality(int version, _Unwind_Action actions,
                                       _Unwind_Exception_Class kind,
                                       struct _Unwind_Exception *thrown,
                                       struct _Unwind_Context *context);
void eg_cxx_release(struct _Unwind_Exception *thrown);

__asm__(".text\n"
        ".globl eg_cxx_call\n"
        ".hidden eg_cxx_call\n"
        ".type eg_cxx_call, @function\n"
        "eg_cxx_call:\n"
        "    .cfi_startproc\n"
        "    .cfi_personality 0x1b, eg_cxx_personality\n" /* relative to its place, 4 bytes */
        "    endbr64\n"
        "    sub $8, %rsp\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    mov %rdi, %rax\n"
        "    mov %rsi, %rdi\n"
        "    call *%rax\n"
        "    xor %eax, %eax\n"
        "    jmp 1f\n"
        ".globl eg_cxx_landing\n"
        ".hidden eg_cxx_landing\n"
        "eg_cxx_landing:\n"
        "    endbr64\n"
        "    mov %rax, %rdi\n"
        "    call eg_cxx_release\n"
        "    mov $1, %eax\n"
        "1:  add $8, %rsp\n"
        "    .cfi_adjust_cfa_offset -8\n"
        "    ret\n"
        "    .cfi_endproc\n"
        ".size eg_cxx_call, . - eg_cxx_call\n");

/* Returns a function of the unwinder; NULL: it is not loaded, so that nothing can be thrown. */
static void *unwinder_function(const char *name)
{
    void *library = dlopen("libgcc_s.so.1", RTLD_LAZY | RTLD_NOLOAD);
    void *found = library ? dlsym(library, name) : NULL;
    if (library)
        dlclose(library);
    return found;
}

/* Functions of the unwinder, set before a step may throw. */
typedef struct unwinder {
    void (*set_register)(struct _Unwind_Context *, int, _Unwind_Word);
    void (*set_address)(struct _Unwind_Context *, _Unwind_Ptr);
    void (*release)(struct _Unwind_Exception *);
} unwinder;

static _Thread_local unwinder functions;

static bool find_unwinder(void)
{
    void *found[3] = {unwinder_function("_Unwind_SetGR"), unwinder_function("_Unwind_SetIP"),
                      unwinder_function("_Unwind_DeleteException")};
    memcpy(&functions, found, sizeof found);
    return found[0] && found[1] && found[2];
}

_Unwind_Reason_Code eg_cxx_personality(int version, _Unwind_Action actions,
                                       _Unwind_Exception_Class kind,
                                       struct _Unwind_Exception *thrown,
                                       struct _Unwind_Context *context)
{
    (void)kind;
    if (version != 1 || (actions & _UA_FORCE_UNWIND) || !functions.set_address)
        return _URC_CONTINUE_UNWIND;
    if (actions & _UA_SEARCH_PHASE)
        return _URC_HANDLER_FOUND;
    if (!(actions & _UA_HANDLER_FRAME))
        return _URC_CONTINUE_UNWIND;
    functions.set_register(context, __builtin_eh_return_data_regno(0),
                           (_Unwind_Word)(uintptr_t)thrown);
    functions.set_address(context, (_Unwind_Ptr)(uintptr_t)eg_cxx_landing);
    return _URC_INSTALL_CONTEXT;
}

void eg_cxx_release(struct _Unwind_Exception *thrown)
{
    functions.release(thrown);
}

bool eg_cxx_guard(void (*step)(void *opaque), void *opaque)
{
    if (!functions.set_address && !find_unwinder())
        memset(&functions, 0, sizeof functions);
    return eg_cxx_call(step, opaque) == 0;
}

#else

bool eg_cxx_guard(void (*step)(void *opaque), void *opaque)
{
    step(opaque);
    return true;
}

#endif
