/* SPDX-License-Identifier: MIT */
/* Reads the values of tags as they are stored (TIFF 6.0, section 2; BigTIFF). */
#include <string.h>

#include "io/tiff/tiff_read.h"

static eg_status read_values(eg_tiff_tag *tag, const eg_tiff_directory *d,
                             const eg_tiff_field *field, eg_error *error)
{
    eg_context *ctx = d->input->ctx;
    const size_t width = eg_tiff_type_bytes(field->type);
    if (field->count == 0)
        return EG_OK;
    if (field->count > ctx->config.max_chunk / width)
        return eg_input_fail(
            d->input, error, EG_LIMIT_EXCEEDED,
            "the TIFF directory needs more than the %zu bytes allowed by --max-chunk",
            ctx->config.max_chunk);
    size_t size = (size_t)field->count * width;
    uint8_t *values = tag->values = eg_alloc(ctx, size + 1, 1, error);
    if (!values)
        return eg_failed(error);
    values[size] = '\0';
    tag->count = (size_t)field->count;
    eg_status status = eg_tiff_read_exactly(d, field->at, values, size, error);
    if (d->swapped)
        eg_swap_bytes(values, (unsigned)width, tag->count);
    return status;
}

/* Returns the field of the tag and type, NULL: there is none. */
static const eg_tiff_field *find_typed(const eg_tiff_directory *d, uint16_t number,
                                       TIFFDataType type)
{
    for (size_t i = 0; i < d->count; i++)
        if (d->fields[i].tag == number && d->fields[i].type == type)
            return &d->fields[i];
    return NULL;
}

eg_status eg_tiff_tag_read(eg_tiff_tag *tag, const eg_tiff_directory *directory, uint16_t number,
                           TIFFDataType type, eg_error *error)
{
    const eg_tiff_field *field = find_typed(directory, number, type);
    eg_error local = {0};
    *tag = (eg_tiff_tag){.type = (uint16_t)type};
    eg_status status = field ? read_values(tag, directory, field, &local) : EG_OK;
    if (status == EG_OK)
        return EG_OK;
    eg_free(tag->values);
    *tag = (eg_tiff_tag){0};
    if (status == EG_BAD_INPUT && directory->tolerate)
        return EG_OK;
    return eg_fail(error, local.status, "%s", local.message);
}
