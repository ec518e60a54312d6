/* SPDX-License-Identifier: MIT */
/* The functions that all sources and sinks share. */
#include "core/stream.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"

eg_status eg_name_stream(char **name, eg_context *ctx, const char *path, const char *stream,
                         eg_error *error)
{
    const char *text = strcmp(path, "-") == 0 ? stream : path;
    size_t bytes = strlen(text) + 1;
    *name = eg_alloc(ctx, bytes, 1, error);
    if (!*name)
        return eg_failed(error);
    memcpy(*name, text, bytes);
    return EG_OK;
}

/* ---- description of a source or of its window ---- */

const eg_info *eg_source_info(const eg_source *source)
{
    return source->window_info.height ? &source->window_info : &source->info;
}

const eg_georef *eg_source_georef(const eg_source *source)
{
    return source->window_info.height && source->georef ? &source->window_georef : source->georef;
}

eg_status eg_source_set_georef(eg_source *source, const eg_georef *georef, eg_error *error)
{
    if (source->georef)
        return eg_fail_file(error, EG_USAGE, source->name, "has georeferencing already");
    if (source->next_row || source->window_info.height)
        return eg_fail_file(error, EG_USAGE, source->name,
                            "georeferencing must be set before the first row is read and before a "
                            "row window is set");
    source->set_georef = *georef;
    source->georef = &source->set_georef;
    return EG_OK;
}

eg_span eg_source_span(const eg_source *source)
{
    return source->window_info.height ? source->window : (eg_span){0, source->info.height};
}

bool eg_source_all_nodata(const eg_source *source)
{
    return source->all_nodata;
}

eg_status eg_source_rows(eg_source *source, size_t first, size_t count, eg_error *error)
{
    const size_t height = source->info.height;
    if (source->next_row || source->observer)
        return eg_fail_file(error, EG_USAGE, source->name,
                            "a row window must be set before the first row is read and before a "
                            "preview is attached");
    if (count < 1 || first >= height || count > height - first)
        return eg_fail_file(error, EG_USAGE, source->name,
                            "has no rows %zu to %zu; there are %zu, counted from 0", first,
                            first + count - 1, height);
    source->window = (eg_span){first, first + count};
    source->window_info = source->info;
    source->window_info.height = count;
    if (source->georef) {
        double *t = source->window_georef.transform;
        source->window_georef = *source->georef;
        t[0] += (double)first * t[2];
        t[3] += (double)first * t[5];
    }
    return EG_OK;
}

/* ---- warnings ---- */

static void add_warning(eg_source *source, const char *text)
{
    for (size_t i = 0; i < EG_WARNINGS_MAX; i++) {
        if (strcmp(source->warnings[i], text) == 0)
            return;
        if (!source->warnings[i][0]) {
            snprintf(source->warnings[i], EG_WARNING_BYTES, "%s", text);
            return;
        }
    }
}

