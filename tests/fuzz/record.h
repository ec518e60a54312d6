/* SPDX-License-Identifier: MIT */
/* Records of a run made from the bytes of an input. */
#ifndef TESTS_FUZZ_RECORD_H
#define TESTS_FUZZ_RECORD_H

#include "cli/batch/batch_record.h"
#include "fuzz.h"

enum { RECORD_TEXT = 24 };

/* A record with its texts. */
typedef struct made_record {
    cli_record record;
    char name[RECORD_TEXT], input[RECORD_TEXT], output[RECORD_TEXT], reason[RECORD_TEXT];
    const char *outputs[1];
    uint8_t thumbnail[RECORD_TEXT];
} made_record;

/* Takes a text of any bytes but 0. */
void take_text(fuzz_bytes *bytes, char text[RECORD_TEXT]);

void take_record(fuzz_bytes *bytes, made_record *made);

/* Writes `text` with U+FFFD (or, if `marker` is a printf() format, that text) in place of each byte
 * that is not UTF-8. */
void replace_bytes(char *out, size_t size, const char *text, const char *marker);

#endif
