/* SPDX-License-Identifier: MIT */
/*
 * A library for LD_PRELOAD that counts the calls of a program which can fail, and makes chosen ones
 * fail. tests/torture/torture.py runs the command with it; README.md describes its variables.
 *
 * Functions that allocate memory or start threads are replaced. System calls are caught by a
 * seccomp filter that raises SIGSYS, because the C library makes many of them without a symbol that
 * could be replaced: stdio's writes, dlopen()'s opens and mmaps. The filter looks only at calls
 * from the text of the C library and the dynamic loader, so that the calls of this file pass, and
 * those of a program started by execve(), whose libraries are elsewhere.
 *
 * Counting begins with main(). The counts are in a file shared with forked processes, and stay
 * readable however the program ends.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define EXPORT       __attribute__((visibility("default")))

typedef enum call_class {
    CLASS_MALLOC,
    CLASS_THREAD,
    CLASS_MMAP,
    CLASS_OPEN,
    CLASS_READ,
    CLASS_WRITE,
    CLASS_CLOSE,
    CLASS_FSYNC,
    CLASS_RENAME,
    CLASS_STAT,
    CLASS_TRUNCATE,
    CLASS_DIRECTORY,
    CLASS_COUNT
} call_class;

/* Name and usual error of each class. */
static const struct {
    const char *name;
    int error;
} classes[CLASS_COUNT] = {
    [CLASS_MALLOC] = {"malloc", ENOMEM},
    [CLASS_THREAD] = {"thread", EAGAIN},
    [CLASS_MMAP] = {"mmap", ENOMEM},
    [CLASS_OPEN] = {"open", EMFILE},
    [CLASS_READ] = {"read", EIO},
    [CLASS_WRITE] = {"write", ENOSPC},
    [CLASS_CLOSE] = {"close", EIO},
    [CLASS_FSYNC] = {"fsync", EIO},
    [CLASS_RENAME] = {"rename", EIO},
    [CLASS_STAT] = {"stat", EIO},
    [CLASS_TRUNCATE] = {"truncate", ENOSPC},
    [CLASS_DIRECTORY] = {"directory", EIO},
};

static const struct {
    const char *name;
    int value;
} errors[] = {{"ENOMEM", ENOMEM}, {"EIO", EIO},       {"ENOSPC", ENOSPC}, {"EMFILE", EMFILE},
              {"ENFILE", ENFILE}, {"EAGAIN", EAGAIN}, {"EACCES", EACCES}, {"EDQUOT", EDQUOT}};

/* The system calls of each class. */
static const struct {
    int number;
    call_class class;
} calls[] = {
#ifdef SYS_open
    {SYS_open, CLASS_OPEN},
    {SYS_creat, CLASS_OPEN},
    {SYS_rename, CLASS_RENAME},
    {SYS_link, CLASS_RENAME},
    {SYS_stat, CLASS_STAT},
    {SYS_lstat, CLASS_STAT},
    {SYS_mkdir, CLASS_DIRECTORY},
#endif
    {SYS_openat, CLASS_OPEN},
    {SYS_read, CLASS_READ},
    {SYS_pread64, CLASS_READ},
    {SYS_readv, CLASS_READ},
    {SYS_write, CLASS_WRITE},
    {SYS_pwrite64, CLASS_WRITE},
    {SYS_writev, CLASS_WRITE},
    {SYS_close, CLASS_CLOSE},
    {SYS_fsync, CLASS_FSYNC},
    {SYS_fdatasync, CLASS_FSYNC},
    {SYS_renameat, CLASS_RENAME},
    {SYS_renameat2, CLASS_RENAME},
    {SYS_linkat, CLASS_RENAME},
    {SYS_fstat, CLASS_STAT},
    {SYS_newfstatat, CLASS_STAT},
    {SYS_statx, CLASS_STAT},
    {SYS_ftruncate, CLASS_TRUNCATE},
    {SYS_fallocate, CLASS_TRUNCATE},
    {SYS_mmap, CLASS_MMAP},
    {SYS_mkdirat, CLASS_DIRECTORY},
    {SYS_getdents64, CLASS_DIRECTORY},
};

/* The counts file. The harness reads it as CLASS_COUNT + 2 integers of 64 bits. */
typedef struct counts {
    atomic_uint_fast64_t calls[CLASS_COUNT];
    atomic_uint_fast64_t failed;    /* calls that were made to fail */
    atomic_uint_fast64_t unprinted; /* of those, writes to standard error */
} counts;

