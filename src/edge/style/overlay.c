/* SPDX-License-Identifier: MIT */
/* Edges in a colour over the image. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/pipeline.h"
#include "core/status.h"
#include "edge/style/style.h"

typedef struct overlay {
    const eg_planes *planes;
    size_t first; /* raster row of the first row of the planes */
    size_t image_planes;
    float scale; /* from the levels of the image to 0 .. 255 */
    const uint8_t *colour;
} overlay;

/* Returns the byte of a level, 0 of NaN. */
static uint8_t byte_of(float level)
{
    return level >= 255 ? 255 : level > 0 ? (uint8_t)lroundf(level) : 0;
}

/* Converts a plane to one of the three bytes of each pixel. */
static void interleave_f32(uint8_t *out, const float *plane, size_t width, float scale)
{
    for (size_t x = 0; x < width; x++)
        out[3 * x] = byte_of(plane[x] * scale);
}

static void interleave_u8(uint8_t *out, const uint8_t *plane, size_t width, float scale)
{
    const bool same = !(scale < 1) && !(scale > 1);
    for (size_t x = 0; x < width; x++)
        out[3 * x] = same ? plane[x] : byte_of((float)plane[x] * scale);
}

/* Sets the pixels whose bits are set to the colour. */
static void paint(uint8_t *out, const uint64_t *bits, size_t words, const uint8_t colour[3])
{
    for (size_t i = 0; i < words; i++)
        for (uint64_t left = bits[i]; left; left &= left - 1)
            memcpy(out + 3 * (64 * i + (size_t)__builtin_ctzll(left)), colour, 3);
}

static eg_status run_overlay(const eg_stage *stage, const eg_band *band, size_t strip, size_t y0,
                             size_t y1, void *scratch, const eg_rows out[], eg_error *error)
{
    (void)strip, (void)scratch, (void)error;
    const overlay *o = stage->opaque;
    for (size_t y = y0; y < y1; y++) {
        uint8_t *to = (uint8_t *)out->data + (y - y0) * out->stride;
        for (size_t k = 0; k < 3; k++) {
            const void *plane = eg_band_plane(band, (ptrdiff_t)y, o->image_planes > 1 ? k : 0);
            if (band->sample == EG_U8)
                interleave_u8(to + k, plane, band->width, o->scale);
            else
                interleave_f32(to + k, plane, band->width, o->scale);
        }
        paint(to, eg_edge_row(o->planes, y - o->first), o->planes->words, o->colour);
    }
    return EG_OK;
}

eg_status eg_edges_overlay(const eg_planes *planes, const eg_source *from, eg_sink *sink,
                           const eg_edge_style *style, eg_error *error)
{
    eg_source *image = style->image;
    eg_status status = eg_source_as_float(image, false, error);
    if (status != EG_OK)
        return status;
    overlay o = {.planes = planes,
                 .first = eg_source_span(image).first,
                 .image_planes = eg_source_planes(image),
                 .scale = image->info.white_level > 0 ? 255 / image->info.white_level : 1,
                 .colour = style->colour};
    const eg_stage stage = {.opaque = &o, .run = run_overlay};
    const eg_layout layout = eg_layout_of(from, EG_RGB);
    if (image->info.sample != EG_U8 && image->info.sample != EG_F32)
        return eg_fail(error, EG_USAGE, "an overlay needs integers or floats, not bits or colours");
    image->internal = true;
    status = eg_sink_begin(sink, &layout, error);
    if (status == EG_OK)
        status = eg_pipeline_run(image, &stage, &sink, 1, error);
    if (status == EG_OK)
        status = eg_sink_finish(sink, error);
    return status;
}