void eg_source_warn(eg_source *source, const char *format, ...)
{
    char text[EG_WARNING_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    add_warning(source, text);
}

void eg_source_move_warnings(eg_source *to, eg_source *from)
{
    for (size_t i = 0; i < EG_WARNINGS_MAX && from->warnings[i][0]; i++) {
        add_warning(to, from->warnings[i]);
        from->warnings[i][0] = '\0';
    }
}

const char *eg_source_warning(const eg_source *source, size_t index)
{
    bool is_one = index < EG_WARNINGS_MAX && source->warnings[index][0];
    return is_one ? source->warnings[index] : NULL;
}

/* ---- colours ---- */

bool eg_has_no_colours(const eg_info *info)
{
    static const char *const kinds[] = {"grey", "grey+alpha", "first band", "bands"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(info->colour, kinds[i]) == 0)
            return true;
    return false;
}

/* ---- pages ---- */

/* The capacity of the list is the least power of 2 that is not less than page_count. */
eg_status eg_source_add_page(eg_source *source, const eg_page *page, eg_error *error)
{
    const size_t count = source->page_count;
    if ((count & (count - 1)) == 0) {
        eg_page *larger = eg_alloc(source->ctx, count ? 2 * count : 1, sizeof *larger, error);
        if (!larger)
            return eg_failed(error);
        if (count > 0)
            memcpy(larger, source->pages, count * sizeof *larger);
        eg_free(source->pages);
        source->pages = larger;
    }
    source->pages[source->page_count++] = *page;
    return EG_OK;
}

void eg_source_move_pages(eg_source *to, eg_source *from)
{
    to->pages = from->pages;
    to->page_count = from->page_count;
    to->warn_of_pages = from->warn_of_pages;
    from->pages = NULL;
    from->page_count = 0;
    from->warn_of_pages = false;
}

const eg_page *eg_source_page(const eg_source *source, size_t index)
{
    return index < source->page_count ? &source->pages[index] : NULL;
}

/* ---- planes ---- */

void eg_share_missing(float *row, size_t plane_bytes, size_t width)
{
    float *const green = (float *)(void *)((char *)row + plane_bytes);
    float *const blue = (float *)(void *)((char *)green + plane_bytes);
    for (size_t x = 0; x < width; x++)
        if (isnan(row[x]) || isnan(green[x]) || isnan(blue[x]))
            row[x] = green[x] = blue[x] = NAN;
}

eg_status eg_check_one_plane(const eg_source *source, eg_error *error)
{
    if (eg_source_planes(source) == 1)
        return EG_OK;
    return eg_fail_file(error, EG_USAGE, source->name ? source->name : "source",
                        "was opened as colour planes, which only edges and gradients accept; open "
                        "it without colour_planes");
}

/* Fails if planes stride / 3 apart would overlap or not be aligned to their samples. */
static eg_status check_plane_stride(const eg_source *source, size_t stride, eg_error *error)
{
    const size_t planes = eg_source_planes(source);
    const size_t least = eg_row_bytes(source->info.sample, source->info.width);
    if (planes == 1 ||
        (stride / planes >= least && stride % (planes * eg_row_bytes(source->info.sample, 1)) == 0))
        return EG_OK;
    return eg_fail(error, EG_USAGE,
                   "rows of %zu planes need a stride of %zu times the bytes of a plane, at least "
                   "%zu, not %zu",
                   planes, planes, planes * least, stride);
}

/* ---- rows ---- */

eg_status eg_skip_noop(eg_source *source, size_t count, eg_error *error)
{
    (void)source, (void)count, (void)error;
    return EG_OK;
}

/* Passes the rows of the window to the observer. */
static void observe_rows(const eg_source *source, const char *rows, size_t stride, size_t count)
{
    const eg_span span = eg_source_span(source);
    size_t first = source->next_row, end = first + count;
    size_t from = first > span.first ? first : span.first, to = end < span.end ? end : span.end;
    if (from < to)
        source->observer->rows(source->observer, rows + (from - first) * stride, stride, to - from);
}

/* Reads rows one by one, converts them to floats, and passes them to the observer as they are
 * stored. */
static eg_status read_as_float(eg_source *source, char *rows, size_t stride, size_t count,
                               eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t i = 0; i < count && status == EG_OK; i++) {
        float *row = (float *)(void *)(rows + i * stride);
        status = eg_read_row_as_float(source, row, stride, error);
        if (status == EG_OK && source->info.planes > 1)
            eg_share_missing(row, stride / eg_source_planes(source), source->info.width);
        if (status == EG_OK && source->observer)
            observe_rows(source, source->stored_row, source->stored_stride, 1);
        source->next_row += status == EG_OK;
    }
    return status;
}