static counts unshared, *shared = &unshared;
static bool counting;        /* true from main() on */
static int fail_class = -1;  /* class of the call to fail; -1: none */
static uint64_t fail_number; /* number of the call to fail, from 1 */
static bool fail_later;      /* true: later calls of the class fail too */
static bool stop;            /* true: raises SIGTRAP at the call, for a debugger */
static int fail_error;

/* Counts a call of `class`. Returns the error that it is to fail with; 0: none. */
static int count_call(call_class class)
{
    if (!counting)
        return 0;
    uint64_t number = 1 + atomic_fetch_add(&shared->calls[class], 1);
    if ((int)class != fail_class || number < fail_number || (number > fail_number && !fail_later))
        return 0;
    atomic_fetch_add(&shared->failed, 1);
    if (stop)
        raise(SIGTRAP);
    return fail_error;
}

/* ---- memory -------------------------------------------------------------------------------------
 */

static struct {
    void *(*malloc)(size_t);
    void *(*calloc)(size_t, size_t);
    void *(*realloc)(void *, size_t);
    void *(*memalign)(size_t, size_t);
    void (*free)(void *);
} next;

/* Memory for dlsym(), which may allocate while the functions of `next` are looked up. */
static union {
    max_align_t align;
    char bytes[8192];
} early;
static size_t early_used;

static void *early_alloc(size_t size)
{
    size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    if (size > sizeof early.bytes - early_used)
        abort();
    void *memory = early.bytes + early_used;
    early_used += size;
    return memory;
}

static bool is_early(const void *memory)
{
    return (uintptr_t)memory - (uintptr_t)early.bytes < sizeof early.bytes;
}

/* Sets a function pointer, which ISO C does not convert from void *. */
static void find_next(void *function, const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    memcpy(function, &found, sizeof found);
}

/* Looks up the functions of `next`. Returns false during that. */
static bool have_next(void)
{
    static bool begun;
    if (!begun) {
        begun = true;
        find_next(&next.free, "free");
        find_next(&next.calloc, "calloc");
        find_next(&next.realloc, "realloc");
        find_next(&next.memalign, "memalign");
        find_next(&next.malloc, "malloc");
    }
    return next.malloc != NULL;
}

/* Counts an allocation. Returns true, with errno set, if it is to fail. */
static bool allocation_fails(void)
{
    int error = count_call(CLASS_MALLOC);
    if (error)
        errno = error;
    return error != 0;
}

EXPORT void *malloc(size_t size)
{
    if (!have_next())
        return early_alloc(size);
    return allocation_fails() ? NULL : next.malloc(size);
}

EXPORT void *calloc(size_t count, size_t size)
{
    if (!have_next())
        return early_alloc(count * size); /* static memory, used once: zero */
    return allocation_fails() ? NULL : next.calloc(count, size);
}

EXPORT void *realloc(void *memory, size_t size)
{
    if (!have_next())
        abort();
    if (allocation_fails())
        return NULL;
    if (!is_early(memory))
        return next.realloc(memory, size);
    void *moved = next.malloc(size);
    size_t kept = sizeof early.bytes - ((uintptr_t)memory - (uintptr_t)early.bytes);
    if (moved)
        memcpy(moved, memory, kept < size ? kept : size);
    return moved;
}

EXPORT void *memalign(size_t alignment, size_t size)
{
    return !have_next() || allocation_fails() ? NULL : next.memalign(alignment, size);
}

EXPORT void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

EXPORT int posix_memalign(void **memory, size_t alignment, size_t size)
{
    void *made = memalign(alignment, size);
    if (!made)
        return ENOMEM;
    *memory = made;
    return 0;
}

EXPORT void free(void *memory)
{
    if (memory && !is_early(memory) && have_next())
        next.free(memory);
}

/* ---- threads and signals ------------------------------------------------------------------------
 */

EXPORT int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*start)(void *), void *argument)
{
    int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    int error = count_call(CLASS_THREAD);
    if (error)
        return error;
    find_next(&real, "pthread_create");
    return real(thread, attributes, start, argument);
}

/* Calls the real pthread_sigmask() or sigprocmask() without SIGSYS, which kills if it is blocked.
 */
static int set_mask(const char *name, int how, const sigset_t *set, sigset_t *old)
{
    int (*real)(int, const sigset_t *, sigset_t *);
    sigset_t open;
    find_next(&real, name);
    if (set) {
        open = *set;
        if (how != SIG_UNBLOCK)
            sigdelset(&open, SIGSYS);
    }
    return real(how, set ? &open : NULL, old);
}

EXPORT int pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
    return set_mask("pthread_sigmask", how, set, old);
}

EXPORT int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
    return set_mask("sigprocmask", how, set, old);
}

