/* SPDX-License-Identifier: MIT */
/*
 * Writes sidecar files. They are complete before the first row of the raster, and renamed after it.
 *
 * A file that is in the way is replaced if it belongs to the output by its name. A .prj file, whose
 * name several rasters share, stays if it belongs to the input or another file; then it must say
 * the same. An .aux.xml file has a mark, by which a later run recognises and removes the files of a
 * raster that it replaces by one without georeferencing.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/decimal.h"
#include "io/georef/sidecar.h"
#include "io/text.h"

static const char mark[] = "<MDI key=\"SOFTWARE\">edgegrad</MDI>";

typedef struct writer {
    eg_output *output; /* the raster */
    eg_context *ctx;
    const char *path; /* of the raster */
    const eg_layout *layout;
    const eg_georef *georef; /* may be NULL */
    unsigned kinds;
} writer;

/* ---- files in the way ------------------------------------------------------------------------ */

static bool same_file(const struct stat *a, const char *path)
{
    struct stat b;
    return path && stat(path, &b) == 0 && a->st_dev == b.st_dev && a->st_ino == b.st_ino;
}

/* Sets *belongs to whether the existing file `about` is a sidecar file of the input. */
static eg_status find_owner(const writer *w, const struct stat *about, bool *belongs,
                            eg_error *error)
{
    const char *input = w->georef && w->georef->tags ? w->georef->tags->file : NULL;
    char short_world[EG_WORLD_EXTENSION] = "", full_world[EG_WORLD_EXTENSION] = "";
    const char *const extensions[] = {"prj", short_world, full_world, "wld"};
    char *aux = input ? eg_sidecar_aux_name(w->ctx, input, error) : NULL;
    eg_status status = input && !aux ? eg_failed(error) : EG_OK;
    *belongs = same_file(about, aux);
    eg_free(aux);
    if (!input)
        return EG_OK;
    eg_world_file_extension(short_world, input, false);
    eg_world_file_extension(full_world, input, true);
    for (size_t i = 0; i < sizeof extensions / sizeof *extensions && status == EG_OK; i++) {
        char *name = NULL;
        bool found = false;
        status = eg_sidecar_find(&name, &found, w->ctx, input, extensions[i], error);
        *belongs = *belongs || (found && same_file(about, name));
        eg_free(name);
    }
    return status;
}

/* Sets *write to whether the sidecar file `path` is to be written: not if it is the input's. */
static eg_status may_write(const writer *w, const char *path, bool *write, eg_error *error)
{
    struct stat about;
    bool belongs = false;
    *write = true;
    if (stat(path, &about) != 0)
        return errno == EIO || errno == ENOMEM
                   ? eg_fail_file(error, eg_errno_status(errno), path, "cannot be examined: %s",
                                  strerror(errno))
                   : EG_OK;
    if (!S_ISREG(about.st_mode))
        return eg_fail_file(error, EG_FILE, path,
                            "is in the way of the sidecar file of %s; move it away, or give "
                            "--no-sidecars",
                            w->path);
    eg_status status = find_owner(w, &about, &belongs, error);
    *write = !belongs;
    return status;
}

/* Attaches a sidecar file to the raster that is being written. */
static eg_status attach(const writer *w, const char *path, const char *text, size_t length,
                        eg_error *error)
{
    eg_output *file = NULL;
    eg_status status = eg_output_open(&file, w->ctx, path, error);
    if (status != EG_OK)
        return status;
    status = eg_output_write(file, text, length, error);
    if (status == EG_OK)
        return eg_output_attach(w->output, file, error);
    eg_output_close(file);
    return status;
}

/* ---- .aux.xml -------------------------------------------------------------------------------- */

/* A text that grows up to the capacity it was allocated with. */
typedef struct text {
    char *bytes;
    size_t length, capacity;
} text;

static void print(text *t, const char *format, ...) EG_PRINTF(2, 3);

static void print(text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(t->bytes + t->length, t->capacity - t->length, format, args);
    va_end(args);
    if (length > 0 && (size_t)length < t->capacity - t->length)
        t->length += (size_t)length;
}

