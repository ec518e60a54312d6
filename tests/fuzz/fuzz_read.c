/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of the readers: any bytes are opened as a file by eg_source_open() and processed by
 * eg_edges(), or loaded as values, within limits small enough that every input is fast, and parsed
 * as sidecar files. Built with clang's libFuzzer, or with replay.c.
 */
#include "fuzz_read.h"
#include "promise.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/context.h"
#include "edgegrad.h"
#include "io/dem/grid_header.h"
#include "io/georef/georef_source.h"
#include "io/xml.h"

static eg_context *make_context(void)
{
    eg_config config;
    eg_config_default(&config);
    config.max_pixels = 1 << 18;
    config.max_side = 1 << 16;
    config.max_chunk = 1 << 20;
    config.max_scans = 20;
    return small_context(config);
}

/* Chooses the options by the length of the input, so that all its bytes belong to the file. */
static eg_read_options choose_options(size_t size)
{
    eg_read_options options;
    eg_read_default(&options);
    options.tolerate = size & 1;
    const bool mask = size & (8 | 128);
    options.alpha = mask ? EG_ALPHA_MASK : size & 2 ? EG_ALPHA_OVER : EG_ALPHA_IGNORE;
    options.ignore_orientation = size & 4;
    options.colour_planes = size & 16;
    options.page = size & 8 ? 1 + (int)(size / 16 % 3) : 0;
    return options;
}

/* Chooses the detector by the length of the input: colours, boundaries, Canny's on intensities and
 * that of scikit-image. */
static eg_edges_options choose_edges(size_t size)
{
    eg_edges_options edges;
    eg_edges_default(&edges);
    switch (size / 32 % 4) {
    case 1:
        edges.method = EG_EDGE_BOUNDARY;
        break;
    case 2:
        edges.op = "sobel3";
        break;
    case 3:
        eg_edges_skimage(&edges, 1, NAN, NAN);
        break;
    }
    return edges;
}

static eg_status find_edges(eg_context *ctx, const char *path, size_t size, eg_error *error)
{
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_grid grid = {0};
    eg_edges_options edges = choose_edges(size);
    eg_read_options options = choose_options(size);
    eg_status status = eg_source_open(&source, ctx, path, &options, error);
    if (status == EG_OK)
        status = eg_sink_grid(&sink, ctx, &grid, error);
    if (status == EG_OK)
        status = eg_edges(source, sink, &edges, NULL, error);
    eg_sink_close(sink);
    eg_source_close(source);
    eg_grid_free(&grid);
    return status;
}

/* Loads the input as values, such as elevations. */
static eg_status load_values(eg_context *ctx, const char *path, size_t size, eg_error *error)
{
    eg_grid grid = {0};
    eg_read_options options = choose_options(size);
    options.as_values = true;
    eg_status status = eg_load(&grid, ctx, path, &options, error);
    eg_grid_free(&grid);
    return status;
}

/* Reads what a reader of .aux.xml reads of an element. */
static void visit_element(void *opaque, const eg_xml_element elements[], size_t depth)
{
    size_t *count = opaque;
    const char *band = eg_xml_attribute(&elements[depth - 1], "band");
    *count += band ? strlen(band) : eg_xml_is(elements, depth, "PAMDataset/SRS");
}

/* Parses the input as each kind of sidecar file. */
static void read_texts(const uint8_t *data, size_t size)
{
    eg_error error = {0};
    eg_georef georef = {.unit = 1};
    eg_crs_doubts doubts = {0};
    eg_crs_code code;
    eg_grid_header header = {.file = "header"};
    char *text = malloc(size + 1);
    if (!text)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    bool known = eg_system_read(&georef, &doubts, &code, text);
    require(!known || georef.unit > 0, "a ground unit has a length", &error);
    eg_status status = eg_grid_read_lines(&header, text, size, &error);
    require(status == error.status, "the status returned is the one recorded", &error);
    memcpy(text, data, size);
    size_t count = 0, at = eg_xml_parse(text, size, visit_element, &count);
    require(at <= size + 1, "an error of XML is in the text or at its end", &error);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[32];
    eg_error error = {0};
    read_texts(data, size);
    int descriptor = memfd_create("input", MFD_CLOEXEC);
    if (descriptor < 0 || write(descriptor, data, size) != (ssize_t)size) {
        perror("the input cannot be put into a file");
        abort();
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    eg_context *ctx = make_context();
    eg_status status =
        size & 8 ? load_values(ctx, path, size, &error) : find_edges(ctx, path, size, &error);
    close(descriptor);
    require(status == error.status, "the status returned is the one recorded", &error);
    require(status == EG_OK || error.message[0] != '\0', "a failure says why", &error);
    bool no_such_page = status == EG_USAGE && (size & 8);
    require(status == EG_OK || status == EG_BAD_INPUT || status == EG_UNSUPPORTED ||
                status == EG_LIMIT_EXCEEDED || no_such_page,
            "only the input is to blame", &error);
    require(atomic_load(&ctx->used) == 0, "no memory is left over", &error);
    eg_context_free(ctx);
    return 0;
}