/* Action of the program for SIGSYS, if it has a filter too. */
static struct sigaction program_action;

/* Leaves the handler of this file for SIGSYS in place; it calls the program's. */
EXPORT int sigaction(int signal, const struct sigaction *action, struct sigaction *old)
{
    int (*real)(int, const struct sigaction *, struct sigaction *);
    find_next(&real, "sigaction");
    if (signal != SIGSYS || !counting)
        return real(signal, action, old);
    if (old)
        *old = program_action;
    if (action)
        program_action = *action;
    return 0;
}

/* ---- system calls -------------------------------------------------------------------------------
 */

/* Makes a system call from here, where the filter does not look. */
static long call_kernel(long number, const long a[6])
{
#if defined(__x86_64__)
    long result;
    register long r10 __asm__("r10") = a[3];
    register long r8 __asm__("r8") = a[4];
    register long r9 __asm__("r9") = a[5];
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a[0];
    register long x1 __asm__("x1") = a[1];
    register long x2 __asm__("x2") = a[2];
    register long x3 __asm__("x3") = a[3];
    register long x4 __asm__("x4") = a[4];
    register long x5 __asm__("x5") = a[5];
    __asm__ volatile("svc 0"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "memory");
    return x0;
#else
/* cppcheck-suppress preprocessorErrorDirective */
#error "tests/torture supports x86-64 and AArch64"
#endif
}

/* The text of a library. */
typedef struct text {
    uintptr_t start, end;
} text;

enum { TEXTS = 2 }; /* the C library and the dynamic loader */

static text texts[TEXTS];

/* Returns true for calls from the texts, which the filter of this file catches. */
static bool from_texts(const void *address)
{
    for (size_t i = 0; i < TEXTS; i++)
        if ((uintptr_t)address >= texts[i].start && (uintptr_t)address < texts[i].end)
            return true;
    return false;
}

/* Returns the class of a system call; CLASS_COUNT: none. */
static call_class class_of(int number)
{
    for (size_t i = 0; i < COUNT(calls); i++)
        if (calls[i].number == number)
            return calls[i].class;
    return CLASS_COUNT;
}

/* Counts the system call `number`. Returns its result, or a negative error. */
static long counted_call(int number, const long a[6])
{
    call_class class = class_of(number);
    int error = count_call(class);
    if (!error)
        return call_kernel(number, a);
    if (class == CLASS_CLOSE) /* the descriptor is closed also if close() fails */
        call_kernel(number, a);
    if (class == CLASS_WRITE && a[0] == STDERR_FILENO)
        atomic_fetch_add(&shared->unprinted, 1);
    return -error;
}

/* Performs the system call that the filter caught, and sets its result. */
static void on_system_call(int signal, siginfo_t *info, void *context)
{
    ucontext_t *user = context;
    if (class_of(info->si_syscall) == CLASS_COUNT || !from_texts(info->si_call_addr)) {
        if (program_action.sa_sigaction) /* caught by the program's own filter */
            program_action.sa_sigaction(signal, info, context);
        return;
    }
#if defined(__x86_64__)
    greg_t *r = user->uc_mcontext.gregs;
    const long a[6] = {r[REG_RDI], r[REG_RSI], r[REG_RDX], r[REG_R10], r[REG_R8], r[REG_R9]};
    r[REG_RAX] = counted_call(info->si_syscall, a);
#elif defined(__aarch64__)
    unsigned long long *r = user->uc_mcontext.regs;
    const long a[6] = {(long)r[0], (long)r[1], (long)r[2], (long)r[3], (long)r[4], (long)r[5]};
    r[0] = (unsigned long long)counted_call(info->si_syscall, a);
#endif
}

static int find_text(struct dl_phdr_info *info, size_t size, void *data)
{
    bool libc = strstr(info->dlpi_name, "/libc.so") != NULL;
    (void)size, (void)data;
    if (!libc && !strstr(info->dlpi_name, "/ld-linux"))
        return 0;
    for (size_t i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_LOAD && (info->dlpi_phdr[i].p_flags & PF_X)) {
            texts[libc].start = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
            texts[libc].end = texts[libc].start + info->dlpi_phdr[i].p_memsz;
        }
    return 0;
}

#define LOAD(field)                                                                                \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, field))
#define LOAD_HIGH                                                                                  \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS,                                                             \
             (uint32_t)offsetof(struct seccomp_data, instruction_pointer) + 4)
#define IF(test, value, yes, no) BPF_JUMP(BPF_JMP | (test) | BPF_K, value, yes, no)
#define RETURN(action)           BPF_STMT(BPF_RET | BPF_K, action)

