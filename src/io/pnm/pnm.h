/* SPDX-License-Identifier: MIT */
/* What the readers of Netpbm's formats and of PFM share: text headers, byte by byte. */
#ifndef EG_IO_PNM_PNM_H
#define EG_IO_PNM_PNM_H

#include "io/io.h"
#include "io/pixels/grey.h"

enum { EG_TEXT_END = -1, EG_TEXT_HEADER_MAX = 1 << 20 };

/* A text being read. `status` is EG_OK also at its plain end. */
typedef struct eg_text {
    eg_input *input;
    eg_error *error;
    eg_status status;
    size_t left; /* bytes that may still be read, so that no header is endless */
} eg_text;

/* Refills the input's buffer and returns its next byte; EG_TEXT_END at the end of the stream, when
 * `left` is used up, or after a failure, which is in `status`. */
int eg_text_refill(eg_text *text);

/* The next byte, or EG_TEXT_END as above. */
static inline int eg_text_get(eg_text *text)
{
    eg_input *input = text->input;
    if (input->at == input->end || text->left == 0)
        return eg_text_refill(text);
    text->left--;
    return input->buffer[input->at++];
}

static inline bool eg_text_is_space(int c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Skips white space and comments ('#' to the end of the line) and returns what follows. */
int eg_text_skip(eg_text *text);

/* Reads decimal digits, the first of which is `c`, and the one white space or comment after them.
 * False: something else stands there. Numbers past 64 bits come out as UINT64_MAX. */
bool eg_text_digits(eg_text *text, int c, uint64_t *value);

/* A number of the header, called `what` in messages, with the one white space after it. */
eg_status eg_text_number(eg_text *text, const char *what, uint64_t *value);

/* The failure of a header that ended too early, or went on too long. */
eg_status eg_text_ended(const eg_text *text);

/* ---- headers (pnm_header.c) ------------------------------------------------------------------ */

typedef struct eg_pnm_header {
    const char *format; /* "PBM", "PGM", "PPM" or "PAM" */
    uint64_t width, height, maxval;
    int depth;  /* bits of a sample */
    bool plain; /* the raster is text */
    bool bits;  /* PBM: 1 is black */
    eg_pixels pixels;
} eg_pnm_header;

/* The probe of eg_pnm_format; see eg_format. */
bool eg_pnm_probe(const eg_input *input, const uint8_t *bytes, size_t size);

/* Reads all that stands before the raster and checks it, also against the limits on sizes. */
eg_status eg_pnm_read_header(eg_pnm_header *header, eg_input *input, eg_error *error);

#endif
