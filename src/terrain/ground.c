/* SPDX-License-Identifier: MIT */
/* Cell sizes in metres. */
#include "terrain/ground.h"

#include <math.h>

#include "core/context.h"
#include "core/status.h"
#include "gradient/angle.h"

void eg_ground_default(eg_ground_options *options)
{
    *options = (eg_ground_options){.z_factor = NAN};
}

/* WGS 84, the ellipsoid of files that name none. */
#define SEMI_MAJOR         6378137.0
#define INVERSE_FLATTENING 298.257223563

/* Distance from a pole, in degrees, below which a row has no width. */
#define POLE_TOLERANCE 1e-9

/* Range of plausible cell sizes in metres. */
#define CELL_MIN 1e-9
#define CELL_MAX 1e7

/* Ratio of rotation to scale terms up to which a transform counts as north up: rounding errors. */
#define ROTATION_TOLERANCE 1e-9

typedef struct ellipsoid {
    double semi_major, eccentricity2;
} ellipsoid;

static ellipsoid ellipsoid_of(const eg_georef *georef)
{
    double a = georef->semi_major, f = 1 / INVERSE_FLATTENING;
    if (!(a > 0))
        return (ellipsoid){SEMI_MAJOR, f * (2 - f)};
    f = georef->inverse_flattening > 1 ? 1 / georef->inverse_flattening : 0;
    return (ellipsoid){a, f * (2 - f)};
}

/* Returns the metres per radian of longitude and of latitude at `latitude`, in radians. */
static eg_cell_size metres_per_radian(const ellipsoid *e, double latitude)
{
    double sine = sin(latitude), w2 = 1 - e->eccentricity2 * sine * sine, w = sqrt(w2);
    return (eg_cell_size){e->semi_major / w * cos(latitude),
                          e->semi_major * (1 - e->eccentricity2) / (w2 * w)};
}

/* Returns the metres per coordinate unit at the middle of row y; NaN at and beyond the poles. */
static eg_cell_size metres_per_unit(const eg_georef *georef, const ellipsoid *e, size_t y)
{
    double middle = (georef->transform[3] + ((double)y + 0.5) * georef->transform[5]);
    bool mercator = georef->crs == EG_CRS_WEB_MERCATOR;
    double unit = georef->unit > 0 ? georef->unit : 1;
    double latitude =
        mercator ? atan(sinh(middle * unit / e->semi_major)) : middle * unit / EG_DEGREES;
    if (!(fabs(latitude) <= (90 - POLE_TOLERANCE) / EG_DEGREES))
        return (eg_cell_size){NAN, NAN};
    eg_cell_size radian = metres_per_radian(e, latitude);
    double x = unit / EG_DEGREES, y_unit = x;
    if (mercator) { /* dx = a d(longitude), dy = a d(latitude) / cos(latitude) */
        x = unit / e->semi_major;
        y_unit = x * cos(latitude);
    }
    return (eg_cell_size){radian.x * x, radian.y * y_unit};
}

/* ---- checks ---- */

static bool is_rotated(const double t[6])
{
    return !(fabs(t[2]) <= ROTATION_TOLERANCE * fabs(t[1])) ||
           !(fabs(t[4]) <= ROTATION_TOLERANCE * fabs(t[5]));
}

/* Returns true if the coordinate system is unknown and the coordinates look like degrees: taken as
 * metres they would make every slope a cliff. */
static bool looks_like_degrees(const eg_source *source)
{
    const eg_georef *g = source->georef;
    if (g->crs != EG_CRS_UNKNOWN)
        return false;
    double x0 = g->transform[0], x1 = x0 + (double)source->info.width * g->transform[1];
    double y0 = g->transform[3], y1 = y0 + (double)source->info.height * g->transform[5];
    bool on_earth = fmax(fabs(x0), fabs(x1)) <= 361 && fmax(fabs(y0), fabs(y1)) <= 91;
    bool fine = fabs(g->transform[1]) < 0.1 && fabs(g->transform[5]) < 0.1;
    return on_earth && (fine || fabs(fabs(x1 - x0) - 360) < 1);
}

static bool is_valid_size(double v)
{
    return v >= CELL_MIN && v <= CELL_MAX;
}

