/* SPDX-License-Identifier: MIT */
/* Vector formats: how the lines of an eg_line_file are written. */
#ifndef EG_IO_VECTOR_VECTOR_H
#define EG_IO_VECTOR_VECTOR_H

#include <string.h>

#include "io/io.h"

typedef struct eg_line_format eg_line_format;

struct eg_line_file {
    eg_output *output;
    const eg_line_format *format;
    size_t width, height;
    bool edges;              /* lines are those of edges */
    bool colours;            /* edges have colours on both sides */
    bool reversed;           /* points are written from the last to the first */
    char level_name[32];     /* of the level of a line, for formats that name it */
    unsigned epsg;           /* code of the coordinate system; 0: unknown */
    double transform[6];     /* from column and row to the coordinates of the file */
    int places;              /* decimal places of coordinates */
    uint64_t lines;          /* number of lines or areas written */
    bool areas;              /* the file has areas, not lines */
    const eg_georef *georef; /* of the raster while the file begins, else NULL; or unknown */
    eg_context *ctx;
    void *own; /* state of the format; NULL: none yet */
};

/* A format: a file that ends with its row, and a line in line_file.c. */
struct eg_line_format {
    const char *name;       /* as in --format: "geojson" */
    const char *title;      /* for eg_format_about(): "GeoJSON" */
    const char *help;       /* short description */
    const char *georef;     /* for eg_format_about(): the coordinates of a file */
    const char *extensions; /* comma-separated, lower case */
    int places;             /* decimal places of coordinates; 0: by the size of a cell */
    bool pixels;            /* coordinates are always pixels, 0,0 the corner of the first one */
    bool upwards;           /* y increases upwards also without georeferencing */
    eg_status (*begin)(eg_line_file *file, eg_error *error);
    eg_status (*line)(eg_line_file *file, const eg_line *line, eg_error *error);
    eg_status (*area)(eg_line_file *file, const eg_area *area, eg_error *error); /* NULL: refused */
    eg_status (*end)(eg_line_file *file, eg_error *error); /* NULL: nothing to write */
    void (*release)(eg_line_file *file);                   /* frees `own`; NULL: nothing to free */
};

/* Returns vector format `index`, counted from 0; NULL past the last. (line_file.c) */
const eg_line_format *eg_line_format_at(size_t index);

/* Writes formatted text of at most 1000 bytes. Numbers must not be floating-point, whose decimal
 * point depends on the locale. */
eg_status eg_line_file_print(eg_line_file *file, eg_error *error, const char *format, ...)
    EG_PRINTF(3, 4);

/* Copies `length` bytes of text to `out`, and returns their end. */
static inline char *eg_put_text(char *out, const char *text, size_t length)
{
    memcpy(out, text, length);
    return out + length;
}

enum { EG_COLOUR_TEXT = 7 }; /* length of a colour */

/* Writes a colour as #rrggbb to `out`, and returns the end of the text. */
char *eg_put_colour(char *out, const uint8_t colour[3]);

enum { EG_POSITION_TEXT = 96 }; /* buffer size for a position */

/* Writes the points of lines one by one. */
typedef struct eg_position_writer {
    const eg_line_file *file;
    const eg_line *line;
    size_t next;                 /* index of the next point */
    size_t index;                /* of the point in the line */
    size_t written;              /* number of points written */
    char text[EG_POSITION_TEXT]; /* the point: x, `between` and y; not terminated */
    size_t length;               /* of the text */
    size_t x_length;             /* of x in it */
} eg_position_writer;

/* Returns a line without the last point of a closed line, which repeats the first. */
static inline eg_line eg_line_without_repeat(const eg_line *line)
{
    eg_line shorter = *line;
    shorter.count -= line->closed && line->count > 2;
    return shorter;
}

/* Returns ring `index` of an area, whose first point is *first, as a closed line, and moves *first
 * to that of the next ring. */
static inline eg_line eg_area_ring(const eg_area *area, size_t index, size_t *first)
{
    const eg_line ring = {.points = area->points + 2 * *first,
                          .count = area->counts[index],
                          .level = area->low,
                          .closed = true};
    *first += area->counts[index];
    return ring;
}

/* Writes the next point that differs from the one before in the digits of the file to w->text, x
 * and y separated by the character `between`. Returns false after the last one. A line has at least
 * two points. */
bool eg_position_next(eg_position_writer *w, char between);

#endif
