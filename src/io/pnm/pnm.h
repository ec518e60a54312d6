/* SPDX-License-Identifier: MIT */
/* The text headers of Netpbm's formats and of PFM, read byte by byte. */
#ifndef EG_IO_PNM_PNM_H
#define EG_IO_PNM_PNM_H

#include "io/io.h"
#include "io/pixels/grey.h"

enum { EG_TEXT_END = -1, EG_TEXT_HEADER_MAX = 1 << 20 };

/* A text being read. At the end of the stream `status` stays EG_OK. */
typedef struct eg_text {
    eg_input *input;
    eg_error *error;
    eg_status status;
    size_t left; /* remaining limit of bytes, because a damaged header may not end */
} eg_text;

/* Refills the input's buffer and returns the next byte; EG_TEXT_END at the end of the stream, when
 * `left` is 0, or after a failure, which is in `status`. */
int eg_text_refill(eg_text *text);

/* Returns the next byte, or EG_TEXT_END as eg_text_refill() does. */
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

/* Skips white space and comments ('#' to the end of the line) and returns the next byte. */
int eg_text_skip(eg_text *text);

/* Reads a decimal number that begins with `c`, and one white space or comment after it. Returns
 * false if there is anything else. Numbers of more than 64 bits become UINT64_MAX. */
bool eg_text_digits(eg_text *text, int c, uint64_t *value);

/* Reads a number of the header, called `what` in messages, and one white space after it. */
eg_status eg_text_number(eg_text *text, const char *what, uint64_t *value);

/* Records the failure of a header that ended too early or is too long. */
eg_status eg_text_ended(const eg_text *text);

/* ---- headers (pnm_header.c) ------------------------------------------------------------------ */

typedef struct eg_pnm_header {
    const char *format; /* "PBM", "PGM", "PPM" or "PAM" */
    uint64_t width, height, maxval;
    int depth;  /* bits of a sample */
    bool plain; /* true if the samples are text */
    bool bits;  /* true for PBM, where 1 is black */
    eg_pixels pixels;
} eg_pnm_header;

/* Returns true for a PBM, PGM, PPM or PAM file; see eg_format. */
bool eg_pnm_probe(const eg_input *input, const uint8_t *bytes, size_t size);

/* Reads and checks the header, also against the context's limits. */
eg_status eg_pnm_read_header(eg_pnm_header *header, eg_input *input, eg_error *error);

/* ---- joined images (pnm_pages.c) ------------------------------------------------------------- */

/* Returns the number of bytes of a row of raw samples. */
size_t eg_pnm_row_bytes(const eg_pnm_header *header);

/* Lists the images of a regular file, of which nothing has been read, in source->pages if there are
 * several. The list ends before an image whose place is not known because the one before is plain,
 * and at the first invalid header. */
eg_status eg_pnm_list_pages(eg_source *source, eg_input *input, eg_error *error);

/* Skips the images before number `page`. EG_USAGE: there are fewer. */
eg_status eg_pnm_find_page(eg_input *input, int page, eg_error *error);

/* Returns true if another image follows. */
bool eg_pnm_another(eg_input *input);

#endif