static eg_status check_options(const eg_ground_options *o, eg_error *error)
{
    if ((o->cell_x != 0 && !is_valid_size(o->cell_x)) ||
        (o->cell_y != 0 && !is_valid_size(o->cell_y)))
        return eg_fail(error, EG_USAGE, "the cell size must not be %g x %g metres", o->cell_x,
                       o->cell_y);
    if (o->scale != 0 && !(o->scale > 0 && isfinite(o->scale)))
        return eg_fail(error, EG_USAGE, "the scale must be above 0, not %g", o->scale);
    if (!isnan(o->z_factor) && (o->z_factor == 0 || !isfinite(o->z_factor)))
        return eg_fail(error, EG_USAGE, "the z factor must be finite and other than 0, not %g",
                       o->z_factor);
    return EG_OK;
}

static eg_status check_transform(const eg_source *source, eg_error *error)
{
    const double *t = source->georef->transform;
    for (int i = 0; i < 6; i++)
        if (!isfinite(t[i]))
            return eg_fail_file(error, EG_BAD_INPUT, source->name,
                                "its georeferencing is not finite");
    if (is_rotated(t))
        return eg_fail_file(error, EG_BAD_INPUT, source->name,
                            "the raster is rotated; warp it to north up first");
    return EG_OK;
}

/* ---- cell sizes ---- */

/* Returns true if cell sizes follow from the ellipsoid and differ from row to row. */
static bool is_ellipsoidal(const eg_source *source, const eg_ground_options *o)
{
    const eg_georef *g = source->georef;
    return g && g->located && (g->crs == EG_CRS_GEOGRAPHIC || g->crs == EG_CRS_WEB_MERCATOR) &&
           !o->compat_gdal && o->scale == 0 && (o->cell_x == 0 || o->cell_y == 0);
}

/* Sets one cell size for all rows. */
static eg_status measure_planar(eg_ground *ground, const eg_source *source,
                                const eg_ground_options *o, eg_error *error)
{
    const eg_georef *g = source->georef;
    bool located = g && g->located, given = o->cell_x != 0 && o->cell_y != 0;
    if (!located && !given && o->scale == 0)
        return eg_fail_file(error, EG_USAGE, source->name,
                            "unknown cell size; give --cell-size METRES");
    if (located && !given && o->scale == 0 && !o->compat_gdal && looks_like_degrees(source))
        return eg_fail_file(
            error, EG_USAGE, source->name,
            "has no coordinate system, and its cells of %g by %g look like degrees; "
            "give --crs geographic, or --cell-size METRES",
            fabs(g->transform[1]), fabs(g->transform[5]));
    double metres = o->compat_gdal || !located || !(g->unit > 0) ? 1 : g->unit;
    double unit = o->scale != 0 ? o->scale : metres;
    ground->cell = (eg_cell_size){located ? fabs(g->transform[1]) * unit : unit,
                                  located ? fabs(g->transform[5]) * unit : unit};
    if (o->cell_x != 0)
        ground->cell.x = o->scale != 0 ? o->cell_x * o->scale : o->cell_x;
    if (o->cell_y != 0)
        ground->cell.y = o->scale != 0 ? o->cell_y * o->scale : o->cell_y;
    if (!is_valid_size(ground->cell.x) || !is_valid_size(ground->cell.y))
        return eg_fail_file(error, EG_BAD_INPUT, source->name,
                            "invalid cell size of %g x %g metres; give --cell-size METRES",
                            ground->cell.x, ground->cell.y);
    return EG_OK;
}

static void measure_row(eg_ground *ground, const eg_source *source, const eg_ground_options *o,
                        const ellipsoid *e, size_t y)
{
    const double *t = source->georef->transform;
    eg_cell_size unit = metres_per_unit(source->georef, e, y);
    eg_cell_size cell = {fabs(t[1]) * unit.x, fabs(t[5]) * unit.y};
    bool defined = is_valid_size(cell.x) && is_valid_size(cell.y);
    if (o->cell_x != 0)
        cell.x = o->cell_x;
    if (o->cell_y != 0)
        cell.y = o->cell_y;
    ground->row_cells[y] = defined ? cell : (eg_cell_size){NAN, NAN};
}

