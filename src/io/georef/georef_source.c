/* SPDX-License-Identifier: MIT */
/* Files beside the data, and what they tell of its place. */
#include "io/georef/georef_source.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

void eg_georef_data_init(eg_georef_data *place)
{
    *place = (eg_georef_data){.georef = {.unit = 1}};
}

void eg_georef_data_free(eg_georef_data *place)
{
    eg_free(place->tags.keys);
    eg_free(place->tags.doubles);
    eg_free(place->tags.ascii);
    eg_free(place->tags.wkt);
    *place = (eg_georef_data){0};
}

const eg_georef *eg_georef_data_of(eg_georef_data *place)
{
    eg_georef *georef = &place->georef;
    georef->tags = &place->tags;
    bool known = georef->located || georef->has_nodata || georef->vertical_unit > 0 ||
                 georef->crs != EG_CRS_UNKNOWN || place->tags.keys || place->tags.wkt;
    return known ? georef : NULL;
}

/* ---- units ----------------------------------------------------------------------------------- */

double eg_unit_named(const char *name, size_t length)
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

/* ---- files beside the data ------------------------------------------------------------------- */

/* Pipes are not waited for. */
static bool is_file(const char *name)
{
    struct stat about;
    return stat(name, &about) == 0 && S_ISREG(about.st_mode);
}

eg_status eg_sidecar_find(char **name, bool *found, const eg_input *input, const char *extension,
                          eg_error *error)
{
    const char *slash = strrchr(input->name, '/');
    const char *dot = strrchr(slash ? slash : input->name, '.');
    *name = NULL;
    *found = false;
    if (!dot)
        return EG_OK;
    size_t stem = (size_t)(dot + 1 - input->name), length = strlen(extension);
    char *made = eg_alloc(input->ctx, stem + length + 1, 1, error);
    if (!made)
        return eg_failed(error);
    memcpy(made, input->name, stem);
    for (size_t i = 0; i <= length; i++)
        made[stem + i] = (char)toupper((unsigned char)extension[i]);
    *found = is_file(made);
    if (!*found) {
        memcpy(made + stem, extension, length + 1);
        *found = is_file(made);
    }
    *name = made;
    return EG_OK;
}

static eg_status read_text(eg_sidecar *companion, eg_input *file, eg_error *error)
{
    companion->text = eg_alloc(file->ctx, EG_COMPANION_MOST + 1, 1, error);
    if (!companion->text)
        return eg_failed(error);
    eg_status status =
        eg_input_read(file, companion->text, EG_COMPANION_MOST + 1, &companion->size, error);
    if (status == EG_OK && companion->size > EG_COMPANION_MOST)
        status = eg_input_fail(file, error, EG_BAD_INPUT,
                               "is no text of at most %d bytes, as it should be beside raster data",
                               EG_COMPANION_MOST);
    if (status == EG_OK)
        companion->text[companion->size] = '\0';
    return status;
}

eg_status eg_sidecar_read(eg_sidecar *companion, const eg_input *input, const char *extension,
                          eg_error *error)
{
    eg_input *file = NULL;
    bool found;
    *companion = (eg_sidecar){0};
    eg_status status = eg_sidecar_find(&companion->name, &found, input, extension, error);
    if (status != EG_OK || !found)
        return status;
    status = eg_input_open(&file, input->ctx, companion->name, error);
    if (status == EG_OK)
        status = read_text(companion, file, error);
    eg_input_close(file);
    if (status != EG_OK)
        eg_sidecar_free(companion);
    return status;
}

void eg_sidecar_free(eg_sidecar *companion)
{
    eg_free(companion->name);
    eg_free(companion->text);
    *companion = (eg_sidecar){0};
}

eg_status eg_georef_data_project(eg_georef_data *place, const eg_input *input, eg_error *error)
{
    eg_sidecar prj;
    eg_status status = eg_sidecar_read(&prj, input, "prj", error);
    if (status == EG_OK && prj.text) {
        eg_wkt_read(&place->georef, prj.text);
        eg_free(place->tags.wkt);
        place->tags.wkt = prj.text;
        prj.text = NULL;
    }
    eg_sidecar_free(&prj);
    return status;
}
