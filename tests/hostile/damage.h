/* SPDX-License-Identifier: MIT */
/* The files that are damaged, and how each is read. */
#ifndef TESTS_HOSTILE_DAMAGE_H
#define TESTS_HOSTILE_DAMAGE_H

#include <stdint.h>

#include "edgegrad.h"

typedef struct damage_effort {
    size_t every; /* distance of truncations in bytes */
    size_t flips; /* number of flipped bits, each alone */
} damage_effort;

typedef struct damage_target {
    const char *name;
    const char *file; /* name that the damaged file has, because some formats are known by it */
    const char *seed; /* path in testdata; NULL: `text`, or what `make` writes */
    const char *text;
    size_t (*make)(uint8_t *bytes, size_t size); /* returns the length */
    const char *companion, *companion_text;      /* another file, which is sound; NULL: none */
    eg_status (*read)(const char *path, eg_error *error);
    bool may_misuse; /* EG_USAGE is an outcome: of texts that are no files */
    double most_ms;
} damage_target;

extern const damage_target damage_targets[]; /* ends with a name NULL */

/* Writes the companion into the folder, which is emptied before, and the sound bytes of the target
 * to `bytes`; returns their number. */
size_t damage_seed(const damage_target *target, const char *testdata, const char *folder,
                   uint8_t *bytes, size_t size);

/* Removes the files of a folder. */
void damage_empty(const char *folder);

#endif
