/* SPDX-License-Identifier: MIT */
/* Bytes in, bytes out, and the table of formats. A format is one file here and one row there. */
#ifndef EG_IO_IO_H
#define EG_IO_IO_H

#include "core/context.h"
#include "core/status.h"
#include "core/stream.h"

/* ---- bytes in (input.c) ---------------------------------------------------------------------- */

/* A stream of bytes that cannot be rewound, with a look-ahead long enough to tell a format. */
typedef struct eg_input {
    eg_context *ctx;
    char *name; /* for messages: the path, or "standard input"; not escaped */
    int fd;
    uint8_t *buffer;
    size_t at, end; /* unread bytes of buffer */
    bool eof;
} eg_input;

enum { EG_INPUT_BUFFER = 128 * 1024, EG_PROBE_BYTES = 64 };

eg_status eg_input_open(eg_input **input, eg_context *ctx, const char *path, eg_error *error);
void eg_input_close(eg_input *input); /* accepts NULL */

/* Makes at least `want` (<= EG_INPUT_BUFFER) bytes available at buffer + at, fewer only at the end
 * of the stream; *have is their number. Bytes already available are kept. */
eg_status eg_input_peek(eg_input *input, size_t want, size_t *have, eg_error *error);

/* Copies up to `size` bytes; *got is less only at the end of the stream. */
eg_status eg_input_read(eg_input *input, void *bytes, size_t size, size_t *got, eg_error *error);

/* Passes over up to `count` bytes, without reading them where a file lets one; *passed is less only
 * at the end of the stream. */
eg_status eg_input_skip(eg_input *input, uint64_t count, uint64_t *passed, eg_error *error);

/* Fails with `status` in the name of the input: "name: message". */
eg_status eg_input_fail(const eg_input *input, eg_error *error, eg_status status,
                        const char *format, ...) EG_PRINTF(4, 5);

/* ---- bytes out (output.c) -------------------------------------------------------------------- */

/* A file that appears under its name only when committed; pipes and devices are written directly.
 */
typedef struct eg_output eg_output;

eg_status eg_output_open(eg_output **output, eg_context *ctx, const char *path, eg_error *error);
eg_status eg_output_write(eg_output *output, const void *bytes, size_t size, eg_error *error);

/* For formats that go back to what they have written: before anything else is written, makes it
 * possible (a pipe's content is gathered in a temporary file); and goes to byte `at` of the file.
 */
eg_status eg_output_seekable(eg_output *output, eg_error *error);
eg_status eg_output_seek(eg_output *output, uint64_t at, eg_error *error);

eg_status eg_output_commit(eg_output *output, eg_error *error); /* flushes, renames */

/* From now on eg_output_commit() leaves the last step, renaming, to eg_output_publish(), which does
 * nothing where there is nothing to rename. */
void eg_output_defer_commit(eg_output *output);
eg_status eg_output_publish(eg_output *output, eg_error *error);

void eg_output_close(eg_output *output); /* abandons what was not committed; accepts NULL */
const char *eg_output_name(const eg_output *output); /* for messages; not escaped */
eg_context *eg_output_context(const eg_output *output);
eg_status eg_output_fail(const eg_output *output, eg_error *error, eg_status status,
                         const char *format, ...) EG_PRINTF(4, 5);

/* A file of no name in $TMPDIR, else /tmp, that is gone when closed; -1: errno says why.
 * (temporary.c) */
int eg_temporary_file(void);

/* ---- formats (formats.c) --------------------------------------------------------------------- */

typedef struct eg_format {
    const char *name;       /* as in --format and messages: "png" */
    const char *help;       /* what it is, in a few words */
    const char *extensions; /* comma-separated, lower case: "jpg,jpeg" */

    bool match_by_extension; /* reads only files with an extension above, because their contents
                                begin with plain numbers */
    bool supports_encoding;  /* can hold elevations as colours: implements the `encoding` of
                                eg_read_options and eg_write_options */

    /* Returns true if `input`, whose first `size` bytes (at most EG_PROBE_BYTES) are given, is of
     * this format. Formats are asked in the order of the table; NULL: the extension decides. */
    bool (*probe)(const eg_input *input, const uint8_t *bytes, size_t size);
    /* Reading; NULL if this format is only written. Takes ownership of `input`, also on failure,
     * and sets *source to a source with `info` filled in. */
    eg_status (*open)(eg_source **source, eg_input *input, const eg_read_options *options,
                      eg_error *error);

    /* Writing; NULL where this format is only read. create() takes over `output` likewise. Before
     * begin() is called, eg_sink.accepts says which samples it takes; an EG_BIT row sent to a
     * format that lacks it is never seen: the caller sends EG_U8 instead. */
    eg_status (*create)(eg_sink **sink, eg_output *output, const eg_write_options *options,
                        eg_error *error);
    unsigned accepts; /* copied to eg_sink.accepts unless create() has set that: bit 1 << eg_sample
                         each */
} eg_format;

extern const eg_format *const eg_formats[]; /* ends with NULL */

const eg_format *eg_format_by_name(const char *name);      /* NULL: none */
const eg_format *eg_format_by_extension(const char *path); /* NULL: none; case does not matter */

/* ---- what several formats share -------------------------------------------------------------- */

/* Turns a source upright (orient.c): `stored` hands out rows as stored; *source hands out the rows
 * of EXIF orientation 2..8 applied. Takes over `stored`, success or not. It holds the whole grid.
 */
eg_status eg_orient(eg_source **source, eg_source *stored, int orientation, eg_error *error);

/* The orientation, 1..8, in a TIFF-structured EXIF block ("II*\0..." or "MM\0*..."); 1 where it
 * says nothing usable. Reads nothing outside `size` bytes. (exif.c) */
int eg_exif_orientation(const uint8_t *bytes, size_t size);

#endif
