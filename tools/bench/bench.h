/* SPDX-License-Identifier: MIT */
/* What the benchmark's programs share: clock, medians, checksums, PGM in and out, the JSON line. */
#ifndef TOOLS_BENCH_BENCH_H
#define TOOLS_BENCH_BENCH_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Prints "bench: message" and exits with 1: a benchmark has nothing to clean up. */
void bench_die(const char *format, ...) __attribute__((__noreturn__, __format__(__printf__, 1, 2)));

/* A number in least..most; anything else ends the program. */
long bench_number(const char *text, long least, long most);
double bench_real(const char *text);
void *bench_alloc(size_t bytes);

double bench_now(void); /* milliseconds of the monotonic clock */

/* What a program measured. `checksum` is left 0 where there is nothing to compare. */
typedef struct bench_result {
    double median, least, most; /* milliseconds */
    double cpu;                 /* the median of the processor time, of all threads together */
    int runs;
    uint64_t checksum;
} bench_result;

/* Calls run(opaque) once unmeasured, then `runs` times, fewer where they take seconds. */
bench_result bench_time(int runs, void (*run)(void *opaque), void *opaque);

/* One line on standard output, the last thing a program does. */
void bench_print(const bench_result *result);

/* FNV-1a of `bytes`, going on from `seed` (BENCH_SEED at first). */
#define BENCH_SEED 14695981039346656037u
uint64_t bench_checksum(uint64_t seed, const void *data, size_t bytes);

/* 8-bit grey, rows without gaps. */
typedef struct bench_image {
    uint8_t *data;
    size_t width, height;
} bench_image;

bench_image bench_read_pgm(const char *path);
void bench_write_pgm(const char *path, const bench_image *image);
void bench_write_raw(const char *path, const void *data, size_t bytes);

#ifdef __cplusplus
}
#endif
#endif
