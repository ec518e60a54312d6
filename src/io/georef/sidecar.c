/* SPDX-License-Identifier: MIT */
/* Finds and reads the files beside a raster. */
#include "io/georef/sidecar.h"

#include <ctype.h>
#include <string.h>

eg_status eg_sidecar_find(char **name, bool *found, eg_context *ctx, const char *input,
                          const char *extension, eg_error *error)
{
    const char *slash = strrchr(input, '/');
    const char *dot = strrchr(slash ? slash : input, '.');
    *name = NULL;
    *found = false;
    if (!dot)
        return EG_OK;
    size_t stem = (size_t)(dot + 1 - input), length = strlen(extension);
    char *path = eg_alloc(ctx, stem + length + 1, 1, error);
    if (!path)
        return eg_failed(error);
    memcpy(path, input, stem);
    for (size_t i = 0; i <= length; i++)
        path[stem + i] = (char)toupper((unsigned char)extension[i]);
    eg_status status = eg_is_regular_file(found, path, error);
    if (status == EG_OK && !*found) {
        memcpy(path + stem, extension, length + 1);
        status = eg_is_regular_file(found, path, error);
    }
    *name = path;
    return status;
}

char *eg_sidecar_aux_name(eg_context *ctx, const char *input, eg_error *error)
{
    static const char extension[] = ".aux.xml";
    size_t length = strlen(input);
    char *name = eg_alloc(ctx, length + sizeof extension, 1, error);
    if (!name)
        return NULL;
    memcpy(name, input, length);
    memcpy(name + length, extension, sizeof extension);
    return name;
}

static eg_status read_sidecar(eg_sidecar *sidecar, eg_input *file, eg_error *error)
{
    sidecar->text = eg_alloc(file->ctx, EG_SIDECAR_MAX + 1, 1, error);
    if (!sidecar->text)
        return eg_failed(error);
    eg_status status =
        eg_input_read(file, sidecar->text, EG_SIDECAR_MAX + 1, &sidecar->size, error);
    if (status == EG_OK && sidecar->size > EG_SIDECAR_MAX)
        status =
            eg_input_fail(file, error, EG_BAD_INPUT,
                          "is too large: a sidecar text file has at most %d bytes", EG_SIDECAR_MAX);
    if (status == EG_OK)
        sidecar->text[sidecar->size] = '\0';
    return status;
}

eg_status eg_sidecar_read(eg_sidecar *sidecar, eg_context *ctx, const char *input,
                          const char *extension, eg_error *error)
{
    eg_input *file = NULL;
    bool found;
    *sidecar = (eg_sidecar){0};
    eg_status status = eg_sidecar_find(&sidecar->name, &found, ctx, input, extension, error);
    if (status != EG_OK || !found)
        return status;
    status = eg_input_open(&file, ctx, sidecar->name, error);
    if (status == EG_OK)
        status = read_sidecar(sidecar, file, error);
    eg_input_close(file);
    if (status != EG_OK)
        eg_sidecar_free(sidecar);
    return status;
}

void eg_sidecar_free(eg_sidecar *sidecar)
{
    eg_free(sidecar->name);
    eg_free(sidecar->text);
    *sidecar = (eg_sidecar){0};
}
