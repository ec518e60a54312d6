/* SPDX-License-Identifier: MIT */
/* The allocator of the drawing process, and the redirection of libraries to it. */
#include "plot/process/private_memory.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/arena.h"

enum { CHUNKS = 64 };

static const size_t first_chunk = (size_t)1 << 20;

/* The pages of the process. */
static eg_arena arena;
static struct {
    uintptr_t start;
    size_t bytes;
} chunks[CHUNKS];
static size_t chunk_count, mapped;

/* ---- memory ---- */

/* Gives the arena more pages, or ends the process. Each chunk is as large as all before. */
static void enlarge(size_t bytes)
{
    size_t size = mapped > first_chunk ? mapped : first_chunk;
    size = bytes > size ? (bytes + 4095) & ~(size_t)4095 : size;
    void *pages = chunk_count < CHUNKS && size >= bytes
                      ? mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                      : MAP_FAILED;
    if (pages == MAP_FAILED)
        _exit(EG_PAINTER_MEMORY);
    chunks[chunk_count].start = (uintptr_t)pages;
    chunks[chunk_count++].bytes = size;
    mapped += size;
    arena.next = pages;
    arena.left = size;
}

static void *allocate(size_t size, size_t alignment)
{
    void *block = eg_arena_take(&arena, size, alignment);
    if (!block) {
        enlarge(eg_arena_need(size, alignment));
        block = eg_arena_take(&arena, size, alignment);
    }
    if (!block)
        _exit(EG_PAINTER_MEMORY);
    return block;
}

static bool is_own(const void *block)
{
    for (size_t i = chunk_count; i-- > 0;)
        if ((uintptr_t)block - chunks[i].start < chunks[i].bytes)
            return true;
    return false;
}

static void *own_malloc(size_t size)
{
    return allocate(size, 1);
}

static void *own_calloc(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        _exit(EG_PAINTER_MEMORY);
    return memset(allocate(bytes, 1), 0, bytes);
}

/* Leaves the memory of the program alone: its lists may be in disorder, as another thread of it was
 * stopped while it changed them. */
static void own_free(void *block)
{
    if (block && is_own(block))
        eg_arena_give(&arena, block);
}

static size_t own_usable_size(void *block)
{
    return !block ? 0 : is_own(block) ? eg_arena_size(block) : malloc_usable_size(block);
}

static void *own_realloc(void *block, size_t size)
{
    size_t old = own_usable_size(block);
    void *moved = allocate(size, 1);
    if (block)
        memcpy(moved, block, old < size ? old : size);
    own_free(block);
    return moved;
}

static void *own_memalign(size_t alignment, size_t size)
{
    return allocate(size, alignment);
}

static int own_posix_memalign(void **block, size_t alignment, size_t size)
{
    *block = allocate(size, alignment);
    return 0;
}

/* ---- files ---- */

/* Ends the process if a file could not be opened or read for want of something. */
static void require(bool succeeded)
{
    if (succeeded)
        return;
    if (errno == ENOMEM)
        _exit(EG_PAINTER_MEMORY);
    if (errno == EMFILE || errno == ENFILE)
        _exit(EG_PAINTER_FILES);
    if (errno == EIO)
        _exit(EG_PAINTER_READ);
}

static int own_open(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    int fd = open(path, flags, va_arg(args, unsigned));
    va_end(args);
    require(fd >= 0);
    return fd;
}

static int own_openat(int folder, const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    int fd = openat(folder, path, flags, va_arg(args, unsigned));
    va_end(args);
    require(fd >= 0);
    return fd;
}

/* The open() of sources that are compiled with _FORTIFY_SOURCE. */
static int own_open_2(const char *path, int flags)
{
    int fd = open(path, flags, 0);
    require(fd >= 0);
    return fd;
}

static FILE *own_fopen(const char *path, const char *mode)
{
    FILE *file = fopen(path, mode);
    require(file != NULL);
    return file;
}

static DIR *own_opendir(const char *path)
{
    DIR *folder = opendir(path);
    require(folder != NULL);
    return folder;
}

static struct dirent *own_readdir(DIR *folder)
{
    errno = 0;
    struct dirent *entry = readdir(folder);
    require(entry != NULL || errno == 0);
    return entry;
}

static int own_stat(const char *path, struct stat *about)
{
    int result = stat(path, about);
    require(result == 0);
    return result;
}

static int own_lstat(const char *path, struct stat *about)
{
    int result = lstat(path, about);
    require(result == 0);
    return result;
}

static int own_fstat(int fd, struct stat *about)
{
    int result = fstat(fd, about);
    require(result == 0);
    return result;
}

static int own_access(const char *path, int mode)
{
    int result = access(path, mode);
    require(result == 0);
    return result;
}

static ssize_t own_readlink(const char *path, char *target, size_t size)
{
    ssize_t length = readlink(path, target, size);
    require(length >= 0);
    return length;
}

static ssize_t own_read(int fd, void *bytes, size_t size)
{
    ssize_t got = read(fd, bytes, size);
    require(got >= 0);
    return got;
}

static void *own_mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset)
{
    void *pages = mmap(address, size, protection, flags, fd, offset);
    require(pages != MAP_FAILED);
    return pages;
}

/* ---- imports ---- */

