/* SPDX-License-Identifier: MIT */
/*
 * damage [--every N] [--flips N] [--only TEXT] TESTDATA: reads small files of every format at every
 * truncation (or every N-th) and with bits flipped at random places, in a process for each file.
 * Each damaged file must be read, or refused with one line of message, in 50 ms of processor time
 * and 64 MiB of memory. Prints what it took; the exit code is 1 if a file took more or a guarantee
 * was broken.
 */
#include "damage.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_MS = 50, MOST_MIB = 64, TRIES = 5, MOST_SEED = 1 << 20 };

#if defined __SANITIZE_ADDRESS__
enum { LIMITED = 0 }; /* the sanitizer takes time and memory of its own */
#else
enum { LIMITED = 1 };
#endif

typedef struct tally {
    size_t truncations, flips, read, refused;
    double slowest; /* milliseconds */
    char worst[64]; /* the damage that took so long */
    bool broken;    /* a limit or a guarantee */
    const damage_target *target;
} tally;

static double processor_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static void complain(tally *t, const char *damage, const char *what, const char *message)
{
    fprintf(stderr, "%s, %s: %s (%s)\n", t->target->name, damage, what, message);
    t->broken = true;
}

/* Checks that the outcome is one that a damaged file may have. */
static void check_outcome(tally *t, const char *damage, eg_status status, const eg_error *error)
{
    const char *newline = strchr(error->message, '\n');
    if (status != error->status)
        complain(t, damage, "the status returned is not the one recorded", error->message);
    if (status != EG_OK && status != EG_BAD_INPUT && status != EG_UNSUPPORTED &&
        status != EG_LIMIT_EXCEEDED && !(status == EG_USAGE && t->target->may_misuse))
        complain(t, damage, "the file is not to blame", error->message);
    if (status != EG_OK && (error->message[0] == '\0' || newline))
        complain(t, damage, "the message is not one line", error->message);
}

/* Reads the damaged file; a slow run is repeated, because the least processor time counts. */
static void try_once(tally *t, const char *path, const char *damage)
{
    double least = 1e9;
    for (int i = 0; i < TRIES && least > MOST_MS; i++) {
        eg_error error = {0};
        double start = processor_ms();
        eg_status status = t->target->read(path, &error);
        double took = processor_ms() - start;
        least = took < least ? took : least;
        if (i == 0) {
            check_outcome(t, damage, status, &error);
            *(status == EG_OK ? &t->read : &t->refused) += 1;
        }
    }
    if (least > t->slowest) {
        t->slowest = least;
        snprintf(t->worst, sizeof t->worst, "%s", damage);
    }
}

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 20;
}

static void try_all(tally *t, const char *path, const uint8_t *bytes, size_t size,
                    const damage_effort *effort)
{
    char damage[64];
    uint64_t state = size;
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || pwrite(fd, bytes, size, 0) != (ssize_t)size) {
        perror(path);
        exit(2);
    }
    const size_t flips = effort->flips < 8 * size ? effort->flips : 8 * size;
    for (; t->flips < flips; t->flips++) {
        size_t bit = flips == 8 * size ? t->flips : next_random(&state) % (8 * size);
        uint8_t changed = bytes[bit / 8] ^ (uint8_t)(1 << bit % 8);
        snprintf(damage, sizeof damage, "bit %zu flipped", bit);
        (void)!pwrite(fd, &changed, 1, (off_t)(bit / 8));
        try_once(t, path, damage);
        (void)!pwrite(fd, &bytes[bit / 8], 1, (off_t)(bit / 8));
    }
    size_t step = effort->every;
    for (size_t left = size; left > 0; left = left > step ? left - step : 0, t->truncations++) {
        size_t length = left > step ? left - step : 0;
        snprintf(damage, sizeof damage, "cut to %zu bytes", length);
        (void)!ftruncate(fd, (off_t)length);
        try_once(t, path, damage);
    }
    close(fd);
}

static void print_row(tally *t, size_t size)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    const double mib = (double)usage.ru_maxrss / 1024;
    if (LIMITED && (t->slowest > t->target->most_ms || mib > MOST_MIB))
        complain(t, t->worst, "too much processor time or memory", "see the table");
    printf("%-26s %7zu %7zu %7zu %8zu %8zu %8.1f %8.1f  %s\n", t->target->name, size,
           t->truncations, t->flips, t->read, t->refused, t->slowest, mib, t->worst);
}

/* Runs the damages of a target in a process of its own. Returns false if something was broken. */
static bool run_target(const damage_target *target, const char *testdata, const char *folder,
                       const damage_effort *effort)
{
    int status;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        static uint8_t bytes[MOST_SEED];
        char path[4200];
        tally t = {.target = target};
        size_t size = damage_seed(target, testdata, folder, bytes, sizeof bytes);
        snprintf(path, sizeof path, "%s/%s", folder, target->file);
        try_all(&t, path, bytes, size, effort);
        print_row(&t, size);
        fflush(stdout);
        _exit(t.broken ? 1 : 0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child) {
        perror("fork");
        exit(2);
    }
    if (WIFSIGNALED(status))
        fprintf(stderr, "%s: ended by signal %d\n", target->name, WTERMSIG(status));
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static size_t number(const char *text)
{
    char *end;
    size_t value = strtoul(text, &end, 10);
    if (*end || end == text || value == 0) {
        fprintf(stderr, "damage: '%s' is not a number from 1 on\n", text);
        exit(2);
    }
    return value;
}

int main(int argc, char **argv)
{
    damage_effort effort = {.every = 1, .flips = 10000};
    const char *only = "", *testdata = NULL;
    char folder[4096];
    size_t failed = 0, count = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--every") == 0 && i + 1 < argc)
            effort.every = number(argv[++i]);
        else if (strcmp(argv[i], "--flips") == 0 && i + 1 < argc)
            effort.flips = number(argv[++i]);
        else if (strcmp(argv[i], "--only") == 0 && i + 1 < argc)
            only = argv[++i];
        else
            testdata = argv[i];
    }
    mallopt(M_MMAP_THRESHOLD, 4 << 20); /* buffers of a file are used again for the next one */
    mallopt(M_TRIM_THRESHOLD, 32 << 20);
    snprintf(folder, sizeof folder, "%s/edgegrad-damage-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!testdata || !mkdtemp(folder)) {
        fprintf(stderr, "usage: damage [--every N] [--flips N] [--only TEXT] TESTDATA\n");
        return 2;
    }
    printf("%-26s %7s %7s %7s %8s %8s %8s %8s  %s\n", "file", "bytes", "cuts", "flips", "read",
           "refused", "most ms", "most MiB", "slowest damage");
    for (const damage_target *t = damage_targets; t->name; t++) {
        if (!strstr(t->name, only))
            continue;
        count++;
        failed += !run_target(t, testdata, folder, &effort);
    }
    damage_empty(folder);
    rmdir(folder);
    printf("%zu of %zu files: every damage is survived%s\n", count - failed, count,
           LIMITED ? " within the limits" : "");
    return failed ? 1 : 0;
}
