/* SPDX-License-Identifier: MIT */
/* Georeferencing data of a source, units by name, and sidecar files. */
#include "io/georef/georef_source.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

void eg_georef_data_init(eg_georef_data *data)
{
    *data = (eg_georef_data){.georef = {.unit = 1}};
}

void eg_georef_data_free(eg_georef_data *data)
{
    eg_free(data->tags.keys);
    eg_free(data->tags.doubles);
    eg_free(data->tags.ascii);
    eg_free(data->tags.wkt);
    *data = (eg_georef_data){0};
}

const eg_georef *eg_georef_data_get(eg_georef_data *data)
{
    eg_georef *georef = &data->georef;
    georef->tags = &data->tags;
    bool known = georef->located || georef->has_nodata || georef->vertical_unit > 0 ||
                 georef->crs != EG_CRS_UNKNOWN || data->tags.keys || data->tags.wkt;
    return known ? georef : NULL;
}

/* ---- units ----------------------------------------------------------------------------------- */

double eg_unit_metres(const char *name, size_t length)
{
    static const struct {
        const char *name;
        double metres;
    } units[] = {
        {"m", 1},
        {"metre", 1},
        {"metres", 1},
        {"meter", 1},
        {"meters", 1},
        {"km", 1000},
        {"kilometre", 1000},
        {"dm", 0.1},
        {"cm", 0.01},
        {"mm", 0.001},
        {"ft", 0.3048},
        {"foot", 0.3048},
        {"feet", 0.3048},
        {"international foot", 0.3048},
        {"us survey foot", 1200.0 / 3937},
        {"us survey feet", 1200.0 / 3937},
        {"foot_us", 1200.0 / 3937},
        {"us-ft", 1200.0 / 3937},
        {"ftus", 1200.0 / 3937},
        {"yd", 0.9144},
        {"yard", 0.9144},
        {"fathom", 1.8288},
    };
    for (; length > 0 && (unsigned char)*name <= ' '; length--)
        name++;
    for (; length > 0 && (unsigned char)name[length - 1] <= ' '; length--)
        ;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strlen(units[i].name) == length && strncasecmp(units[i].name, name, length) == 0)
            return units[i].metres;
    return 0;
}

/* ---- sidecar files --------------------------------------------------------------------------- */

/* Returns true if `name` is a regular file. Others are not opened, because a pipe could block. */
static bool is_file(const char *name)
{
    struct stat info;
    return stat(name, &info) == 0 && S_ISREG(info.st_mode);
}

eg_status eg_sidecar_find(char **name, bool *found, const eg_input *input, const char *extension,
                          eg_error *error)
{
    const char *slash = strrchr(input->path, '/');
    const char *dot = strrchr(slash ? slash : input->path, '.');
    *name = NULL;
    *found = false;
    if (!dot)
        return EG_OK;
    size_t stem = (size_t)(dot + 1 - input->path), length = strlen(extension);
    char *path = eg_alloc(input->ctx, stem + length + 1, 1, error);
    if (!path)
        return eg_failed(error);
    memcpy(path, input->path, stem);
    for (size_t i = 0; i <= length; i++)
        path[stem + i] = (char)toupper((unsigned char)extension[i]);
    *found = is_file(path);
    if (!*found) {
        memcpy(path + stem, extension, length + 1);
        *found = is_file(path);
    }
    *name = path;
    return EG_OK;
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

eg_status eg_sidecar_read(eg_sidecar *sidecar, const eg_input *input, const char *extension,
                          eg_error *error)
{
    eg_input *file = NULL;
    bool found;
    *sidecar = (eg_sidecar){0};
    eg_status status = eg_sidecar_find(&sidecar->name, &found, input, extension, error);
    if (status != EG_OK || !found)
        return status;
    status = eg_input_open(&file, input->ctx, sidecar->name, error);
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

eg_status eg_georef_data_read_prj(eg_georef_data *data, const eg_input *input, eg_error *error)
{
    eg_sidecar prj;
    eg_status status = eg_sidecar_read(&prj, input, "prj", error);
    if (status == EG_OK && prj.text) {
        eg_wkt_read(&data->georef, prj.text);
        eg_free(data->tags.wkt);
        data->tags.wkt = prj.text;
        prj.text = NULL;
    }
    eg_sidecar_free(&prj);
    return status;
}
