/* SPDX-License-Identifier: MIT */
/*
 * The seccomp filter: a table of system calls, written as a program for the kernel. Calls that are
 * not in the table fail with ENOSYS, as on an older kernel, because the C library then goes without
 * them. Calls that only an attack makes end the process with a message.
 *
 * The program searches ranges of numbers of equal treatment, because the kernel runs it for every
 * number when it is loaded. libseccomp takes 0.5 ms more of each start than this file.
 */
#include "cli/sandbox/confine.h"

#include <errno.h>

#if defined __linux__ && !defined EG_NO_SECCOMP && (defined __x86_64__ || defined __aarch64__)
#if __has_include(<linux/seccomp.h>)
#define HAVE_SECCOMP
#endif
#endif

#ifdef HAVE_SECCOMP

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "cli/cli.h"

#ifndef SECCOMP_FILTER_FLAG_SPEC_ALLOW /* Linux 4.17 */
#define SECCOMP_FILTER_FLAG_SPEC_ALLOW (1UL << 2)
#endif

#ifdef __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#else
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/* ---- the calls ------------------------------------------------------------------------------- */

typedef enum treatment {
    MISSING, /* ENOSYS */
    ALLOWED,
    FORBIDDEN,    /* ends the process */
    FOR_CHILDREN, /* ALLOWED if the command starts child processes, else MISSING */
    CHECKED       /* ALLOWED if an argument has a value of `checks`, else EPERM */
} treatment;

typedef struct call {
    short number;
    unsigned char treatment;
    const char *name;
} call;

#ifdef EG_HAVE_GDAL
#define NETWORK MISSING
#else
#define NETWORK FORBIDDEN
#endif

/* On aarch64 the older of two calls of the same effect are missing. */
static const call calls[] = {
#define ROW(name, treatment) {__NR_##name, treatment, #name},
#define OLD(name, treatment)
#ifdef __x86_64__
#undef OLD
#define OLD ROW
#endif
#include "cli/sandbox/calls.def"
#undef ROW
#undef OLD
};

enum {
    CALLS = sizeof calls / sizeof *calls,
    NUMBERS = 512 /* more than the largest number of a call in the table */
};

/* A condition on an argument: (argument & mask) is one of the values. */
typedef struct check {
    int number;
    unsigned argument;
    uint32_t mask;
    bool unlike; /* it is none of the values */
    uint32_t values[3];
    size_t count;
} check;

enum {
    CHECKS = 8,
    NAMESPACES = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |
                 CLONE_NEWPID | CLONE_NEWNET,
    CODE = PROT_WRITE | PROT_EXEC
};

/* Fills the conditions of the CHECKED calls: threads, and processes that this one waits for, but no
 * others unless `children`; pairs of connected sockets, which reach only children; signals to this
 * process; no memory that is writable and executable; no input typed into the terminal. */
static void fill_checks(check checks[CHECKS], bool children)
{
    const uint32_t self = (uint32_t)getpid(), all = UINT32_MAX, any = children ? 0 : all;
    const uint32_t target = children ? 0 : self;
    const uint32_t kinds = children ? 0 : CLONE_THREAD | CLONE_VFORK;
    const check filled[CHECKS] = {
        {__NR_clone, 0, NAMESPACES | kinds, false, {CLONE_THREAD & kinds, CLONE_VFORK & kinds}, 2},
        {__NR_socketpair, 1, children ? 0xf : 0, false, {SOCK_STREAM}, 1},
        {__NR_kill, 0, any, false, {target}, 1},
        {__NR_tgkill, 0, any, false, {target}, 1},
        {__NR_prlimit64, 0, all, false, {0, self}, 2},
        {__NR_ioctl, 1, all, false, {TCGETS, TIOCGWINSZ, FIONREAD}, 3},
        {__NR_mmap, 2, CODE, true, {CODE}, 1},
        {__NR_mprotect, 2, CODE, true, {CODE}, 1},
    };
    memcpy(checks, filled, sizeof filled);
}

/* ---- the program ----------------------------------------------------------------------------- */

/* Calls from `first` on, up to the next range, are treated alike. */
typedef struct range {
    uint16_t first;
    uint8_t treatment;
} range;

enum { PROGRAM_SIZE = 1024, RANGES = NUMBERS };

typedef struct program {
    struct sock_filter code[PROGRAM_SIZE];
    unsigned short count;
    range ranges[RANGES];
    size_t range_count;
    check checks[CHECKS];
} program;

static void add(program *p, unsigned short code, uint32_t value, unsigned yes, unsigned no)
{
    if (p->count < PROGRAM_SIZE) /* the caller fails if it is full */
        p->code[p->count++] =
            (struct sock_filter){code, (unsigned char)yes, (unsigned char)no, value};
}

static void add_return(program *p, uint32_t action)
{
    add(p, BPF_RET | BPF_K, action, 0, 0);
}

