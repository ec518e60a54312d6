/* SPDX-License-Identifier: MIT */
/*
 * launch RESULT.json RUNS COMMAND [ARGUMENT ...]: runs the command RUNS times in sequence and
 * writes its wall times, its processor times (of all threads together), its peak resident memory
 * and its exit code. A separate program because a child inherits its parent's peak memory, and
 * Python's exceeds edgegrad's.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

enum { MOST_RUNS = 1000 };

typedef struct record {
    double wall[MOST_RUNS], cpu[MOST_RUNS]; /* milliseconds */
    int runs, code;
    long peak_kb;
} record;

static double in_ms(struct timeval t)
{
    return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

static void run_once(char **command, record *r)
{
    struct rusage usage;
    int status;
    double start = bench_now();
    pid_t child = fork();
    if (child < 0)
        bench_die("fork: %s", strerror(errno));
    if (child == 0) {
        execvp(command[0], command);
        fprintf(stderr, "%s: %s\n", command[0], strerror(errno));
        _exit(127);
    }
    if (wait4(child, &status, 0, &usage) < 0)
        bench_die("wait4: %s", strerror(errno));
    r->wall[r->runs] = bench_now() - start;
    r->cpu[r->runs++] = in_ms(usage.ru_utime) + in_ms(usage.ru_stime);
    if (usage.ru_maxrss > r->peak_kb)
        r->peak_kb = usage.ru_maxrss;
    r->code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void print_list(FILE *file, const char *name, const double *values, int count)
{
    fprintf(file, "\"%s\": [", name);
    for (int i = 0; i < count; i++)
        fprintf(file, "%s%.4f", i ? ", " : "", values[i]);
    fputs("], ", file);
}

int main(int argc, char **argv)
{
    if (argc < 4)
        bench_die("usage: launch RESULT.json RUNS COMMAND [ARGUMENT ...]");
    FILE *result = fopen(argv[1], "we"); /* e: close-on-exec */
    if (!result)
        bench_die("%s: %s", argv[1], strerror(errno));

    static record r;
    long runs = bench_number(argv[2], 1, MOST_RUNS);
    while (r.runs < runs && r.code == 0)
        run_once(argv + 3, &r);
    fputc('{', result);
    print_list(result, "ms", r.wall, r.runs);
    print_list(result, "cpu", r.cpu, r.runs);
    fprintf(result, "\"peak_kb\": %ld, \"exit\": %d}\n", r.peak_kb, r.code);
    return fclose(result) == 0 ? 0 : 1;
}
