/* SPDX-License-Identifier: MIT */
/*
 * Edges of the image that is loaded. What thresholds and style do not change is kept between calls:
 * the local maxima and their magnitudes, so that thresholds follow a finger.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "web/glue/image.h"

/* A first pass, with the thresholds of the automatic rule. */
static struct {
    unsigned image; /* number of the image */
    char *lines;    /* the options */
    bool adjustable;
    eg_source *source;
    eg_edges_block *block;
    eg_edge_histogram *histogram;
    double low, high; /* of the automatic rule */
    bool marked;      /* with other thresholds */
} pass;

/* Request for edges: options, thresholds and appearance. */
typedef struct request {
    const eg_edges_options *options; /* without thresholds */
    double low, high;                /* in levels per pixel; NaN: automatic */
    eg_edge_style style;
} request;

static void forget_pass(void)
{
    eg_edges_block_free(pass.block);
    eg_edge_histogram_free(pass.histogram);
    eg_source_close(pass.source);
    free(pass.lines);
    memset(&pass, 0, sizeof pass);
}

/* ---- writing ---- */

/* A sink for the edges as a mask or in colours, and a source of the image for colours. */
static eg_status open_output(eg_edge_style *style, eg_sink **sink, eg_grid *grid, eg_error *error)
{
    const bool colours = style->paint != EG_PAINT_MASK;
    *grid = (eg_grid){.data = colours ? web_loaded.rgba : web_loaded.mask,
                      .width = web_loaded.width,
                      .height = web_loaded.height,
                      .stride = (colours ? 3 : 1) * web_loaded.width,
                      .sample = colours ? EG_RGB : EG_U8};
    eg_status status = eg_sink_grid(sink, web_context(error), grid, error);
    return status == EG_OK && colours ? web_image_source(&style->image, true, error) : status;
}

/* Expands the result to four bytes a pixel, from the last pixel on because colours are expanded in
 * place. */
static void expand(bool colours)
{
    uint8_t *out = web_loaded.rgba;
    for (size_t i = web_loaded.width * web_loaded.height; i-- > 0;) {
        const uint8_t *in = colours ? out + 3 * i : web_loaded.mask + i;
        const uint8_t rgb[3] = {in[0], in[colours], in[2 * colours]};
        memcpy(out + 4 * i, rgb, sizeof rgb);
        out[4 * i + 3] = 255;
    }
}

/* Writes the edges of the pass. */
static eg_status write_pass(const request *r, eg_edges_result *result, eg_error *error)
{
    eg_edge_style style = r->style;
    eg_sink *sink = NULL;
    eg_grid grid;
    eg_status status = open_output(&style, &sink, &grid, error);
    if (status == EG_OK) {
        eg_edges_block_style(pass.block, &style);
        status = eg_edges_block_write(pass.block, sink, result, error);
    }
    eg_sink_close(sink);
    eg_source_close(style.image);
    return status;
}

/* Detects edges without a pass that is kept, with thresholds that are given. */
static eg_status write_once(const request *r, eg_edges_result *result, eg_error *error)
{
    eg_edges_options options = *r->options;
    options.low = r->low;
    options.high = r->high;
    options.unit = EG_UNIT_PIXEL;
    options.style = r->style;
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_grid grid;
    eg_status status = web_image_source(&source, web_uses_colours(&options), error);
    if (status == EG_OK)
        status = open_output(&options.style, &sink, &grid, error);
    if (status == EG_OK)
        status = eg_edges(source, sink, &options, result, error);
    eg_sink_close(sink);
    eg_source_close(options.style.image);
    eg_source_close(source);
    return status;
}

/* ---- the first pass ---- */

/* Returns true if edges can be marked again with these options. */
static bool is_adjustable(const eg_edges_options *options)
{
    return strcmp(options->op, "gaussian") == 0 || options->method == EG_EDGE_RIDGE;
}

/* Gets the thresholds of the automatic rule. */
static eg_status note_thresholds(const request *r, eg_error *error)
{
    eg_edges_options chosen = *r->options;
    eg_edges_result result;
    const request plain = {.options = r->options};
    if (pass.adjustable) {
        eg_status status = eg_edge_histogram_thresholds(pass.histogram, &chosen, error);
        pass.low = chosen.low;
        pass.high = chosen.high;
        return status;
    }
    eg_status status = write_pass(&plain, &result, error);
    if (status == EG_OK) {
        pass.low = result.low;
        pass.high = result.high;
    }
    return status;
}