static eg_status read_rows(eg_source *source, void *rows, size_t stride, size_t count,
                           eg_error *error)
{
    if (source->warn_of_pages)
        eg_source_warn(source, "only page %d of %zu is read; --page chooses another",
                       source->info.page, source->page_count);
    source->warn_of_pages = false;
    if (source->stored_row)
        return read_as_float(source, rows, stride, count, error);
    eg_status status = source->ops->read(source, rows, stride, count, error);
    if (status != EG_OK)
        return status;
    if (source->observer)
        observe_rows(source, rows, stride, count);
    source->next_row += count;
    return EG_OK;
}

/* Reads and discards rows, several at a time because decoders are faster that way. */
static eg_status discard_rows(eg_source *source, size_t count, eg_error *error)
{
    enum { AT_ONCE = 16 };
    const size_t stride =
        eg_source_planes(source) * eg_row_bytes(source->info.sample, source->info.width);
    const bool padded = source->padded_rows;
    eg_status status = EG_OK;
    void *rows = eg_alloc(source->ctx, AT_ONCE, stride, error);
    if (!rows)
        return eg_failed(error);
    source->padded_rows = false; /* these are not */
    while (count > 0 && status == EG_OK) {
        size_t rows_now = count < AT_ONCE ? count : AT_ONCE;
        status = eg_cancelled(source->ctx) ? eg_fail(error, EG_CANCELLED, "cancelled")
                                           : read_rows(source, rows, stride, rows_now, error);
        count -= rows_now;
    }
    source->padded_rows = padded;
    eg_free(rows);
    return status;
}

eg_status eg_source_fetch(eg_source *source, size_t first, void *rows, size_t stride, size_t count,
                          eg_error *error)
{
    eg_status status = EG_OK;
    if (first < source->next_row)
        return eg_fail_file(error, EG_USAGE, source->name ? source->name : "source",
                            "has been read up to row %zu; open it again to read row %zu",
                            source->next_row, first);
    size_t skip = first - source->next_row;
    if (skip && source->ops->skip) {
        status = source->ops->skip(source, skip, error);
        source->next_row = first;
    } else if (skip) {
        status = discard_rows(source, skip, error);
    }
    return status == EG_OK && count ? read_rows(source, rows, stride, count, error) : status;
}

void *eg_source_borrow(eg_source *source, size_t first, size_t *stride, size_t count)
{
    void *rows = source->ops->row_address(source, first, stride);
    source->next_row = first;
    if (source->observer)
        observe_rows(source, rows, *stride, count);
    source->next_row = first + count;
    return rows;
}

eg_status eg_source_read(eg_source *source, void *rows, size_t stride, size_t count,
                         eg_error *error)
{
    const eg_span span = eg_source_span(source);
    const size_t next = source->next_row > span.first ? source->next_row : span.first;
    if (next > span.end || count > span.end - next)
        return eg_fail(error, EG_USAGE, "rows past the last one were requested; there are %zu",
                       eg_source_info(source)->height);
    eg_status status = count ? check_plane_stride(source, stride, error) : EG_OK;
    if (status != EG_OK)
        return status;
    return count ? eg_source_fetch(source, next, rows, stride, count, error) : EG_OK;
}

/* A window that ends before the last row leaves the rest of the input unchecked. */
eg_status eg_source_finish(eg_source *source, eg_error *error)
{
    if (source->next_row < source->info.height)
        return EG_OK;
    eg_status status = source->ops->finish ? source->ops->finish(source, error) : EG_OK;
    if (status == EG_OK && source->check_rest)
        status = source->check_rest(source->rest, error);
    return status;
}

void eg_source_close(eg_source *source)
{
    if (!source)
        return;
    char *name = source->name;
    eg_free(source->pages);
    eg_free(source->stored_row);
    if (source->observer)
        source->observer->detach(source->observer);
    eg_free(source->frame);
    source->ops->close(source);
    eg_free(name);
}

eg_status eg_sink_refuse(const eg_sink *sink, eg_sample sample, const char *what, eg_error *error)
{
    char names[128] = "";
    if (sink->formats_accepting)
        sink->formats_accepting(names, sizeof names, sample);
    return eg_fail_file(error, EG_USAGE, sink->name, "this format cannot hold %s%s%s", what,
                        *names ? "; these can: " : "", names);
}