static void print_number(text *t, double value)
{
    t->length += eg_decimal_double(t->bytes + t->length, value);
}

static void print_escaped(text *t, const char *s, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (s[i] == '&')
            print(t, "&amp;");
        else if (s[i] == '<')
            print(t, "&lt;");
        else if (s[i] == '>')
            print(t, "&gt;");
        else
            print(t, "%c", s[i]);
    }
}

static void print_transform(text *t, const double transform[6])
{
    print(t, "  <GeoTransform>");
    for (int i = 0; i < 6; i++) {
        print(t, i > 0 ? ", " : "");
        print_number(t, transform[i]);
    }
    print(t, "</GeoTransform>\n");
}

static void print_band(const writer *w, text *t)
{
    const eg_layout *layout = w->layout;
    const char *unit = layout->vertical_unit > 0 ? eg_unit_name(layout->vertical_unit) : NULL;
    bool nodata = layout->has_nodata && !isnan(layout->nodata) && w->kinds & EG_SIDECAR_AUX;
    if (w->kinds & EG_SIDECAR_COLOURS || (!nodata && !unit))
        return;
    print(t, "  <PAMRasterBand band=\"1\">\n");
    if (nodata) {
        print(t, "    <NoDataValue>");
        print_number(t, layout->nodata);
        print(t, "</NoDataValue>\n");
    }
    if (unit)
        print(t, "    <UnitType>%s</UnitType>\n", unit);
    print(t, "  </PAMRasterBand>\n");
}

/* Returns true if the output's own file and its other sidecar files lack something. */
static bool needs_aux(const writer *w, size_t words)
{
    enum { LONGEST_CITATION = 65000 };
    const eg_georef *g = w->georef;
    const double unit = w->layout->vertical_unit;
    if (!g)
        return false;
    if (w->kinds & EG_SIDECAR_AUX)
        return g->located || g->crs != EG_CRS_UNKNOWN;
    if (w->kinds & EG_SIDECAR_PRJ)
        return unit > 0 && unit != 1 && eg_unit_name(unit);
    return w->kinds & EG_SIDECAR_REST && g->tags && !g->tags->keys && g->tags->wkt &&
           !eg_georef_epsg(g) && (words == 0 || words > LONGEST_CITATION) &&
           eg_georef_system(g, NULL, 0) > 0;
}

/* Prints the system in words, or by its code. */
static void print_system(const writer *w, text *t, const char *words, size_t length)
{
    char code[EG_CRS_NAME];
    if (!words) {
        length = eg_georef_system(w->georef, code, sizeof code);
        words = code;
    }
    if (length == 0)
        return;
    print(t, "  <SRS>");
    print_escaped(t, words, length);
    print(t, "</SRS>\n");
}

static void print_aux(const writer *w, text *t, const char *words, size_t length)
{
    const bool all = w->kinds & EG_SIDECAR_AUX;
    print(t, "<PAMDataset>\n");
    if (all || w->kinds & EG_SIDECAR_REST)
        print_system(w, t, words, length);
    if (all && w->georef->located)
        print_transform(t, w->georef->transform);
    print(t, "  <Metadata>\n    %s\n  </Metadata>\n", mark);
    print_band(w, t);
    print(t, "</PAMDataset>\n");
}

/* Sets *found to whether an earlier run wrote the file; false if it cannot be read. */
static eg_status find_mark(const writer *w, const char *path, bool *found, eg_error *error)
{
    enum { SIZE = 256 * 1024 };
    bool regular;
    eg_input *file = NULL;
    size_t got = 0;
    *found = false;
    eg_status status = eg_is_regular_file(&regular, path, error);
    if (status != EG_OK || !regular || access(path, R_OK) != 0)
        return status;
    char *bytes = eg_alloc(w->ctx, SIZE, 1, error);
    if (!bytes)
        return eg_failed(error);
    status = eg_input_open(&file, w->ctx, path, error);
    if (status == EG_OK)
        status = eg_input_read(file, bytes, SIZE - 1, &got, error);
    bytes[got] = '\0';
    *found = strstr(bytes, mark) != NULL;
    eg_free(bytes);
    eg_input_close(file);
    return status;
}