static eg_status begin_pass(const request *r, eg_error *error)
{
    pass.adjustable = is_adjustable(r->options);
    eg_status status = web_image_source(&pass.source, web_uses_colours(r->options), error);
    if (status == EG_OK)
        status = eg_edge_histogram_new(&pass.histogram, web_context(error), error);
    if (status == EG_OK)
        status = (pass.adjustable ? eg_edges_block_new_adjustable : eg_edges_block_new)(
            &pass.block, pass.source, r->options, error);
    if (status == EG_OK)
        status = eg_edges_block_histogram(pass.block, pass.histogram, error);
    if (status == EG_OK)
        status = eg_edges_block_link(pass.block, pass.histogram, error);
    return status == EG_OK ? note_thresholds(r, error) : status;
}

/* Begins a pass, unless the one that is kept has the same options. */
static eg_status need_pass(const char *lines, const request *r, eg_error *error)
{
    if (pass.lines && pass.image == web_loaded.number && strcmp(pass.lines, lines) == 0)
        return EG_OK;
    forget_pass();
    pass.image = web_loaded.number;
    eg_status status = begin_pass(r, error);
    if (status == EG_OK)
        pass.lines = strdup(lines);
    else
        forget_pass();
    return status;
}

static eg_status find(const char *lines, const request *r, eg_edges_result *result, eg_error *error)
{
    const bool automatic = isnan(r->low) && isnan(r->high);
    eg_status status = need_pass(lines, r, error);
    if (status != EG_OK)
        return status;
    if (!pass.adjustable)
        return (automatic ? write_pass : write_once)(r, result, error);
    if (!automatic)
        status = eg_edges_block_mark(pass.block, r->low, r->high, error);
    else if (pass.marked)
        status = eg_edges_block_mark(pass.block, pass.low, pass.high, error);
    pass.marked = !automatic;
    return status == EG_OK ? write_pass(r, result, error) : status;
}

static void print_result(const eg_edges_result *result)
{
    web_print("{");
    web_member("low", result->low);
    web_member("high", result->high);
    web_member("sigma", result->sigma);
    web_member("pixels", (double)result->edge_pixels);
    web_member("autoLow", pass.low);
    web_member("autoHigh", pass.high);
    web_warnings(pass.source);
    web_print("}");
}

/* Detects edges. `lines` and `style` are options of the kind "edges": those of the detector,
 * without thresholds, and those of the appearance. `low` and `high` are thresholds in levels per
 * pixel, NaN automatic. The result is JSON: thresholds and sigma used, the thresholds of the
 * automatic rule, the number of edge pixels, and warnings. image_mask() has the edges if they are
 * painted as a mask, image_rgba() has what is to be shown. */
WEB_EXPORT eg_status edges_find(const char *lines, double low, double high, const char *style)
{
    eg_error error = {.status = EG_OK};
    eg_options *options = NULL, *appearance = NULL;
    eg_edges_result result;
    web_begin();
    eg_status status = web_options(&options, "edges", lines, &error);
    if (status == EG_OK)
        status = web_options(&appearance, "edges", style, &error);
    if (status == EG_OK) {
        const eg_edges_options *painted = eg_options_data(appearance, "edges");
        const request r = {eg_options_data(options, "edges"), low, high, painted->style};
        status = find(lines, &r, &result, &error);
    }
    if (status == EG_OK) {
        const eg_edges_options *painted = eg_options_data(appearance, "edges");
        expand(painted->style.paint != EG_PAINT_MASK);
        print_result(&result);
    }
    eg_options_free(appearance);
    eg_options_free(options);
    return web_end(status, &error);
}

/* Counts the local maxima of the last pass by magnitude: the result is a JSON array of `count`
 * numbers, for `count` intervals of equal ratio from `first` to `last` levels per pixel. */
WEB_EXPORT eg_status edges_histogram(double first, double last, size_t count)
{
    eg_error error = {.status = EG_OK};
    web_begin();
    double *bounds = malloc((count + 1) * sizeof *bounds);
    uint64_t *counts = calloc(count, sizeof *counts);
    if (!bounds || !counts)
        web_no_memory();
    for (size_t i = 0; bounds && i <= count; i++)
        bounds[i] = first * pow(last / first, (double)i / (double)count);
    if (bounds && counts && pass.histogram)
        eg_edge_histogram_counts(pass.histogram, bounds, counts, count);
    web_print("[");
    for (size_t i = 0; counts && i < count; i++)
        web_print("%s%.0f", i ? "," : "", (double)counts[i]);
    web_print("]");
    free(bounds);
    free(counts);
    return web_end(EG_OK, &error);
}