eg_layout eg_layout_of(const eg_source *source, eg_sample sample)
{
    const eg_georef *georef = eg_source_georef(source);
    return (eg_layout){
        .width = source->info.width,
        .height = eg_source_info(source)->height,
        .sample = sample,
        .white_level = source->info.white_level,
        .inverted = source->inverted,
        .georef = georef,
        .has_nodata = (source->has_mask || (georef && georef->has_nodata)) &&
                      (sample == EG_F32 || sample == EG_F64),
        .nodata = (double)NAN,
    };
}

/* Writes a number with a decimal point whatever the locale. */
static void format_number(char out[40], double value)
{
    snprintf(out, 40, "%.9g", value);
    char *comma = strchr(out, ',');
    if (comma)
        *comma = '.';
}

size_t eg_map_describe(const eg_layout *layout, char text[EG_MAP_TEXT])
{
    const eg_map_scale *map = &layout->map;
    char scale[40], offset[40];
    int length = 0;
    text[0] = '\0';
    if (!map->map)
        return 0;
    format_number(scale, map->scale);
    format_number(offset, map->offset);
    if (layout->sample == EG_RGB)
        length = snprintf(text, EG_MAP_TEXT,
                          "direction as hue, %s as brightness; brightness = %s value; unit %s",
                          map->map, scale, map->unit);
    else if (layout->sample == EG_F32)
        length = snprintf(text, EG_MAP_TEXT, "%s; unit %s", map->map, map->unit);
    else if (map->offset > 0)
        length = snprintf(text, EG_MAP_TEXT, "%s; value = (sample - %s) / %s; unit %s", map->map,
                          offset, scale, map->unit);
    else
        length = snprintf(text, EG_MAP_TEXT, "%s; value = sample / %s; unit %s", map->map, scale,
                          map->unit);
    return length < EG_MAP_TEXT ? (size_t)length : EG_MAP_TEXT - 1;
}

bool eg_sink_map_scale(const eg_sink *sink, eg_map_scale *scale)
{
    *scale = sink->layout.map;
    return scale->map != NULL;
}

eg_status eg_sink_begin(eg_sink *sink, const eg_layout *layout, eg_error *error)
{
    if (eg_layout_bands(layout) > 1 && !sink->accepts_bands)
        return eg_fail_file(error, EG_USAGE, sink->name,
                            "this format cannot hold %zu bands of floats; TIFF can", layout->bands);
    if (!eg_sink_accepts(sink, layout->sample))
        return eg_sink_refuse(sink, layout->sample, "such samples", error);
    if (eg_layout_bands(layout) > 1 && sink->observer)
        return eg_fail(error, EG_USAGE, "previews show rows of one band, not %zu", layout->bands);
    sink->layout = *layout;
    if (sink->total_rows) {
        sink->layout.height = sink->total_rows;
        sink->layout.georef = sink->total_georef;
    }
    layout = &sink->layout;
    eg_row_observer *observer = sink->observer;
    eg_status status = observer ? observer->begin(observer, layout, error) : EG_OK;
    if (status == EG_OK)
        status = sink->ops->begin(sink, layout, error);
    return status == EG_OK && sink->begin_sidecars ? sink->begin_sidecars(sink, error) : status;
}

eg_status eg_sink_finish(eg_sink *sink, eg_error *error)
{
    if (sink->total_rows && sink->rows_received < sink->total_rows)
        return EG_OK;
    return sink->ops->finish ? sink->ops->finish(sink, error) : EG_OK;
}

void eg_sink_close(eg_sink *sink)
{
    if (!sink)
        return;
    char *name = sink->name;
    if (sink->observer)
        sink->observer->detach(sink->observer);
    sink->ops->close(sink);
    eg_free(name);
}
