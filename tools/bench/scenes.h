/* SPDX-License-Identifier: MIT */
/* Scenes with the statistics of photographs, for a machine without photographs. */
#ifndef TOOLS_BENCH_SCENES_H
#define TOOLS_BENCH_SCENES_H

#include <stddef.h>
#include <stdint.h>

/* Draws scene number `index`, of side x side RGB pixels, into `rgb`. A number always gives the same
 * scene. */
void bench_draw_scene(uint8_t *rgb, size_t side, unsigned index);

#endif
