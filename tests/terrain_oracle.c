/* SPDX-License-Identifier: MIT */
/* The terrain maps from their definitions, one cell at a time. */
#include <math.h>

#include "terrain_fixture.h"

/* 3 x 3 window of elevations: w[1][1] is the centre, w[0] the northern row. */
typedef struct cells {
    double w[3][3];
} cells;

typedef struct slopes {
    double p, q, sd_p, sd_q;
} slopes;

static bool inside(const eg_grid *in, ptrdiff_t x, ptrdiff_t y)
{
    return x >= 0 && y >= 0 && x < (ptrdiff_t)in->width && y < (ptrdiff_t)in->height;
}

static double height_of(const eg_grid *in, ptrdiff_t x, ptrdiff_t y)
{
    double v = sample_at(in, (size_t)x, (size_t)y);
    return isfinite(v) ? v : (double)NAN;
}

/* ---- extrapolation ---- */

/* Returns the mean of the numbers among two values; NaN if there is none. */
static double mean(double a, double b)
{
    if (isnan(a) || isnan(b))
        return isnan(a) ? b : a;
    return a / 2 + b / 2;
}

/* Extrapolates the missing corners of a window along its border rows and columns. */
static void extrapolate_corners(cells *c)
{
    const cells from = *c;
    for (int j = 0; j < 3; j += 2)
        for (int i = 0; i < 3; i += 2)
            if (isnan(c->w[j][i]))
                c->w[j][i] =
                    mean(2 * from.w[j][1] - from.w[j][2 - i], 2 * from.w[1][i] - from.w[2 - j][i]);
}

/* Puts the missing cells on the plane through the centre that fits the cells of `given` best, by
 * Cramer's rule on the normal equations; they stay missing if there is no such plane. */
static void extrapolate_plane(cells *c, const cells *given)
{
    double m[3] = {0}, b[2] = {0}, centre = c->w[1][1];
    for (int j = -1; j <= 1; j++)
        for (int i = -1; i <= 1; i++) {
            double rise = given->w[1 + j][1 + i] - centre;
            if (isnan(rise))
                continue;
            m[0] += i * i, m[1] += i * j, m[2] += j * j;
            b[0] += i * rise, b[1] += j * rise;
        }
    double determinant = m[0] * m[2] - m[1] * m[1];
    for (int j = -1; j <= 1 && determinant > 0; j++)
        for (int i = -1; i <= 1; i++)
            if (isnan(c->w[1 + j][1 + i]))
                c->w[1 + j][1 + i] = centre + i * ((b[0] * m[2] - b[1] * m[1]) / determinant) +
                                     j * ((b[1] * m[0] - b[0] * m[1]) / determinant);
}

/* Fills the missing cells of a window, outside the raster or inside, in the order of
 * docs/TERRAIN.md. */
static void extrapolate_window(cells *c)
{
    const cells given = *c;
    extrapolate_corners(c);
    for (int k = 1; k < 9; k += 2)
        if (isnan(c->w[k / 3][k % 3]))
            c->w[k / 3][k % 3] = 2 * c->w[1][1] - given.w[2 - k / 3][2 - k % 3];
    extrapolate_corners(c);
    extrapolate_plane(c, &given);
}

/* Collects the window of cell (x, y); returns false if the map has no value there. */
static bool gather(const eg_grid *in, size_t x, size_t y, eg_dem_border rule, cells *c)
{
    bool complete = true;
    if (isnan(height_of(in, (ptrdiff_t)x, (ptrdiff_t)y)))
        return false;
    for (int j = 0; j < 3; j++)
        for (int i = 0; i < 3; i++) {
            ptrdiff_t u = (ptrdiff_t)x + i - 1, v = (ptrdiff_t)y + j - 1;
            c->w[j][i] = inside(in, u, v) ? height_of(in, u, v) : (double)NAN;
            complete = complete && !isnan(c->w[j][i]);
        }
    if (!complete && rule == EG_DEM_BORDER_EXTRAPOLATE)
        extrapolate_window(c);
    for (int k = 0; k < 9 && rule == EG_DEM_BORDER_EXTRAPOLATE; k++)
        complete = k == 0 ? !isnan(c->w[0][0]) : complete && !isnan(c->w[k / 3][k % 3]);
    return complete;
}

/* Returns a + 2 b + c, exact in long double for these tests. */
static double weighted(long double a, long double b, long double c, long double d, long double e,
                       long double f)
{
    return (double)(a + 2 * b + c - d - 2 * e - f);
}

