/* SPDX-License-Identifier: MIT */
/* Input and output streams, and the table of formats. */
#ifndef EG_IO_IO_H
#define EG_IO_IO_H

#include <errno.h>
#include <limits.h>
#include <sys/types.h>

#include "core/context.h"
#include "core/software.h"
#include "core/status.h"
#include "core/stream.h"
#include "io/read_options.h"

/* ---- input streams (input.c)
 * ---------------------------------------------------------------------- */

struct eg_inflate;    /* see compressed/inflate.h */
struct eg_zip_member; /* see compressed/inflate.h */

/* A stream of bytes that cannot be rewound, with look-ahead for recognising the format. Of a
 * compressed file it has the content. */
typedef struct eg_input {
    eg_context *ctx;
    char *name; /* path for messages, or "standard input"; not escaped */
    /* path of the content, for its extension and sidecar files: "dem.asc" of dem.asc.gz,
     * "N45E007.hgt" beside an archive with that member; else equal to name. NULL: standard input */
    char *path;
    int fd;
    uint8_t *buffer;
    size_t at, end; /* unread bytes of the buffer: at .. end - 1 */
    bool eof;       /* true if the end has been reached */
    bool regular;   /* true for a regular file, of `opened_size` bytes when it was opened */
    uint64_t opened_size;

    struct eg_inflate *inflate; /* decoder of a compressed file; NULL: the file is read as it is */
    uint64_t size;              /* length that the compressed file states for its content */
    bool size_used;             /* true if a reader relies on `size` */
    bool tolerate;              /* damaged compressed data ends the stream without failing */
    eg_error look_failure;      /* of the first eg_input_look() that failed */
} eg_input;

enum { EG_INPUT_BUFFER = 128 * 1024, EG_PROBE_BYTES = 64, EG_HEAD_BYTES = 4096 };

/* Opens `path`, or standard input if it is "-". EG_FILE: it cannot be opened, or is a folder. */
eg_status eg_input_open(eg_input **input, eg_context *ctx, const char *path, eg_error *error);
void eg_input_close(eg_input *input); /* accepts NULL */

/* Sets *regular to whether `path` is a regular file, which can be opened without waiting. EG_FILE
 * or EG_NO_MEMORY: the system cannot tell; a file that does not exist is no error. */
eg_status eg_is_regular_file(bool *regular, const char *path, eg_error *error);

/* Returns the path whose extension names the format of the content; "" for standard input. */
const char *eg_input_path(const eg_input *input);

/* Makes at least `want` (<= EG_INPUT_BUFFER) bytes available at buffer + at, fewer only at the end
 * of the stream, and sets *have to their number. Does not consume them. */
eg_status eg_input_peek(eg_input *input, size_t want, size_t *have, eg_error *error);

/* Reads up to `size` bytes; *got is less only at the end of the stream. */
eg_status eg_input_read(eg_input *input, void *bytes, size_t size, size_t *got, eg_error *error);

/* Skips up to `count` bytes, with lseek(2) if the input is a regular file; *passed is less only at
 * the end of the stream. */
eg_status eg_input_skip(eg_input *input, uint64_t count, uint64_t *passed, eg_error *error);

/* Returns true if the input is a regular file, with the file offset of the next unread byte, which
 * need not be its position in the file because standard input may be shared, and the number of
 * bytes from there to the end. */
bool eg_input_file_range(const eg_input *input, off_t *at, uint64_t *size);

/* Copies up to `size` bytes that come `ahead` bytes after the next unread one, without consuming
 * any, and returns their number: less at the end, and 0 if they cannot be read, or are beyond the
 * EG_INPUT_BUFFER bytes of look-ahead of a pipe. */
size_t eg_input_look(eg_input *input, uint64_t ahead, void *bytes, size_t size);

/* Returns the failure of an eg_input_look() that could not read, EG_OK if none failed: to be called
 * before an absence of bytes is taken for the end of the file. */
eg_status eg_input_look_status(const eg_input *input, eg_error *error);

/* Returns true and sets *size to the length of the whole stream if it is known before reading: of a
 * regular file and of a compressed one. */
bool eg_input_size(eg_input *input, uint64_t *size);

/* Replaces the stream, of which nothing has been consumed, by the content of a gzip file (`member`
 * NULL) or of the member of a zip archive. (compressed/decompress.c chooses it.) */
