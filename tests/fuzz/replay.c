/* SPDX-License-Identifier: MIT */
/*
 * Runs a fuzz target on files and folders, without a fuzzer: replay TARGET FILE|FOLDER... Each file
 * has a time limit; a file at which the target crashes or hangs is reported, and the exit status is
 * then not 0.
 */
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

typedef int fuzz_target(const uint8_t *data, size_t size);

#define TARGET(name) fuzz_target target_##name;
#include "targets.def"
#undef TARGET

#define TARGET(name) {#name, target_##name},
static const struct {
    const char *name;
    fuzz_target *run;
} targets[] = {
#include "targets.def"
};

/* Stands for libFuzzer's function of this name, which mutators call. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size)
{
    (void)data, (void)max_size;
    return size;
}

enum { SECONDS = 10, FOLDERS_OPEN = 16 };

static struct {
    fuzz_target *run;
    const char *file; /* file being processed */
    size_t count;
    double slowest;
    char slowest_file[1024];
} progress;

#ifdef __SANITIZE_ADDRESS__
static const int caught[] = {SIGALRM, SIGABRT}; /* errors of AddressSanitizer abort, see fuzz.c */
#else
static const int caught[] = {SIGALRM, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
#endif

static void say(const char *text)
{
    (void)!write(STDERR_FILENO, text, strlen(text));
}

static void on_signal(int number)
{
    say(progress.file ? progress.file : "?");
    say(number == SIGALRM ? ": took too long\n" : ": crashed\n");
    _exit(1);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static uint8_t *read_all(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(size + !size);
    if (!file || !bytes || fread(bytes, 1, size, file) != size) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(2);
    }
    fclose(file);
    return bytes;
}

static int visit(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)where;
    if (kind != FTW_F || !S_ISREG(st->st_mode))
        return 0;
    uint8_t *bytes = read_all(path, (size_t)st->st_size);
    double start = now();
    progress.file = path;
    alarm(SECONDS);
    progress.run(bytes, (size_t)st->st_size);
    alarm(0);
    progress.file = NULL;
    progress.count++;
    free(bytes);
    if (now() - start > progress.slowest) {
        progress.slowest = now() - start;
        snprintf(progress.slowest_file, sizeof progress.slowest_file, "%s", path);
    }
    return 0;
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof targets / sizeof *targets; i++)
        if (strcmp(targets[i].name, argv[1]) == 0)
            progress.run = targets[i].run;
    for (size_t i = 0; i < sizeof caught / sizeof *caught; i++)
        signal(caught[i], on_signal);
    for (int i = 2; progress.run && i < argc; i++) {
        if (nftw(argv[i], visit, FOLDERS_OPEN, 0) != 0) {
            perror(argv[i]);
            return 2;
        }
    }
    if (progress.count == 0) {
        fprintf(stderr,
                "usage: replay TARGET FILE|FOLDER...; there is no such target or no file\n");
        return 2;
    }
    printf("%zu files, the slowest in %.3f s: %s\n", progress.count, progress.slowest,
           progress.slowest_file);
    return 0;
}
