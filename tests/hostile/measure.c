/* SPDX-License-Identifier: MIT */
/*
 * measure SECONDS MEGABYTES COMMAND [ARGUMENT ...]: runs the command with a limit of processor time
 * and of address space (0: none), and writes "MILLISECONDS KILOBYTES CODE" to descriptor 3: its
 * processor time of all threads, its peak resident memory, and its exit code, or 128 + the signal
 * that ended it. A separate program because a child inherits its parent's peak memory, and Python's
 * is large.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RESULT = 3 };

static double in_ms(struct timeval t)
{
    return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

static void set_limit(int resource, rlim_t value)
{
    if (value)
        setrlimit(resource, &(struct rlimit){value, value});
}

int main(int argc, char **argv)
{
    struct rusage usage;
    int status;
    if (argc < 4) {
        fputs("usage: measure SECONDS MEGABYTES COMMAND [ARGUMENT ...]\n", stderr);
        return 2;
    }
    pid_t child = fork();
    if (child == 0) {
        close(RESULT);
        set_limit(RLIMIT_CPU, strtoul(argv[1], NULL, 10));
        set_limit(RLIMIT_AS, (rlim_t)strtoul(argv[2], NULL, 10) << 20);
        set_limit(RLIMIT_CORE, 0);
        execvp(argv[3], argv + 3);
        fprintf(stderr, "%s: %s\n", argv[3], strerror(errno));
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) < 0) {
        perror("measure");
        return 2;
    }
    dprintf(RESULT, "%.3f %ld %d\n", in_ms(usage.ru_utime) + in_ms(usage.ru_stime), usage.ru_maxrss,
            WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return 0;
}