eg_status eg_input_inflate(eg_input *input, const struct eg_zip_member *member, eg_error *error);

/* Reads a compressed stream to its end, so that its checksum is verified; EG_LIMIT_EXCEEDED if that
 * is much more than was read before. */
eg_status eg_input_finish(eg_input *input, eg_error *error);

/* Records an error "name: message" with the name of the input, and returns `status`. */
eg_status eg_input_fail(const eg_input *input, eg_error *error, eg_status status,
                        const char *format, ...) EG_PRINTF(4, 5);

/* ---- output streams (output/) ---------------------------------------------------------------- */

/* A file that appears under its name only when committed; pipes and devices are written directly.
 */
typedef struct eg_output eg_output;

/* Opens `path`, or standard output if it is "-". EG_FILE: it cannot be written. */
eg_status eg_output_open(eg_output **output, eg_context *ctx, const char *path, eg_error *error);
eg_status eg_output_write(eg_output *output, const void *bytes, size_t size, eg_error *error);

/* Replaces a path by the target of its symbolic links, which need not exist. Returns true if that
 * is an open descriptor of a process, such as /dev/stdout. (output/target.c) */
bool eg_follow_links(char path[PATH_MAX]);

/* Returns the length of the folder part of a path, including the slash. (output/target.c) */
size_t eg_folder_length(const char *path);

/* Makes eg_output_seek() possible; called before the first write. The content of a pipe is
 * collected in a temporary file. */
eg_status eg_output_seekable(eg_output *output, eg_error *error);

/* Sets the position of the next write, in bytes from the start of the file. */
eg_status eg_output_seek(eg_output *output, uint64_t at, eg_error *error);

/* Completes the file and publishes it, with the files attached to it. If it belongs to a set, the
 * set publishes it, and owns it from then on. */
eg_status eg_output_commit(eg_output *output, eg_error *error);

/* Makes eg_output_commit() leave the publication to eg_output_publish(), which does nothing if
 * there is nothing to publish. */
void eg_output_defer_commit(eg_output *output);
eg_status eg_output_publish(eg_output *output, eg_error *error);

/* Makes an output, before its commit, part of a set. (output/set.c) */
eg_status eg_output_join(eg_output *output, eg_outputs *set, eg_error *error);

/* Passes a complete output to its set. (output/set.c) */
void eg_outputs_take(eg_outputs *set, eg_output *output);

/* Completes a sidecar file, which is published together with `output`, and discarded with it. Takes
 * ownership of `sidecar`, also on failure. */
eg_status eg_output_attach(eg_output *output, eg_output *sidecar, eg_error *error);

/* Removes a sidecar file that no longer applies when `output` is published. */
eg_status eg_output_attach_removal(eg_output *output, const char *path, eg_error *error);

bool eg_output_is_file(const eg_output *output);  /* false: a pipe, a device or standard output */
bool eg_output_replaces(const eg_output *output); /* true if the file exists */

void eg_output_close(eg_output *output); /* discards an uncommitted file; accepts NULL */
const char *eg_output_name(const eg_output *output); /* path for messages, not escaped */
eg_context *eg_output_context(const eg_output *output);

/* Records an error "name: message" with the name of the output, and returns `status`. */
eg_status eg_output_fail(const eg_output *output, eg_error *error, eg_status status,
                         const char *format, ...) EG_PRINTF(4, 5);

/* Opens an unnamed file in $TMPDIR, or else in /tmp, which is deleted when closed. Returns its
 * descriptor; -1 with errno set on failure. (output/temporary.c) */
int eg_temporary_file(void);

/* ---- existing outputs (origin.c) ------------------------------------------------------------- */

/* An existing file: its descriptor, its size, and its first bytes. */
typedef struct eg_file_head {
    int fd;
    uint64_t size;
    uint8_t bytes[EG_HEAD_BYTES];
    size_t count; /* number of `bytes` */
} eg_file_head;

/* Reads `count` bytes from position `at` on. Returns false if there are fewer. */
bool eg_file_head_read(const eg_file_head *head, uint64_t at, void *bytes, size_t count);

/* Returns true if the file begins with the text. */
bool eg_file_head_begins(const eg_file_head *head, const char *text);

/* ---- formats (formats.c) --------------------------------------------------------------------- */

