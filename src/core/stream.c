/* SPDX-License-Identifier: MIT */
/* What every source and sink does the same way. */
#include "core/stream.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/preview.h"
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

const eg_info *eg_source_info(const eg_source *source)
{
    return &source->info;
}

const eg_georef *eg_source_georef(const eg_source *source)
{
    return source->georef;
}

eg_status eg_source_read(eg_source *source, void *rows, size_t stride, size_t count,
                         eg_error *error)
{
    if (count > source->info.height - source->next_row)
        return eg_fail(error, EG_USAGE, "asked for rows past the last of %zu", source->info.height);
    if (count == 0)
        return EG_OK;
    eg_status status = source->ops->read(source, rows, stride, count, error);
    if (status != EG_OK)
        return status;
    source->next_row += count;
    if (source->preview)
        eg_preview_rows(source->preview, rows, stride, count);
    return EG_OK;
}

eg_status eg_source_finish(eg_source *source, eg_error *error)
{
    return source->ops->finish ? source->ops->finish(source, error) : EG_OK;
}

void eg_source_close(eg_source *source)
{
    if (!source)
        return;
    char *name = source->name;
    eg_preview_detach(source->preview);
    source->ops->close(source);
    eg_free(name);
}

eg_status eg_sink_refuse(const eg_sink *sink, eg_sample sample, const char *what, eg_error *error)
{
    char names[128] = "";
    if (sink->holders)
        sink->holders(names, sizeof names, sample);
    return eg_fail_file(error, EG_USAGE, sink->name, "this format cannot hold %s%s%s", what,
                        *names ? "; these can: " : "", names);
}

eg_layout eg_layout_of(const eg_source *source, eg_sample sample)
{
    const eg_georef *georef = source->georef;
    return (eg_layout){
        .width = source->info.width,
        .height = source->info.height,
        .sample = sample,
        .white = source->info.white,
        .georef = georef,
        .has_nodata = georef && georef->has_nodata && (sample == EG_F32 || sample == EG_F64),
        .nodata = (double)NAN,
    };
}

eg_status eg_sink_begin(eg_sink *sink, const eg_layout *layout, eg_error *error)
{
    if (!eg_sink_accepts(sink, layout->sample))
        return eg_sink_refuse(sink, layout->sample, "such samples", error);
    sink->layout = *layout;
    eg_status status = sink->preview ? eg_preview_begin(sink->preview, layout, error) : EG_OK;
    return status == EG_OK ? sink->ops->begin(sink, layout, error) : status;
}

eg_status eg_sink_finish(eg_sink *sink, eg_error *error)
{
    return sink->ops->finish ? sink->ops->finish(sink, error) : EG_OK;
}

void eg_sink_close(eg_sink *sink)
{
    if (!sink)
        return;
    char *name = sink->name;
    eg_preview_detach(sink->preview);
    sink->ops->close(sink);
    eg_free(name);
}
