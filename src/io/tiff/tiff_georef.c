/* SPDX-License-Identifier: MIT */
/* Reads a TIFF's georeferencing from GeoTIFF's and GDAL's tags. */
#include <math.h>
#include <string.h>

#include "core/status.h"
#include "io/decimal.h"
#include "io/georef/sidecar.h"
#include "io/tiff/tiff_read.h"

enum {
    TAG_PIXEL_SCALE = 33550,
    TAG_TIEPOINTS = 33922,
    TAG_TRANSFORMATION = 34264,
    TAG_KEYS = 34735,
    TAG_DOUBLES = 34736,
    TAG_ASCII = 34737,
    TAG_GDAL_METADATA = 42112,
    TAG_GDAL_NODATA = 42113
};

enum { TIEPOINT_SIZE = 6, MATRIX_SIZE = 16 }; /* in doubles */

/* ---- the transform --------------------------------------------------------------------------- */

/* Computes the transform from the first tie point (column, row, 0, x, y, 0) and the cell size;
 * false if there is none. The cell height is positive for rows that run southwards. */
static bool transform_from_scale(double t[6], const eg_tiff_tag *scale, const eg_tiff_tag *ties)
{
    const double *size = scale->values, *point = ties->values;
    if (scale->count < 2 || ties->count < TIEPOINT_SIZE)
        return false;
    t[1] = size[0];
    t[5] = -fabs(size[1]);
    t[2] = t[4] = 0;
    t[0] = point[3] - point[0] * t[1];
    t[3] = point[4] - point[1] * t[5];
    return true;
}

/* Computes the transform from the 4 x 4 matrix of ModelTransformationTag; false if there is none.
 */
static bool transform_from_matrix(double t[6], const eg_tiff_tag *matrix)
{
    const double *m = matrix->values;
    if (matrix->count < MATRIX_SIZE)
        return false;
    t[0] = m[3];
    t[1] = m[0];
    t[2] = m[1];
    t[3] = m[7];
    t[4] = m[4];
    t[5] = m[5];
    return true;
}

/* Returns true if the transform is finite and invertible. */
static bool is_invertible(const double t[6])
{
    for (int i = 0; i < 6; i++)
        if (!isfinite(t[i]))
            return false;
    return t[1] * t[5] - t[2] * t[4] != 0;
}

/* Moves the origin from the centre of the first cell to its upper left corner. */
static void centre_to_corner(double t[6])
{
    t[0] -= 0.5 * (t[1] + t[2]);
    t[3] -= 0.5 * (t[4] + t[5]);
}

/* Returns true if the keys are those of GeoTIFF 1.1 and give a vertical coordinate system. */
static bool has_vertical_system(const eg_geotags *tags)
{
    enum { VERTICAL_CRS = 4096, VERTICAL_DATUM = 4098, VERTICAL_UNITS = 4099, ENTRY = 4 };
    const uint16_t *keys = tags->keys;
    if (tags->key_count < ENTRY || keys[1] != 1 || keys[2] != 1)
        return false;
    for (size_t i = ENTRY; i + ENTRY <= tags->key_count; i += ENTRY)
        if ((keys[i] == VERTICAL_CRS || keys[i] == VERTICAL_DATUM || keys[i] == VERTICAL_UNITS) &&
            keys[i + 3] != 0)
            return true;
    return false;
}

/* Sets scale and offset of the values of a single band from the z of ModelPixelScale and of the
 * first tie point, where GDAL writes them if there is a vertical coordinate system. */
static void read_vertical_scale(eg_tiff_metadata *metadata, const eg_tiff_tag *scale,
                                const eg_tiff_tag *ties, const eg_tiff_directory *directory)
{
    const double *size = scale->values, *point = ties->values;
    const uint32_t bands = eg_tiff_number(directory, TIFFTAG_SAMPLESPERPIXEL, 0, 1);
    if (bands != 1 || scale->count < 3 || ties->count < TIEPOINT_SIZE || size[2] == 0)
        return;
    double offset = point[5] - point[2] * size[2];
    if (!isfinite(size[2]) || !isfinite(offset))
        return;
    metadata->scale = size[2];
    metadata->offset = offset;
}

static eg_status read_transform(eg_georef_data *georef_data, eg_tiff_metadata *metadata,
                                bool is_point, const eg_tiff_directory *directory, eg_error *error)
{
    eg_tiff_tag scale = {0}, ties = {0}, matrix = {0};
    eg_georef *georef = &georef_data->georef;
    double *t = georef->transform;
    eg_status status = eg_tiff_tag_read(&scale, directory, TAG_PIXEL_SCALE, TIFF_DOUBLE, error);
    if (status == EG_OK)
        status = eg_tiff_tag_read(&ties, directory, TAG_TIEPOINTS, TIFF_DOUBLE, error);
    if (status == EG_OK)
        status = eg_tiff_tag_read(&matrix, directory, TAG_TRANSFORMATION, TIFF_DOUBLE, error);
    if (status == EG_OK &&
        (transform_from_scale(t, &scale, &ties) || transform_from_matrix(t, &matrix))) {
        if (is_point)
            centre_to_corner(t);
        georef->located = is_invertible(t);
    }
    if (status == EG_OK && has_vertical_system(&georef_data->tags))
        read_vertical_scale(metadata, &scale, &ties, directory);
    eg_free(scale.values);
    eg_free(ties.values);
    eg_free(matrix.values);
    return status;
}

