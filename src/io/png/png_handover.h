/* SPDX-License-Identifier: MIT */
/*
 * Decoding image data without libpng, which reads all other chunks. libpng is given an empty stream
 * in place of the image data, which png_decoder.c decodes.
 */
#ifndef EG_IO_PNG_PNG_HANDOVER_H
#define EG_IO_PNG_PNG_HANDOVER_H

#include "io/png/png_read.h"

/* Called with what libpng has just read: if it is the header of the first chunk of image data, and
 * png_decoder.c can decode the image, keeps it and gives libpng the header of an empty stream
 * instead. Called before eg_png_rest_follow(). */
void eg_png_hand_over(eg_png_source *s, uint8_t *bytes, size_t size);

/* Gives libpng what it reads in place of the image data; returns false if that is all read. */
bool eg_png_read_replaced(eg_png_source *s, uint8_t *bytes, size_t size);

/* Decodes the requested rows by png_decoder.c. Failures are recorded in s->guard. */
void eg_png_decode_handed_over(eg_png_source *s);

/* Prepares decoding by png_decoder.c, if the image data was handed over. */
eg_status eg_png_begin_handed_over(eg_png_source *s, eg_error *error);

#endif
