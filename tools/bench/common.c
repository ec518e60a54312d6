/* SPDX-License-Identifier: MIT */
/* Functions shared by the benchmark programs. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"

void bench_die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("bench: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

long bench_number(const char *text, long least, long most)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || end == text || *end || value < least || value > most)
        bench_die("%s is not a number from %ld to %ld", text, least, most);
    return value;
}

double bench_real(const char *text)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end)
        bench_die("%s is not a number", text);
    return value;
}

void *bench_alloc(size_t bytes)
{
    void *memory = malloc(bytes);
    if (!memory)
        bench_die("out of memory");
    return memory;
}

/* ---- time ---- */

enum { MOST_RUNS = 1000, LEAST_RUNS = 3 };
static const double BUDGET_MS =
    2000; /* total time after which bench_time() stops at LEAST_RUNS runs */

static double read_clock(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

double bench_now(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static int compare_times(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *times, int count)
{
    qsort(times, (size_t)count, sizeof times[0], compare_times);
    return (times[(count - 1) / 2] + times[count / 2]) / 2;
}

bench_result bench_time(int runs, void (*run)(void *opaque), void *opaque)
{
    double times[MOST_RUNS] = {0}, cpu[MOST_RUNS] = {0};
    int count = 0;
    run(opaque); /* warm-up: maps pages, starts threads, builds tables */
    double start = bench_now();
    while (count < runs && count < MOST_RUNS &&
           (count < LEAST_RUNS || bench_now() - start < BUDGET_MS)) {
        double before = bench_now(), cpu_before = read_clock(CLOCK_PROCESS_CPUTIME_ID);
        run(opaque);
        times[count] = bench_now() - before;
        cpu[count++] = read_clock(CLOCK_PROCESS_CPUTIME_ID) - cpu_before;
    }
    double middle = median(times, count); /* also sorts the times */
    return (bench_result){.median = middle,
                          .cpu = median(cpu, count),
                          .least = times[0],
                          .most = times[count - 1],
                          .runs = count};
}

void bench_print(const bench_result *r)
{
    printf("{\"ms\": %.4f, \"cpu\": %.4f, \"least\": %.4f, \"most\": %.4f, \"runs\": %d, "
           "\"checksum\": \"%016llx\"}\n",
           r->median, r->cpu, r->least, r->most, r->runs, (unsigned long long)r->checksum);
}

uint64_t bench_checksum(uint64_t seed, const void *data, size_t bytes)
{
    const uint8_t *at = data;
    for (size_t i = 0; i < bytes; i++)
        seed = (seed ^ at[i]) * 1099511628211u;
    return seed;
}

/* ---- files ---- */

/* Reads a PGM written by bench_write_pgm(), whose header has no comments. */
bench_image bench_read_pgm(const char *path)
{
    bench_image image = {0};
    FILE *file = fopen(path, "rb");
    if (!file)
        bench_die("%s: %s", path, strerror(errno));
    /* NOLINTNEXTLINE(cert-err34-c): what is out of range fails the test of the size below */
    if (fscanf(file, "P5 %zu %zu 255", &image.width, &image.height) != 2 || fgetc(file) != '\n' ||
        !image.width || !image.height || image.width > 1 << 20 || image.height > 1 << 20)
        bench_die("%s: not one of the benchmark's PGMs", path);
    image.data = bench_alloc(image.width * image.height);
    if (fread(image.data, image.width, image.height, file) != image.height)
        bench_die("%s: cut short", path);
    fclose(file);
    return image;
}

static void write_all(const char *path, const char *header, const void *data, size_t bytes)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        bench_die("%s: %s", path, strerror(errno));
    fputs(header, file);
    if (fwrite(data, 1, bytes, file) != bytes || fclose(file) != 0)
        bench_die("%s: %s", path, strerror(errno));
}

void bench_write_pgm(const char *path, const bench_image *image)
{
    char header[64];
    snprintf(header, sizeof header, "P5\n%zu %zu\n255\n", image->width, image->height);
    write_all(path, header, image->data, image->width * image->height);
}

void bench_write_raw(const char *path, const void *data, size_t bytes)
{
    write_all(path, "", data, bytes);
}
