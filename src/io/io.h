/* SPDX-License-Identifier: MIT */
/* Input and output streams, and the table of formats. */
#ifndef EG_IO_IO_H
#define EG_IO_IO_H

#include "core/context.h"
#include "core/status.h"
#include "core/stream.h"

/* ---- input streams (input.c)
 * ---------------------------------------------------------------------- */

/* A stream of bytes that cannot be rewound, with look-ahead for recognising the format. */
typedef struct eg_input {
    eg_context *ctx;
    char *name; /* path for messages, or "standard input"; not escaped */
    int fd;
    uint8_t *buffer;
    size_t at, end; /* unread bytes of the buffer: at .. end - 1 */
    bool eof;       /* true if read(2) has reported the end */
} eg_input;

enum { EG_INPUT_BUFFER = 128 * 1024, EG_PROBE_BYTES = 64 };

/* Opens `path`, or standard input if it is "-". EG_FILE: it cannot be opened, or is a folder. */
eg_status eg_input_open(eg_input **input, eg_context *ctx, const char *path, eg_error *error);
void eg_input_close(eg_input *input); /* accepts NULL */

/* Makes at least `want` (<= EG_INPUT_BUFFER) bytes available at buffer + at, fewer only at the end
 * of the stream, and sets *have to their number. Does not consume them. */
eg_status eg_input_peek(eg_input *input, size_t want, size_t *have, eg_error *error);

/* Reads up to `size` bytes; *got is less only at the end of the stream. */
eg_status eg_input_read(eg_input *input, void *bytes, size_t size, size_t *got, eg_error *error);

/* Skips up to `count` bytes, with lseek(2) if the input is a regular file; *passed is less only at
 * the end of the stream. */
eg_status eg_input_skip(eg_input *input, uint64_t count, uint64_t *passed, eg_error *error);

/* Records an error "name: message" with the name of the input, and returns `status`. */
eg_status eg_input_fail(const eg_input *input, eg_error *error, eg_status status,
                        const char *format, ...) EG_PRINTF(4, 5);

/* ---- output streams (output.c)
 * -------------------------------------------------------------------- */

/* A file that appears under its name only when committed; pipes and devices are written directly.
 */
typedef struct eg_output eg_output;

/* Opens `path`, or standard output if it is "-". EG_FILE: it cannot be written. */
eg_status eg_output_open(eg_output **output, eg_context *ctx, const char *path, eg_error *error);
eg_status eg_output_write(eg_output *output, const void *bytes, size_t size, eg_error *error);

/* Makes eg_output_seek() possible; called before the first write. The content of a pipe is
 * collected in a temporary file. */
eg_status eg_output_seekable(eg_output *output, eg_error *error);

/* Sets the position of the next write, in bytes from the start of the file. */
eg_status eg_output_seek(eg_output *output, uint64_t at, eg_error *error);

/* Writes buffered bytes and renames the file to its final name. */
eg_status eg_output_commit(eg_output *output, eg_error *error);

/* Makes eg_output_commit() leave the renaming to eg_output_publish(), which does nothing if there
 * is nothing to rename. */
void eg_output_defer_commit(eg_output *output);
eg_status eg_output_publish(eg_output *output, eg_error *error);

void eg_output_close(eg_output *output); /* discards an uncommitted file; accepts NULL */
const char *eg_output_name(const eg_output *output); /* path for messages, not escaped */
eg_context *eg_output_context(const eg_output *output);

/* Records an error "name: message" with the name of the output, and returns `status`. */
eg_status eg_output_fail(const eg_output *output, eg_error *error, eg_status status,
                         const char *format, ...) EG_PRINTF(4, 5);

/* Opens an unnamed file in $TMPDIR, or else in /tmp, which is deleted when closed. Returns its
 * descriptor; -1 with errno set on failure. (temporary.c) */
int eg_temporary_file(void);

/* ---- formats (formats.c) --------------------------------------------------------------------- */

typedef struct eg_format {
    const char *name;       /* as in --format and messages: "png" */
    const char *help;       /* short description for --help */
    const char *extensions; /* comma-separated, lower case: "jpg,jpeg" */

    bool match_by_extension; /* true if only files with an extension above are of this format,
                                because their content has no signature */
    bool supports_encoding;  /* true if it implements `encoding` of eg_read_options and
                                eg_write_options (elevations as colours) */

    /* Returns true if `input`, whose first `size` bytes (at most EG_PROBE_BYTES) are given, is of
     * this format. The first format of the table that returns true opens the input. NULL: the
     * extension decides. */
    bool (*probe)(const eg_input *input, const uint8_t *bytes, size_t size);
    /* Creates a source with `info` filled in. Takes ownership of `input`, also on failure. NULL:
     * the format cannot be read. */
    eg_status (*open)(eg_source **source, eg_input *input, const eg_read_options *options,
                      eg_error *error);

    /* Creates a sink. Takes ownership of `output`, also on failure. NULL: the format cannot be
     * written. */
    eg_status (*create)(eg_sink **sink, eg_output *output, const eg_write_options *options,
                        eg_error *error);
    /* accepted sample types, bit 1 << eg_sample each; copied to eg_sink.accepts unless create() has
     * set that. Callers send EG_U8 to a format that does not accept EG_BIT */
    unsigned accepts;
} eg_format;

extern const eg_format *const eg_formats[]; /* ends with NULL */

/* Returns the format with that name or extension, ignoring case; NULL if there is none. */
const eg_format *eg_format_by_name(const char *name);

/* Returns the format for the extension of `path`, ignoring case; NULL if there is none. */
const eg_format *eg_format_by_extension(const char *path);

/* ---- shared by several formats --------------------------------------------------------------- */

/* Creates a source that applies the EXIF orientation 2..8 to the rows of `stored`; it holds the
 * whole image in memory. Takes ownership of `stored`, also on failure. (orient.c) */
eg_status eg_orient(eg_source **source, eg_source *stored, int orientation, eg_error *error);

/* Creates a source whose samples are those of `stored`, and NaN where those of `mask` are 0 or
 * missing; bytes become floats. It has the name of `stored`. Takes ownership of both, also on
 * failure. EG_BAD_INPUT: their sizes differ. (mask.c) */
eg_status eg_mask_apply(eg_source **source, eg_source *stored, eg_source *mask, eg_error *error);

/* Returns the orientation, 1..8, in an EXIF block, which is a TIFF structure ("II*\0..." or
 * "MM\0*..."); 1 if it has no valid orientation. (exif.c) */
int eg_exif_orientation(const uint8_t *bytes, size_t size);

#endif