static slopes slopes_of(const cells *c, double dx, double dy, const eg_ground_options *g)
{
    const double(*w)[3] = c->w;
    double error = g->vertical_error;
    if (g->derivative == EG_DERIVATIVE_HORN)
        return (slopes){weighted(w[0][2], w[1][2], w[2][2], w[0][0], w[1][0], w[2][0]) / (8 * dx),
                        weighted(w[0][0], w[0][1], w[0][2], w[2][0], w[2][1], w[2][2]) / (8 * dy),
                        error * sqrt(12) / (8 * dx), error * sqrt(12) / (8 * dy)};
    return (slopes){(w[1][2] - w[1][0]) / (2 * dx), (w[0][1] - w[2][1]) / (2 * dy),
                    error * sqrt(2) / (2 * dx), error * sqrt(2) / (2 * dy)};
}

static double in_unit(double rise, eg_slope_unit unit)
{
    switch (unit) {
    case EG_SLOPE_DEGREES:
        return atan(rise) * degree;
    case EG_SLOPE_PERCENT:
        return 100 * rise;
    case EG_SLOPE_RATIO:
        return rise;
    case EG_SLOPE_RADIANS:
        return atan(rise);
    }
    return NAN;
}

static double direction(double east, double north, eg_aspect aspect)
{
    double a = aspect == EG_ASPECT_COMPASS ? atan2(east, north) : atan2(north, east);
    a *= degree;
    return a < 0 ? a + 360 : a;
}

static double slope_error(const slopes *s, eg_slope_unit unit)
{
    double rise = hypot(s->p, s->q), sd;
    if (rise == 0)
        sd = sqrt((s->sd_p * s->sd_p + s->sd_q * s->sd_q) / 2);
    else
        sd = hypot(s->p / rise * s->sd_p, s->q / rise * s->sd_q);
    if (unit == EG_SLOPE_PERCENT)
        return 100 * sd;
    if (unit == EG_SLOPE_RATIO)
        return sd;
    sd /= 1 + rise * rise;
    return unit == EG_SLOPE_DEGREES ? sd * degree : sd;
}

static double aspect_error(const slopes *s)
{
    double rise = hypot(s->p, s->q);
    double sd = hypot(s->q / rise * s->sd_p, s->p / rise * s->sd_q) / rise * degree;
    return sd < 90 ? sd : (double)NAN;
}

/* ---- hillshade, by the angles of gdaldem's manual ---- */

/* Returns the cosine of the angle of incidence from slope and aspect. */
static double incidence(const slopes *s, double altitude, double azimuth)
{
    double slope = atan(hypot(s->p, s->q)), facing = atan2(-s->p, -s->q);
    return sin(altitude / degree) * cos(slope) +
           cos(altitude / degree) * sin(slope) * cos(azimuth / degree - facing);
}

static double positive(double v)
{
    return v > 0 ? v : 0;
}

static double shade(const slopes *s, const eg_terrain_options *o)
{
    double rise = hypot(s->p, s->q), facing = atan2(-s->p, -s->q) * degree, sum = 0;
    if (o->shading == EG_SHADING_PLAIN)
        return 1 + 254 * positive(incidence(s, o->altitude, o->azimuth));
    if (o->shading == EG_SHADING_COMBINED) {
        double angle = acos(fmin(1, incidence(s, o->altitude, o->azimuth))) * degree / 90;
        return 1 + 254 * positive(1 - angle * atan(rise) * degree / 90);
    }
    if (o->shading == EG_SHADING_IGOR) {
        double turn = remainder(facing - o->azimuth, 360) / 180; /* 1: away from the light */
        return fmax(1, 255 * (1 - atan(rise) * degree / 90 * fabs(turn)));
    }
    if (rise == 0)
        return 1 + 254 * sin(o->altitude / degree);
    for (double azimuth = 225; azimuth <= 360; azimuth += 45)
        sum +=
            pow(cos((azimuth - facing) / degree), 2) * positive(incidence(s, o->altitude, azimuth));
    return 1 + 254 * sum / 2;
}

/* ---- focal maps ---- */

static double ruggedness(const cells *c, const eg_terrain_options *o)
{
    double squares = 0, sizes = 0, sum = 0, low = c->w[1][1], high = low;
    for (int k = 0; k < 9; k++) {
        double v = c->w[k / 3][k % 3], d = v - c->w[1][1];
        squares += d * d;
        sizes += fabs(d);
        sum += d;
        low = fmin(low, v);
        high = fmax(high, v);
    }
    if (o->map == EG_TERRAIN_ROUGHNESS)
        return high - low;
    if (o->map == EG_TERRAIN_TPI)
        return -sum / 8;
    return o->tri == EG_TRI_RILEY ? sqrt(squares) : sizes / 8;
}

/* Returns the second derivative of the surface in the direction of the unit vector (u, v). */
static double second_derivative(const cells *c, double u, double v, double dx, double dy, bool zt)
{
    const double(*w)[3] = c->w;
    double r = 0, t = 0;
    for (int k = zt ? 1 : 0; k < (zt ? 2 : 3); k++) {
        r += (w[k][0] - 2 * w[k][1] + w[k][2]) / (dx * dx * (zt ? 1 : 3));
        t += (w[0][k] - 2 * w[1][k] + w[2][k]) / (dy * dy * (zt ? 1 : 3));
    }
    double s = (w[0][2] - w[0][0] - w[2][2] + w[2][0]) / (4 * dx * dy);
    return u * u * r + 2 * u * v * s + v * v * t;
}