static eg_status measure_ellipsoidal(eg_ground *ground, const eg_source *source,
                                     const eg_ground_options *o, eg_error *error)
{
    const size_t height = source->info.height;
    const double *t = source->georef->transform;
    const ellipsoid e = ellipsoid_of(source->georef);
    size_t defined = 0;
    ground->row_cells = eg_alloc(source->ctx, height, sizeof *ground->row_cells, error);
    if (!ground->row_cells)
        return eg_failed(error);
    for (size_t y = 0; y < height; y++) {
        measure_row(ground, source, o, &e, y);
        defined += !isnan(ground->row_cells[y].x);
    }
    if (defined)
        return EG_OK;
    eg_ground_release(ground);
    return eg_fail_file(error, EG_BAD_INPUT, source->name,
                        "no row is on the Earth: y is %g to %g, cells are %g by %g", t[3],
                        t[3] + (double)height * t[5], fabs(t[1]), fabs(t[5]));
}

static double metres_per_height_unit(const eg_georef *georef, const eg_ground_options *o)
{
    if (!isnan(o->z_factor))
        return o->z_factor;
    bool known = georef && georef->vertical_unit > 0 && isfinite(georef->vertical_unit);
    return known && !o->compat_gdal && o->scale == 0 ? georef->vertical_unit : 1;
}

static eg_status measure_cells(eg_ground *ground, const eg_source *source,
                               const eg_ground_options *options, bool needs_cell_size,
                               eg_error *error)
{
    const eg_georef *georef = source->georef;
    *ground = (eg_ground){.z = metres_per_height_unit(georef, options), .cell = {1, 1}};
    eg_status status = check_options(options, error);
    if (status != EG_OK || !needs_cell_size)
        return status;
    if (georef && georef->located) {
        status = check_transform(source, error);
        ground->flipped_x = georef->transform[1] < 0;
        ground->flipped_y = georef->transform[5] > 0;
    }
    if (status != EG_OK)
        return status;
    return is_ellipsoidal(source, options) ? measure_ellipsoidal(ground, source, options, error)
                                           : measure_planar(ground, source, options, error);
}

/* Uses the coordinate system of the options for a file that names none. */
eg_status eg_ground_init(eg_ground *ground, const eg_source *source,
                         const eg_ground_options *options, bool needs_cell_size, eg_error *error)
{
    if ((unsigned)options->crs > EG_CRS_WEB_MERCATOR)
        return eg_fail(error, EG_USAGE, "unknown kind of coordinate system");
    eg_source view = *source;
    eg_georef georef = source->georef ? *source->georef : (eg_georef){0};
    if (georef.crs == EG_CRS_UNKNOWN && options->crs != EG_CRS_UNKNOWN) {
        georef.crs = options->crs;
        georef.unit = 1;
    }
    view.georef = source->georef ? &georef : NULL;
    return measure_cells(ground, &view, options, needs_cell_size, error);
}

void eg_ground_release(eg_ground *ground)
{
    eg_free(ground->row_cells);
    ground->row_cells = NULL;
}

/* ---- public functions ---- */

eg_status eg_ground_new(eg_ground **ground, const eg_source *source,
                        const eg_ground_options *options, eg_error *error)
{
    eg_ground_options defaults;
    eg_ground_default(&defaults);
    *ground = NULL;
    eg_ground *created = eg_calloc(source->ctx, 1, sizeof *created, error);
    if (!created)
        return eg_failed(error);
    eg_status status = eg_ground_init(created, source, options ? options : &defaults, true, error);
    if (status == EG_OK) {
        created->row_count = created->row_cells ? source->info.height : 0;
        *ground = created;
    } else {
        eg_free(created);
    }
    return status;
}

void eg_ground_free(eg_ground *ground)
{
    if (ground)
        eg_ground_release(ground);
    eg_free(ground);
}

void eg_ground_at(const eg_ground *ground, double row_cells, double *x, double *y, double *z)
{
    eg_cell_size cell = ground->cell;
    if (ground->row_cells) {
        double last = (double)(ground->row_count - 1),
               index = floor(fmax(0, fmin(row_cells, last)));
        const eg_cell_size *above = ground->row_cells + (size_t)index;
        const eg_cell_size *below = index < last ? above + 1 : above;
        double t = fmax(0, fmin(row_cells, last)) - index;
        cell.x = above->x + t * (below->x - above->x);
        cell.y = above->y + t * (below->y - above->y);
    }
    if (x)
        *x = cell.x;
    if (y)
        *y = cell.y;
    if (z)
        *z = ground->z;
}
