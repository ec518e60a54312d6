/* SPDX-License-Identifier: MIT */
/* Functions shared by the benchmark programs: clock, medians, checksums, PGM files, the JSON result
 * line. */
#ifndef TOOLS_BENCH_BENCH_H
#define TOOLS_BENCH_BENCH_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Prints "bench: message" and exits with 1. */
void bench_die(const char *format, ...) __attribute__((__noreturn__, __format__(__printf__, 1, 2)));

/* Parses a number in minimum..maximum; exits if it is invalid. */
long bench_number(const char *text, long least, long most);
double bench_real(const char *text);
void *bench_alloc(size_t bytes);

double bench_now(void); /* monotonic clock, milliseconds */

/* Result of a measurement. `checksum` is 0 if there is no output to compare. */
typedef struct bench_result {
    double median, least, most; /* milliseconds */
    double cpu;                 /* median processor time of all threads together, milliseconds */
    int runs;
    uint64_t checksum;
} bench_result;

/* Calls run(opaque) once unmeasured, then `runs` times, or fewer if they take seconds. */
bench_result bench_time(int runs, void (*run)(void *opaque), void *opaque);

/* Prints the result as one JSON line, the last line of a program. */
void bench_print(const bench_result *result);

/* Returns the FNV-1a hash of `bytes`, continuing from `seed` (initially BENCH_SEED). */
#define BENCH_SEED 14695981039346656037u
uint64_t bench_checksum(uint64_t seed, const void *data, size_t bytes);

/* 8-bit grey image without padding between rows. */
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