#if defined(__x86_64__)
enum { IMPORT_DATA = R_X86_64_GLOB_DAT, IMPORT_CALL = R_X86_64_JUMP_SLOT };
#elif defined(__aarch64__)
enum { IMPORT_DATA = R_AARCH64_GLOB_DAT, IMPORT_CALL = R_AARCH64_JUMP_SLOT };
#else
enum { IMPORT_DATA = -1, IMPORT_CALL = -1 };
#endif

/* The functions that are replaced; those of files only outside of this library. */
static const struct {
    const char *name;
    void *own;
    bool of_files;
} functions[] = {
    {"malloc", (void *)own_malloc, false},
    {"calloc", (void *)own_calloc, false},
    {"realloc", (void *)own_realloc, false},
    {"free", (void *)own_free, false},
    {"memalign", (void *)own_memalign, false},
    {"aligned_alloc", (void *)own_memalign, false},
    {"posix_memalign", (void *)own_posix_memalign, false},
    {"malloc_usable_size", (void *)own_usable_size, false},
    {"open", (void *)own_open, true},
    {"open64", (void *)own_open, true},
    {"__open_2", (void *)own_open_2, true},
    {"__open64_2", (void *)own_open_2, true},
    {"openat", (void *)own_openat, true},
    {"openat64", (void *)own_openat, true},
    {"fopen", (void *)own_fopen, true},
    {"fopen64", (void *)own_fopen, true},
    {"opendir", (void *)own_opendir, true},
    {"readdir", (void *)own_readdir, true},
    {"readdir64", (void *)own_readdir, true},
    {"stat", (void *)own_stat, true},
    {"stat64", (void *)own_stat, true},
    {"lstat", (void *)own_lstat, true},
    {"lstat64", (void *)own_lstat, true},
    {"fstat", (void *)own_fstat, true},
    {"fstat64", (void *)own_fstat, true},
    {"access", (void *)own_access, true},
    {"readlink", (void *)own_readlink, true},
    {"read", (void *)own_read, true},
    {"mmap", (void *)own_mmap, true},
    {"mmap64", (void *)own_mmap, true},
};

typedef struct search {
    eg_import *imports;
    size_t count;
    bool full;
    uintptr_t own_base; /* of this library */
} search;

/* The tables of a loaded library. */
typedef struct tables {
    uintptr_t base;
    const char *names;
    const ElfW(Sym) * symbols;
    const ElfW(Rela) * data, *calls;
    size_t data_bytes, call_bytes;
} tables;

/* Returns the pointer with this address. */
static void *pointer_to(uintptr_t address)
{
    void *pointer;
    memcpy(&pointer, &address, sizeof pointer);
    return pointer;
}

static void add_imports(search *s, const tables *t, const ElfW(Rela) * relocations, size_t bytes)
{
    for (size_t i = 0; relocations && i < bytes / sizeof *relocations; i++) {
        unsigned long type = ELF64_R_TYPE(relocations[i].r_info);
        if (type != (unsigned long)IMPORT_DATA && type != (unsigned long)IMPORT_CALL)
            continue;
        const char *name = t->names + t->symbols[ELF64_R_SYM(relocations[i].r_info)].st_name;
        for (size_t k = 0; k < sizeof functions / sizeof *functions; k++) {
            if (strcmp(name, functions[k].name) != 0)
                continue;
            if (functions[k].of_files && t->base == s->own_base)
                continue;
            s->full |= s->count == EG_IMPORTS;
            if (!s->full)
                s->imports[s->count++] =
                    (eg_import){pointer_to(t->base + relocations[i].r_offset), functions[k].own};
        }
    }
}

/* Returns the address of a table; some C libraries leave it relative to the library. */
static const void *table_at(uintptr_t base, uintptr_t address)
{
    return pointer_to(address < base ? base + address : address);
}

static int search_library(struct dl_phdr_info *info, size_t size, void *opaque)
{
    const ElfW(Dyn) *dynamic = NULL;
    tables t = {.base = info->dlpi_addr};
    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
            dynamic = pointer_to(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
    for (; dynamic && dynamic->d_tag != DT_NULL; dynamic++) {
        uintptr_t value = dynamic->d_un.d_val;
        switch (dynamic->d_tag) {
        case DT_STRTAB:
            t.names = table_at(t.base, value);
            break;
        case DT_SYMTAB:
            t.symbols = table_at(t.base, value);
            break;
        case DT_RELA:
            t.data = table_at(t.base, value);
            break;
        case DT_RELASZ:
            t.data_bytes = value;
            break;
        case DT_JMPREL:
            t.calls = table_at(t.base, value);
            break;
        case DT_PLTRELSZ:
            t.call_bytes = value;
            break;
        default:
            break;
        }
    }
    if (t.names && t.symbols) {
        add_imports(opaque, &t, t.data, t.data_bytes);
        add_imports(opaque, &t, t.calls, t.call_bytes);
    }
    return 0;
}

size_t eg_imports_find(eg_import imports[EG_IMPORTS])
{
    Dl_info own;
    search s = {.imports = imports};
    if (dladdr((const void *)functions, &own))
        s.own_base = (uintptr_t)own.dli_fbase;
    dl_iterate_phdr(search_library, &s);
    return s.full ? 0 : s.count;
}

void eg_imports_redirect(const eg_import imports[], size_t count)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (size_t i = 0; i < count; i++) {
        char *place = (char *)imports[i].place;
        if (mprotect(place - ((uintptr_t)place & (page - 1)), page, PROT_READ | PROT_WRITE) != 0)
            _exit(EG_PAINTER_MEMORY);
        *imports[i].place = imports[i].own;
    }
}