static double curvature(const cells *c, const slopes *s, double dx, double dy, bool profile,
                        bool zt)
{
    double rise = hypot(s->p, s->q);
    if (rise == 0)
        return 0;
    double u = s->p / rise, v = s->q / rise;
    return profile ? second_derivative(c, u, v, dx, dy, zt) / pow(1 + rise * rise, 1.5)
                   : second_derivative(c, -v, u, dx, dy, zt) / sqrt(1 + rise * rise);
}

/* ---- flow directions ---- */

/* Clockwise from east. */
static const int step_x[8] = {1, 1, 0, -1, -1, -1, 0, 1}, step_y[8] = {0, 1, 1, 1, 0, -1, -1, -1};

static double d8(const cells *c, double dx, double dy)
{
    double steepest = 0, code = 0;
    for (int k = 0; k < 8; k++) {
        double fall = (c->w[1][1] - c->w[1 + step_y[k]][1 + step_x[k]]) /
                      hypot(step_x[k] * dx, step_y[k] * dy);
        if (fall > steepest) {
            steepest = fall;
            code = 1 << k;
        }
    }
    return code;
}

/* Returns the D-infinity direction by Tarboton's paper: r and s of each facet. */
static double dinf(const cells *c, double dx, double dy, const eg_terrain_options *o)
{
    double steepest = 0, answer = o->flat;
    for (int k = 7; k >= 0; k--) { /* anticlockwise from the one north of east */
        int side = k % 2 ? (k + 1) % 8 : k, corner = k % 2 ? k : k + 1;
        bool along_x = step_x[side] != 0;
        double d1 = along_x ? dx : dy, d2 = along_x ? dy : dx;
        double e1 = c->w[1 + step_y[side]][1 + step_x[side]];
        double e2 = c->w[1 + step_y[corner]][1 + step_x[corner]], e0 = c->w[1][1];
        double s1 = (e0 - e1) / d1, s2 = (e1 - e2) / d2, r = atan2(s2, s1), s = hypot(s1, s2);
        if (r < 0) {
            r = 0;
            s = s1;
        } else if (r > atan2(d2, d1)) {
            r = atan2(d2, d1);
            s = (e0 - e2) / hypot(d1, d2);
        }
        if (s <= steepest * (1 + 1e-12))
            continue;
        steepest = s;
        double u = cos(r), v = sin(r);
        answer = direction(along_x ? u * step_x[side] : v * step_x[corner],
                           along_x ? v * -step_y[corner] : u * -step_y[side], o->aspect);
    }
    return answer;
}

/* ---- all maps ---- */

static double slope_map(const slopes *s, const eg_terrain_options *o)
{
    double slope = in_unit(hypot(s->p, s->q), o->slope_unit);
    return isnan(o->threshold) ? slope : (float)slope >= (float)o->threshold;
}

static double aspect_map(const slopes *s, const eg_terrain_options *o, const eg_ground_options *g)
{
    if (g->vertical_error > 0 && isnan(aspect_error(s)))
        return NAN;
    return s->p == 0 && s->q == 0 ? o->flat : direction(-s->p, -s->q, o->aspect);
}

double terrain_oracle(const eg_grid *in, size_t x, size_t y, double dx, double dy,
                      const eg_terrain_options *o, const eg_ground_options *g)
{
    cells c;
    if (!gather(in, x, y, g->border, &c))
        return NAN;
    slopes s = slopes_of(&c, dx, dy, g);
    bool zt = g->derivative == EG_DERIVATIVE_ZEVENBERGEN_THORNE;
    switch (o->map) {
    case EG_TERRAIN_SLOPE:
        return slope_map(&s, o);
    case EG_TERRAIN_ASPECT:
        return aspect_map(&s, o, g);
    case EG_TERRAIN_HILLSHADE:
        return shade(&s, o);
    case EG_TERRAIN_TRI:
    case EG_TERRAIN_TPI:
    case EG_TERRAIN_ROUGHNESS:
        return ruggedness(&c, o);
    case EG_TERRAIN_PROFILE_CURVATURE:
        return curvature(&c, &s, dx, dy, true, zt);
    case EG_TERRAIN_TANGENTIAL_CURVATURE:
        return curvature(&c, &s, dx, dy, false, zt);
    case EG_TERRAIN_D8:
        return d8(&c, dx, dy);
    case EG_TERRAIN_DINF:
        return dinf(&c, dx, dy, o);
    case EG_TERRAIN_SLOPE_ERROR:
        return slope_error(&s, o->slope_unit);
    case EG_TERRAIN_ASPECT_ERROR:
        return aspect_error(&s);
    }
    return NAN;
}