/* Writes the .aux.xml file, or has that of an earlier run removed. Sets *stale in the latter case.
 */
static eg_status write_aux(const writer *w, bool *stale, eg_error *error)
{
    bool write = false;
    size_t length = 0;
    const char *words = w->georef ? eg_georef_words(w->georef, &length) : NULL;
    length = words ? length : 0;
    bool needed = needs_aux(w, length);
    text t = {.capacity = 5 * length + 2048}; /* "&amp;" is the longest replacement */
    char *path = eg_sidecar_aux_name(w->ctx, w->path, error);
    eg_status status = path ? may_write(w, path, &write, error) : eg_failed(error);
    if (status == EG_OK && !needed && write)
        status = find_mark(w, path, stale, error);
    if (status == EG_OK && *stale)
        status = eg_output_attach_removal(w->output, path, error);
    if (status == EG_OK && needed && write) {
        t.bytes = eg_alloc(w->ctx, t.capacity, 1, error);
        status = t.bytes ? EG_OK : eg_failed(error);
    }
    if (status == EG_OK && t.bytes) {
        print_aux(w, &t, words, length);
        status = attach(w, path, t.bytes, t.length, error);
    }
    eg_free(t.bytes);
    eg_free(path);
    return status;
}

/* ---- world file ------------------------------------------------------------------------------ */

/* Writes the world file; `stale`: has that of an earlier run removed if there is nothing to write.
 */
static eg_status write_world(const writer *w, bool stale, eg_error *error)
{
    char extension[EG_WORLD_EXTENSION], bytes[6 * (EG_DECIMAL_TEXT + 1)], *path = NULL;
    text t = {bytes, 0, sizeof bytes};
    bool found, write = false;
    bool needed = w->kinds & EG_SIDECAR_WORLD && w->georef && w->georef->located;
    if ((!needed && !stale) || !eg_world_file_extension(extension, w->path, false))
        return EG_OK;
    eg_status status = eg_sidecar_find(&path, &found, w->ctx, w->path, extension, error);
    if (status == EG_OK)
        status = may_write(w, path, &write, error);
    if (status == EG_OK && needed && write) {
        const double *g = w->georef->transform;
        const double numbers[6] = {
            g[1], g[4], g[2], g[5], g[0] + 0.5 * (g[1] + g[2]), g[3] + 0.5 * (g[4] + g[5])};
        for (int i = 0; i < 6; i++) {
            print_number(&t, numbers[i]);
            bytes[t.length++] = '\n';
        }
        status = attach(w, path, bytes, t.length, error);
    } else if (status == EG_OK && found && write) {
        status = eg_output_attach_removal(w->output, path, error);
    }
    eg_free(path);
    return status;
}

/* ---- .prj ------------------------------------------------------------------------------------ */

/* Returns true if two texts describe systems of the same kind, unit and ellipsoid. */
static bool same_system(const char *a, const char *b)
{
    const char *const texts[2] = {a, b};
    eg_georef made[2] = {{.unit = 1}, {.unit = 1}};
    for (int i = 0; i < 2; i++) {
        eg_crs_doubts doubts = {0};
        eg_crs_code code;
        if (!eg_system_read(&made[i], &doubts, &code, texts[i]))
            return false;
    }
    return made[0].crs == made[1].crs && fabs(made[0].unit - made[1].unit) < 1e-9 &&
           fabs(made[0].semi_major - made[1].semi_major) < 1e-3;
}

/* Returns true if the file `name` is a sidecar file by its extension: .prj, .aux.xml or a world
 * file.
 */
static bool is_sidecar_name(const char *name)
{
    const char *dot = strrchr(name, '.');
    size_t length = strlen(name);
    return strcasecmp(dot, ".prj") == 0 || strcasecmp(dot, ".wld") == 0 ||
           (strlen(dot) >= 4 && (name[length - 1] == 'w' || name[length - 1] == 'W')) ||
           (length > 8 && eg_ends_with(name, length, ".aux.xml"));
}

