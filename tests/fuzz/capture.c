/* SPDX-License-Identifier: MIT */
/* Keeps what the command prints. */
#include "capture.h"

#include <stdlib.h>
#include <string.h>

/* A stream to memory, which is never closed: a library that is loaded while it is the standard
 * output keeps its address. */
typedef struct memory_stream {
    FILE *file;
    char *bytes;
    size_t size;
} memory_stream;

static memory_stream streams[2];

static FILE *restart(memory_stream *stream)
{
    if (!stream->file)
        stream->file = open_memstream(&stream->bytes, &stream->size);
    if (!stream->file)
        abort();
    rewind(stream->file);
    return stream->file;
}

/* Returns a copy of what the stream received, as a text. */
static char *finish(memory_stream *stream, size_t *size)
{
    fflush(stream->file);
    *size = stream->size;
    char *text = malloc(*size + 1);
    if (!text)
        abort();
    memcpy(text, stream->bytes, *size);
    text[*size] = '\0';
    return text;
}

void capture_begin(capture *c)
{
    *c = (capture){.own_stdout = stdout, .own_stderr = stderr};
    stdout = restart(&streams[0]);
    stderr = restart(&streams[1]);
}

void capture_end(capture *c)
{
    stdout = c->own_stdout;
    stderr = c->own_stderr;
    c->printed = finish(&streams[0], &c->printed_size);
    c->complaints = finish(&streams[1], &c->complaints_size);
}

void capture_free(capture *c)
{
    free(c->printed);
    free(c->complaints);
}