/* ---- keys, nodata, metadata ------------------------------------------------------------------ */

static eg_status read_keys(eg_geotags *tags, const eg_tiff_directory *directory, eg_error *error)
{
    eg_tiff_tag keys = {0}, doubles = {0}, ascii = {0};
    eg_status status = eg_tiff_tag_read(&keys, directory, TAG_KEYS, TIFF_SHORT, error);
    if (status == EG_OK)
        status = eg_tiff_tag_read(&doubles, directory, TAG_DOUBLES, TIFF_DOUBLE, error);
    if (status == EG_OK)
        status = eg_tiff_tag_read(&ascii, directory, TAG_ASCII, TIFF_ASCII, error);
    tags->keys = keys.values;
    tags->key_count = keys.count;
    tags->doubles = doubles.values;
    tags->double_count = doubles.count;
    tags->ascii = ascii.values;
    return status;
}

/* Reads the nodata value: the first word of its text, as GDAL does. The text is stored in *metadata
 * if it is anything but a number. */
static void read_nodata(eg_georef *georef, eg_tiff_metadata *metadata, const char *text)
{
    static const char blanks[] = " \t\r\n";
    text += strspn(text, blanks);
    const size_t word = strcspn(text, blanks);
    georef->has_nodata = eg_decimal_only(text, word, &georef->nodata);
    if (!georef->has_nodata || text[word + strspn(text + word, blanks)] != '\0')
        eg_escape(metadata->odd_nodata, sizeof metadata->odd_nodata, text);
}

static eg_status read_gdal_tags(eg_georef *georef, eg_tiff_metadata *metadata,
                                const eg_tiff_directory *directory, eg_error *error)
{
    eg_tiff_tag nodata = {0}, xml = {0};
    char none[] = "";
    eg_status status = eg_tiff_tag_read(&nodata, directory, TAG_GDAL_NODATA, TIFF_ASCII, error);
    if (status == EG_OK)
        status = eg_tiff_tag_read(&xml, directory, TAG_GDAL_METADATA, TIFF_ASCII, error);
    char *text = xml.count > 0 ? xml.values : none;
    eg_tiff_metadata_read(metadata, text, strlen(text));
    if (nodata.count > 0)
        read_nodata(georef, metadata, nodata.values);
    eg_georef_set_unit(georef, metadata->unit, EG_VERTICAL_FILE, "UNITTYPE");
    eg_free(nodata.values);
    eg_free(xml.values);
    return status;
}

/* Fills in what the tags lack from the sidecar files. Keys that name no system are dropped for one
 * from a file, because writers copy the keys if there are any. */
static eg_status read_sidecars(eg_georef_data *data, eg_tiff_metadata *metadata,
                               const eg_tiff_directory *directory, eg_error *error)
{
    eg_pam_band band;
    eg_status status = eg_georef_data_read_sidecars(
        data, &band, metadata->band, directory->input->ctx, directory->input->path, false, error);
    if (status == EG_OK && metadata->scale == 1 && metadata->offset == 0) {
        metadata->scale = band.scale;
        metadata->offset = band.offset;
    }
    if (!data->tags.wkt || data->georef.crs == EG_CRS_UNKNOWN)
        return status;
    eg_free(data->tags.keys);
    eg_free(data->tags.doubles);
    eg_free(data->tags.ascii);
    data->tags = (eg_geotags){.wkt = data->tags.wkt, .file = data->tags.file};
    return status;
}

eg_status eg_tiff_georef_read(eg_georef_data *georef_data, eg_tiff_metadata *metadata,
                              const eg_tiff_directory *directory, int band, eg_error *error)
{
    bool is_point = false;
    eg_georef_data_init(georef_data);
    *metadata = (eg_tiff_metadata){.band = band, .scale = 1};
    eg_status status = read_keys(&georef_data->tags, directory, error);
    if (status == EG_OK && georef_data->tags.key_count >= 4)
        eg_tiff_geokeys_read(georef_data, &is_point);
    if (status == EG_OK)
        status = read_transform(georef_data, metadata, is_point, directory, error);
    if (status == EG_OK)
        status = read_gdal_tags(&georef_data->georef, metadata, directory, error);
    return status == EG_OK ? read_sidecars(georef_data, metadata, directory, error) : status;
}