static void add_load(program *p, size_t offset)
{
    add(p, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

/* Both architectures store the low half of an argument first. */
static void add_check(program *p, const check *c)
{
    const uint32_t failed = SECCOMP_RET_ERRNO | EPERM;
    add_load(p, offsetof(struct seccomp_data, args) + 8 * c->argument);
    add(p, BPF_ALU | BPF_AND | BPF_K, c->mask, 0, 0);
    for (size_t i = 0; i < c->count; i++)
        add(p, BPF_JMP | BPF_JEQ | BPF_K, c->values[i], (unsigned)(c->count - i), 0);
    add_return(p, c->unlike ? SECCOMP_RET_ALLOW : failed);
    add_return(p, c->unlike ? failed : SECCOMP_RET_ALLOW);
}

static void add_treatment(program *p, const range *r)
{
    if (r->treatment == CHECKED)
        for (size_t i = 0; i < CHECKS; i++)
            if (p->checks[i].number == r->first)
                add_check(p, &p->checks[i]);
    if (r->treatment != CHECKED)
        add_return(p, r->treatment == ALLOWED     ? SECCOMP_RET_ALLOW
                      : r->treatment == FORBIDDEN ? SECCOMP_RET_TRAP
                                                  : SECCOMP_RET_ERRNO | ENOSYS);
}

/* Writes a search of the ranges [first, end) for the number that is loaded. */
static void add_search(program *p, size_t first, size_t end)
{
    if (end - first == 1) {
        add_treatment(p, &p->ranges[first]);
        return;
    }
    const size_t middle = first + (end - first) / 2, jump = p->count;
    /* A long jump, because the lower half may have more than the 255 steps of a conditional one. */
    add(p, BPF_JMP | BPF_JGE | BPF_K, p->ranges[middle].first, 0, 1);
    add(p, BPF_JMP | BPF_JA, 0, 0, 0);
    add_search(p, first, middle);
    if (jump + 1 < PROGRAM_SIZE)
        p->code[jump + 1].k = (uint32_t)(p->count - jump - 2);
    add_search(p, middle, end);
}

/* Divides the numbers into ranges; every CHECKED call is a range of its own. */
static void find_ranges(program *p, bool children)
{
    uint8_t of[NUMBERS] = {MISSING};
    for (size_t i = 0; i < CALLS; i++) {
        uint8_t how = calls[i].treatment;
        if (how == FOR_CHILDREN)
            how = children ? ALLOWED : MISSING;
        of[calls[i].number] = how;
    }
    for (size_t n = 0; n < NUMBERS; n++)
        if (n == 0 || of[n] != of[n - 1] || of[n] == CHECKED)
            p->ranges[p->range_count++] = (range){(uint16_t)n, of[n]};
}

static void write_program(program *p, bool children)
{
    p->count = p->range_count = 0;
    fill_checks(p->checks, children);
    find_ranges(p, children);
    add_load(p, offsetof(struct seccomp_data, arch));
    add(p, BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
    add_return(p, SECCOMP_RET_TRAP);
    add_load(p, offsetof(struct seccomp_data, nr));
    add_search(p, 0, p->range_count);
}

/* ---- the message ----------------------------------------------------------------------------- */

static const char *call_name(const siginfo_t *info)
{
    for (size_t i = 0; i < CALLS; i++)
        if (info->si_arch == ARCHITECTURE && calls[i].number == info->si_syscall)
            return calls[i].name;
    return "of another architecture";
}

/* Ends the process after a forbidden call. Calls only functions that are safe in a handler. */
static void on_forbidden_call(int signal, siginfo_t *info, void *context)
{
    static const char head[] = "edgegrad: stopped by the sandbox: the forbidden system call ";
    static const char tail[] = " was tried, as by an input that attacks its reader; --sandbox off "
                               "runs without it\n";
    const char *name = call_name(info);
    const struct iovec parts[] = {{(void *)head, sizeof head - 1},
                                  {(void *)name, strlen(name)},
                                  {(void *)tail, sizeof tail - 1}};
    (void)signal, (void)context;
    (void)!writev(STDERR_FILENO, parts, sizeof parts / sizeof *parts);
    _exit(EXIT_LIMIT);
}

/* ---- entry ----------------------------------------------------------------------------------- */

bool seccomp_enter(bool children)
{
    /* Without SPEC_ALLOW kernels before 5.16 slow all computing down. */
    const unsigned flags = SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_SPEC_ALLOW;
    static program p; /* too large for a stack */
    struct sigaction action = {.sa_sigaction = on_forbidden_call, .sa_flags = SA_SIGINFO};
    sigemptyset(&action.sa_mask);
    write_program(&p, children);
    if (p.count == PROGRAM_SIZE) {
        errno = E2BIG;
        return false;
    }
    if (sigaction(SIGSYS, &action, NULL) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return false;
    struct sock_fprog filter = {p.count, p.code};
    long result = syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, flags, &filter);
    if (result < 0 && errno == EINVAL) /* before 4.17 */
        result = syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter);
    if (result > 0) /* the number of a thread that has another filter */
        errno = EBUSY;
    return result == 0;
}

#else

bool seccomp_enter(bool children)
{
    (void)children;
    errno = ENOSYS;
    return false;
}

#endif
