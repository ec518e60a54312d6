/* SPDX-License-Identifier: MIT */
/*
 * A library for LD_PRELOAD that stands for a decoder taken over by its input: as soon as the
 * command is in its sandbox and reads a file (or writes one), it tries what $ATTACK names, once,
 * and tells on standard error how that went: "attack: ..." with the name of the error, or
 * "succeeded".
 *
 *   ATTACK      what is tried
 *   TARGET      path that open, create, remove and the like are tried on
 *   UNCONFINED  if set, it does not wait for the sandbox
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *target;

static int try_open(void)
{
    return (int)syscall(SYS_openat, AT_FDCWD, target, O_RDONLY);
}

static int try_create(void)
{
    return (int)syscall(SYS_openat, AT_FDCWD, target, O_WRONLY | O_CREAT, 0600);
}

static int try_remove(void)
{
    return unlink(target);
}

static int try_rename(void)
{
    return rename(target, "stolen");
}

static int try_connect(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int s = socket(AF_INET, SOCK_STREAM, 0);
    return s < 0 ? s : connect(s, (struct sockaddr *)&to, sizeof to);
}

static int try_exec(void)
{
    char *words[] = {"true", NULL};
    return execv("/bin/true", words);
}

static int try_ptrace(void)
{
    return (int)ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
}

static int try_kill(void)
{
    return kill(getppid(), 0);
}

static int try_fork(void)
{
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    return child;
}

static int try_type(void)
{
    return ioctl(STDIN_FILENO, TIOCSTI, "x");
}

static int try_code(void)
{
    void *code =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return code == MAP_FAILED ? -1 : 0;
}

/* A system call through the table of 32-bit programs, which a filter may forget. */
static int try_old_table(void)
{
#ifdef __x86_64__
    long result = 20; /* getpid */
    __asm__ volatile("int $0x80" : "+a"(result) : : "memory");
    errno = result < 0 ? (int)-result : 0;
    return result < 0 ? -1 : 0;
#else
    raise(SIGSYS);
    return -1;
#endif
}

static void *connect_in_thread(void *unused)
{
    (void)unused;
    try_connect();
    return NULL;
}

/* The same from a thread of its own. */
static int try_thread(void)
{
    pthread_t thread;
    return pthread_create(&thread, NULL, connect_in_thread, NULL) || pthread_join(thread, NULL);
}

static const struct {
    const char *name;
    int (*attack)(void);
} attacks[] = {
    {"open", try_open},     {"create", try_create},   {"remove", try_remove},
    {"rename", try_rename}, {"connect", try_connect}, {"exec", try_exec},
    {"ptrace", try_ptrace}, {"kill", try_kill},       {"fork", try_fork},
    {"type", try_type},     {"code", try_code},       {"old", try_old_table},
    {"thread", try_thread},
};

static void attack(void)
{
    static int done;
    const char *name = getenv("ATTACK");
    if (done || !name || (!getenv("UNCONFINED") && prctl(PR_GET_SECCOMP) != 2))
        return;
    done = 1;
    target = getenv("TARGET");
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++)
        if (strcmp(attacks[i].name, name) == 0) {
            int result = attacks[i].attack();
            dprintf(STDERR_FILENO, "attack: %s\n",
                    result < 0 ? strerrorname_np(errno) : "succeeded");
        }
}

/* ---- functions that the command calls when it reads and writes ------------------------------- */

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t read(int fd, void *bytes, size_t size)
{
    attack();
    return NEXT(read)(fd, bytes, size);
}

ssize_t pread(int fd, void *bytes, size_t size, off_t at)
{
    attack();
    return NEXT(pread)(fd, bytes, size, at);
}

ssize_t getline(char **line, size_t *size, FILE *in)
{
    attack();
    return NEXT(getline)(line, size, in);
}

size_t fread(void *bytes, size_t size, size_t count, FILE *in)
{
    attack();
    return NEXT(fread)(bytes, size, count, in);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    if (fd > STDERR_FILENO)
        attack();
    return NEXT(write)(fd, bytes, size);
}
