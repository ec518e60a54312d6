/* SPDX-License-Identifier: MIT */
/* Keeps what the command prints, for targets that run parts of it. */
#ifndef TESTS_FUZZ_CAPTURE_H
#define TESTS_FUZZ_CAPTURE_H

#include <stdio.h>

/* Texts that standard output and standard error received. */
typedef struct capture {
    FILE *own_stdout, *own_stderr;
    char *printed, *complaints;
    size_t printed_size, complaints_size;
} capture;

/* Directs the streams stdout and stderr to memory until capture_end(), after which the texts are
 * complete. capture_free() releases them. */
void capture_begin(capture *c);
void capture_end(capture *c);
void capture_free(capture *c);

#endif