/* Appends the instructions that trap a call from `first` to `last`, whose upper halves are equal.
 */
static size_t append_range(struct sock_filter *program, uintptr_t first, uintptr_t last)
{
    const struct sock_filter part[] = {
        LOAD_HIGH,
        IF(BPF_JEQ, (uint32_t)(first >> 32), 0, 4),
        LOAD(instruction_pointer),
        IF(BPF_JGE, (uint32_t)first, 0, 2),
        IF(BPF_JGT, (uint32_t)last, 1, 0),
        RETURN(SECCOMP_RET_TRAP),
    };
    memcpy(program, part, sizeof part);
    return COUNT(part);
}

/* Appends the instructions that trap a call from `t`: a part on each side of a multiple of 4 GiB.
 */
static size_t append_text(struct sock_filter *program, const text *t)
{
    uintptr_t last = t->end - 1, middle = last >> 32 << 32;
    if (t->start >= middle)
        return append_range(program, t->start, last);
    size_t count = append_range(program, t->start, middle - 1);
    return count + append_range(program + count, middle, last);
}

/* Installs the filter. Returns false if the kernel refuses. */
static bool install_filter(void)
{
    struct sock_filter program[COUNT(calls) + 3 + TEXTS * 2 * 6] = {LOAD(nr)};
    struct sock_fprog filter = {.filter = program};
    size_t count = 1;
    dl_iterate_phdr(find_text, NULL);
    for (size_t i = 0; i < COUNT(calls); i++, count++)
        program[count] = (struct sock_filter)IF(BPF_JEQ, (uint32_t)calls[i].number,
                                                (uint8_t)(COUNT(calls) - i), 0);
    program[count++] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
    for (size_t i = 0; i < TEXTS; i++)
        count += append_text(program + count, &texts[i]);
    program[count++] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
    filter.len = (unsigned short)count;

    struct sigaction action = {.sa_sigaction = on_system_call, .sa_flags = SA_SIGINFO | SA_NODEFER};
    return sigaction(SIGSYS, &action, NULL) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) == 0;
}

/* ---- beginning ----------------------------------------------------------------------------------
 */

/* Reads EDGEGRAD_TORTURE, "CLASS:N[:on][:stop][:ERROR]". Returns false if it is wrong. */
static bool read_request(const char *request)
{
    char *end;
    for (int i = 0; i < CLASS_COUNT; i++) {
        size_t length = strlen(classes[i].name);
        if (strncmp(request, classes[i].name, length) == 0 && request[length] == ':') {
            fail_class = i;
            fail_error = classes[i].error;
            fail_number = strtoull(request + length + 1, &end, 10);
        }
    }
    if (fail_class < 0 || fail_number == 0)
        return false;
    fail_later = strstr(end, ":on") != NULL;
    stop = strstr(end, ":stop") != NULL;
    for (size_t i = 0; i < COUNT(errors); i++)
        if (strstr(end, errors[i].name))
            fail_error = errors[i].value;
    return true;
}

/* Maps the file EDGEGRAD_TORTURE_COUNTS, if there is one. */
static bool share_counts(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    void *memory =
        fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED)
        return false;
    shared = memory;
    return close(fd) == 0;
}

static int (*real_main)(int, char **, char **);

/* Prints what could not be set up, and ends the process with a code that edgegrad never has. */
static void give_up(const char *what)
{
    (void)!write(STDERR_FILENO, what, strlen(what));
    _exit(125);
}

static int counted_main(int argc, char **argv, char **environment)
{
    const char *request = getenv("EDGEGRAD_TORTURE"), *path = getenv("EDGEGRAD_TORTURE_COUNTS");
    if (path && !share_counts(path))
        give_up("torture: EDGEGRAD_TORTURE_COUNTS names no file\n");
    if (request && !read_request(request))
        give_up("torture: EDGEGRAD_TORTURE is not CLASS:N[:on][:stop][:ERROR]\n");
    if (!have_next() || !install_filter())
        give_up("torture: the seccomp filter could not be installed\n");
    counting = true;
    return real_main(argc, argv, environment);
}

/* NOLINTNEXTLINE(bugprone-reserved-identifier): the C library's own name */
int __libc_start_main(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void),
                      void (*)(void), void *);

/* NOLINTNEXTLINE(bugprone-reserved-identifier) */
EXPORT int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv,
                             void (*init)(void), void (*fini)(void), void (*end_loader)(void),
                             void *stack)
{
    int (*real)(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void),
                void (*)(void), void *);
    find_next(&real, "__libc_start_main");
    real_main = main;
    return real(counted_main, argc, argv, init, fini, end_loader, stack);
}