/* Finds out whether another raster than the output has the .prj file: a file whose name differs
 * only in the extension. EG_FILE: the folder cannot be listed. */
static eg_status find_other_raster(bool *found, const char *prj, const char *output,
                                   eg_error *error)
{
    const char *slash = strrchr(prj, '/'), *own = strrchr(output, '/');
    const char *base = slash ? slash + 1 : prj;
    size_t folder = (size_t)(base - prj), stem = (size_t)(strrchr(prj, '.') + 1 - base);
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%.*s", folder ? (int)folder : 1, folder ? prj : ".");
    DIR *dir = opendir(path);
    *found = false;
    for (const struct dirent *entry; dir && !*found && (errno = 0, entry = readdir(dir)) != NULL;)
        *found = strncmp(entry->d_name, base, stem) == 0 &&
                 strcmp(entry->d_name, own ? own + 1 : output) != 0 &&
                 !is_sidecar_name(entry->d_name);
    const int reason = *found ? 0 : errno;
    if (dir)
        closedir(dir);
    return reason == 0 ? EG_OK
                       : eg_fail_file(error, eg_errno_status(reason), prj,
                                      "may belong to another raster, its folder cannot be listed: "
                                      "%s; give another name, or --no-sidecars",
                                      strerror(reason));
}

/* Compares the .prj file of another raster with `system`: it stays if it says the same. */
static eg_status keep_prj(const writer *w, const eg_sidecar *prj, const char *system,
                          eg_error *error)
{
    if (same_system(prj->text, system))
        return EG_OK;
    return eg_fail_file(error, EG_FILE, prj->name,
                        "describes another coordinate system than that of %s, and is not replaced; "
                        "give another name, or --no-sidecars",
                        w->path);
}

static eg_status write_prj_text(const writer *w, const char *system, eg_error *error)
{
    bool write = false;
    eg_sidecar prj;
    eg_status status = eg_sidecar_read(&prj, w->ctx, w->path, "prj", error);
    if (status == EG_OK && prj.name)
        status = may_write(w, prj.name, &write, error);
    bool shared = prj.text && !write;
    if (status == EG_OK && prj.text && write && !eg_output_replaces(w->output))
        status = find_other_raster(&shared, prj.name, w->path, error);
    if (status == EG_OK && shared)
        status = keep_prj(w, &prj, system, error);
    else if (status == EG_OK && write)
        status = attach(w, prj.name, system, strlen(system), error);
    eg_sidecar_free(&prj);
    return status;
}

static eg_status write_prj(const writer *w, eg_error *error)
{
    size_t length = 0;
    const char *words = eg_georef_words(w->georef, &length);
    if (!words)
        length = eg_georef_system(w->georef, NULL, 0);
    if (length == 0)
        return EG_OK;
    char *system = eg_alloc(w->ctx, length + 1, 1, error);
    if (!system)
        return eg_failed(error);
    if (words)
        snprintf(system, length + 1, "%s", words);
    else
        eg_georef_system(w->georef, system, length + 1);
    eg_status status = write_prj_text(w, system, error);
    eg_free(system);
    return status;
}

/* ---- all ------------------------------------------------------------------------------------- */

eg_status eg_sidecars_write(eg_output *output, const eg_layout *layout, unsigned kinds,
                            eg_error *error)
{
    const writer w = {.output = output,
                      .ctx = eg_output_context(output),
                      .path = eg_output_name(output),
                      .layout = layout,
                      .georef = layout->georef,
                      .kinds = kinds};
    bool stale = false;
    if (!eg_output_is_file(output))
        return EG_OK;
    eg_status status = write_aux(&w, &stale, error);
    if (status == EG_OK)
        status = write_world(&w, stale, error);
    if (status == EG_OK && kinds & EG_SIDECAR_PRJ && w.georef)
        status = write_prj(&w, error);
    return status;
}