/* Sidecar files that hold the georeferencing that a written file cannot. */
enum {
    EG_SIDECAR_WORLD = 1,   /* world file: the transform */
    EG_SIDECAR_PRJ = 2,     /* .prj: the coordinate system */
    EG_SIDECAR_AUX = 4,     /* .aux.xml: system, transform, nodata, unit */
    EG_SIDECAR_REST = 8,    /* .aux.xml, only for a system that GeoTIFF keys cannot hold */
    EG_SIDECAR_COLOURS = 16 /* samples are colours: .aux.xml has no values of the band */
};

typedef struct eg_format {
    const char *name;       /* as in --format and messages: "png" */
    const char *extensions; /* comma-separated, lower case: "jpg,jpeg" */

    /* For eg_format_about(); NULL: there is nothing to say. A row without a title is not listed. */
    const char *title;
    const char *reads;   /* the files that are read */
    const char *writes;  /* what is written, besides the samples of `accepts` */
    const char *options; /* names of the options that it has, but for encodings */
    const char *georef;  /* the georeferencing that a file holds, without sidecar files */
    const char *limits;  /* what a file cannot hold */

    bool match_by_extension; /* true if only files with an extension above are of this format,
                                because their content has no signature */
    bool reads_sidecars;     /* true if open() reads the sidecar files of georeferencing itself */
    bool reads_bands;        /* true if it implements `band` of eg_read_options */
    bool is_image;           /* true if .prj is read only beside a world file or .aux.xml, because
                                other programs have files of that name beside images */
    /* true if it implements `encoding` of eg_read_options, or of eg_write_options: elevations as
     * colours */
    bool reads_encoding, writes_encoding;

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
    unsigned sidecars; /* files that are written beside it: EG_SIDECAR_WORLD ... */
    /* accepted sample types, bit 1 << eg_sample each; copied to eg_sink.accepts unless create() has
     * set that. Callers send EG_U8 to a format that does not accept EG_BIT */
    unsigned accepts;
    /* Returns who wrote a file, EG_ORIGIN_OTHER also for a file of another format. NULL: the format
     * cannot be written. */
    eg_origin (*origin)(const eg_file_head *head);
} eg_format;

extern const eg_format *const eg_formats[]; /* ends with NULL */

/* Returns the format with that name or extension, ignoring case; NULL if there is none. */
const eg_format *eg_format_by_name(const char *name);

/* Returns the format for the extension of `path`, ignoring case; NULL if there is none. */
const eg_format *eg_format_by_extension(const char *path);

/* ---- shared by several formats --------------------------------------------------------------- */

/* Fails with EG_USAGE because the file `name`, which has `count` pages, has no page `page`.
 * (pages.c) */
eg_status eg_fail_page(const char *name, int page, size_t count, eg_error *error);

/* Fails with EG_USAGE because the file `name`, which has `count` bands, has no band `band`.
 * (pages.c) */
eg_status eg_fail_band(const char *name, int band, int count, eg_error *error);

/* Called after opening a source: sets the page of formats that have only one, fails if another one
 * was asked for, and records a warning if there are several images and none was chosen. (pages.c)
 */
eg_status eg_page_check(eg_source *source, const eg_read_options *options, const char *name,
                        eg_error *error);

/* Creates a source that applies the EXIF orientation 2..8 to the rows of `stored`; it holds the
 * whole image in memory. Takes ownership of `stored`, also on failure. (orient.c) */
eg_status eg_orient(eg_source **source, eg_source *stored, int orientation, eg_error *error);

/* Creates a source whose samples are those of `stored`, and NaN where those of `mask` are 0 or
 * missing; bytes become floats. It has the name of `stored`, if any. Takes ownership of both, also
 * on failure. EG_BAD_INPUT: their sizes differ. (mask.c) */
eg_status eg_mask_apply(eg_source **source, eg_source *stored, eg_source *mask, eg_error *error);

/* Changes a transform (eg_georef.transform) of the stored rows to that of the oriented rows.
 * (orient.c) */
void eg_orient_transform(double transform[6], int orientation, size_t stored_width,
                         size_t stored_height);

/* Returns the orientation, 1..8, in an EXIF block, which is a TIFF structure ("II*\0..." or
 * "MM\0*..."); 1 if it has no valid orientation. (exif.c) */
int eg_exif_orientation(const uint8_t *bytes, size_t size);

#endif
