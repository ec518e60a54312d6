/* SPDX-License-Identifier: MIT */
/* The table of damaged files, and their readers: the library with one thread and its usual limits.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define ZLIB_CONST
#include <zlib.h>

#include "cli/commands.h"
#include "cli/report/report.h"
#include "core/context.h"
#include "damage.h"

/* ---- reading --------------------------------------------------------------------------------- */

static eg_context *open_context(void)
{
    eg_context *ctx = NULL;
    eg_config config;
    eg_config_default(&config);
    config.threads = 1;
    if (eg_context_new(&ctx, &config, NULL) != EG_OK)
        abort();
    return ctx;
}

static void close_context(eg_context *ctx)
{
    if (atomic_load(&ctx->used) != 0) {
        fprintf(stderr, "memory is left over\n");
        abort();
    }
    eg_context_free(ctx);
}

/* A sink that forgets its rows. */
static eg_status open_sink(eg_sink **sink, eg_context *ctx, eg_error *error)
{
    eg_write_options options;
    eg_write_default(&options);
    options.format = "pgm";
    return eg_sink_open(sink, ctx, "/dev/null", &options, error);
}

static eg_status read_image(const char *path, eg_error *error)
{
    eg_context *ctx = open_context();
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_edges_options edges;
    eg_read_options options;
    eg_edges_default(&edges);
    eg_read_default(&options);
    options.colour_planes = true;
    eg_status status = eg_source_open(&source, ctx, path, &options, error);
    if (status == EG_OK)
        status = open_sink(&sink, ctx, error);
    if (status == EG_OK)
        status = eg_edges(source, sink, &edges, NULL, error);
    eg_sink_close(sink);
    eg_source_close(source);
    close_context(ctx);
    return status;
}

static eg_status read_elevations(const char *path, eg_error *error)
{
    eg_context *ctx = open_context();
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_read_options options;
    eg_terrain_options map;
    eg_ground_options ground;
    eg_read_default(&options);
    options.as_values = true;
    eg_terrain_default(&map);
    map.map = EG_TERRAIN_HILLSHADE;
    eg_ground_default(&ground);
    ground.cell_x = ground.cell_y = 30;
    eg_status status = eg_source_open(&source, ctx, path, &options, error);
    if (status == EG_OK)
        status = open_sink(&sink, ctx, error);
    if (status == EG_OK)
        status = eg_terrain(source, &sink, &map, 1, &ground, error);
    eg_sink_close(sink);
    eg_source_close(source);
    close_context(ctx);
    return status;
}

/* Reads the image beside which the damaged file is. */
static eg_status read_companion(const char *path, const char *name, eg_error *error)
{
    char image[4200];
    const char *slash = strrchr(path, '/');
    snprintf(image, sizeof image, "%.*s/%s", (int)(slash - path), path, name);
    return read_elevations(image, error);
}

static eg_status read_beside_pgm(const char *path, eg_error *error)
{
    return read_companion(path, "image.pgm", error);
}

static eg_status read_beside_bil(const char *path, eg_error *error)
{
    return read_companion(path, "grid.bil", error);
}

static eg_status read_beside_flt(const char *path, eg_error *error)
{
    return read_companion(path, "grid.flt", error);
}

static eg_status read_table(const char *path, eg_error *error)
{
    eg_context *ctx = open_context();
    eg_table *table = NULL;
    const double *values;
    eg_status status = eg_table_read(&table, ctx, path, error);
    for (size_t i = 0; status == EG_OK && eg_table_name(table, i); i++)
        status = eg_table_column(table, i, &values, error);
    eg_table_free(table);
    close_context(ctx);
    return status;
}

static eg_status read_formula(const char *path, eg_error *error)
{
    static char text[4096];
    eg_context *ctx = open_context();
    eg_expr *expr = NULL;
    FILE *file = fopen(path, "re");
    size_t length = file ? fread(text, 1, sizeof text - 1, file) : 0;
    text[length] = '\0';
    if (file)
        fclose(file);
    eg_status status = eg_expr_parse(&expr, ctx, text, NULL, NULL, error);
    eg_expr_free(expr);
    close_context(ctx);
    return status;
}

/* ---- report pages ---------------------------------------------------------------------------- */

static size_t make_page(uint8_t *bytes, size_t size)
{
    char path[64];
    report *r = NULL;
    eg_error error = {0};
    eg_context *ctx = open_context();
    snprintf(path, sizeof path, "/tmp/edgegrad-page-%d.html", (int)getpid());
    const report_about about = {path, "damaged", NULL, 0};
    if (report_open(&r, ctx, &about, &error) != EG_OK)
        abort();
    for (int i = 0; i < 26; i++) {
        char name[] = {(char)('a' + i), '\0'};
        cli_record record = {.name = name, .input = name, .output = name, .seconds = 1};
        report_add(r, &record, &error);
    }
    report_commit(r, 1, false, &error);
    report_close(r);
    close_context(ctx);
    FILE *file = fopen(path, "re");
    size_t length = file ? fread(bytes, 1, size, file) : 0;
    if (!file || error.status != EG_OK)
        abort();
    fclose(file);
    unlink(path);
    return length;
}

/* The command prints its message itself: an exit code becomes a status. */
static eg_status merge_page(const char *path, eg_error *error)
{
    struct {
        cli_settings common;
        const char *output;
    } settings = {.common = {.quiet = true, .sandbox = CLI_SANDBOX_OFF}, .output = "/dev/null"};
    char *page = (char *)(size_t)path;
    const cli_args args = {.command = &merge_report_command, .operands = &page, .operand_count = 1};
    eg_config_default(&settings.common.config);
    int code = merge_report_command.run(&args, &settings.common);
    error->status = code == EXIT_DONE    ? EG_OK
                    : code == EXIT_INPUT ? EG_BAD_INPUT
                    : code == EXIT_LIMIT ? EG_LIMIT_EXCEEDED
                                         : EG_FILE;
    snprintf(error->message, sizeof error->message, "exit code %d", code);
    return error->status;
}

/* ---- compressed files ------------------------------------------------------------------------ */

static size_t make_gzip(uint8_t *bytes, size_t size)
{
    static const char head[] = "P5\n64 64\n255\n";
    uint8_t content[sizeof head - 1 + 64 * 64];
    z_stream z = {
        .next_in = content, .avail_in = sizeof content, .next_out = bytes, .avail_out = (uInt)size};
    memcpy(content, head, sizeof head - 1);
    for (size_t i = sizeof head - 1; i < sizeof content; i++)
        content[i] = (uint8_t)(i * i >> 7);
    if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK ||
        deflate(&z, Z_FINISH) != Z_STREAM_END)
        abort();
    deflateEnd(&z);
    return z.total_out;
}

static void put_16(uint8_t **at, unsigned value)
{
    *(*at)++ = (uint8_t)value;
    *(*at)++ = (uint8_t)(value >> 8);
}

static void put_32(uint8_t **at, size_t value)
{
    put_16(at, value & 0xFFFF);
    put_16(at, value >> 16 & 0xFFFF);
}

/* Writes the header of a zip member, without its signature. */
static void put_member(uint8_t **at, size_t packed, size_t length, uint32_t check, size_t name)
{
    put_16(at, 20);
    put_16(at, 0);
    put_16(at, 8);
    put_32(at, 0);
    put_32(at, check);
    put_32(at, packed);
    put_32(at, length);
    put_16(at, (unsigned)name);
    put_16(at, 0);
}

/* An ASCII grid in a zip archive. */
static size_t make_zip(uint8_t *bytes, size_t size)
{
    static const char name[] = "grid.asc";
    static const char text[] = "ncols 4\nnrows 3\nxllcorner 0\nyllcorner 0\ncellsize 1\n"
                               "1 2 3 4\n2 3 4 5\n3 4 5 6\n";
    uint8_t packed[512] = {0}, *at = bytes;
    z_stream z = {.next_in = (const uint8_t *)text,
                  .avail_in = sizeof text - 1,
                  .next_out = packed,
                  .avail_out = sizeof packed};
    uint32_t check = (uint32_t)crc32(0, (const uint8_t *)text, sizeof text - 1);
    if (size < 1024 || deflateInit2(&z, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK ||
        deflate(&z, Z_FINISH) != Z_STREAM_END)
        abort();
    deflateEnd(&z);
    put_32(&at, 0x04034b50);
    put_member(&at, z.total_out, sizeof text - 1, check, strlen(name));
    memcpy(at, name, strlen(name));
    memcpy(at + strlen(name), packed, z.total_out);
    at += strlen(name) + z.total_out;
    const size_t directory = (size_t)(at - bytes);
    put_32(&at, 0x02014b50);
    put_16(&at, 20);
    put_member(&at, z.total_out, sizeof text - 1, check, strlen(name));
    memset(at, 0, 14);
    at += 14;
    memcpy(at, name, strlen(name));
    at += strlen(name);
    const size_t end = (size_t)(at - bytes);
    put_32(&at, 0x06054b50);
    put_32(&at, 0);
    put_16(&at, 1);
    put_16(&at, 1);
    put_32(&at, end - directory);
    put_32(&at, directory);
    put_16(&at, 0);
    return (size_t)(at - bytes);
}

/* ---- the table ------------------------------------------------------------------------------- */

#define IMAGE(path)                                                                                \
    {                                                                                              \
        .name = path, .file = "image", .seed = "small/" path, .read = read_image, .most_ms = 50    \
    }
#define BESIDE(label, as, content)                                                                 \
    {                                                                                              \
        .name = label, .file = as, .text = content, .companion = "image.pgm",                      \
        .companion_text = grey, .read = read_beside_pgm, .most_ms = 50                             \
    }

static const char grey[] = "P2\n4 3\n65535\n1 2 3 4\n2 3 4 5\n3 4 5 60000\n";
static const char wkt[] =
    "PROJCS[\"WGS 84 / UTM zone 32N\",GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS "
    "84\",6378137,298.257223563]],PRIMEM[\"Greenwich\",0],UNIT[\"degree\",0.0174532925199433]],"
    "PROJECTION[\"Transverse_Mercator\"],PARAMETER[\"latitude_of_origin\",0],"
    "PARAMETER[\"central_meridian\",9],PARAMETER[\"scale_factor\",0.9996],"
    "PARAMETER[\"false_easting\",500000],PARAMETER[\"false_northing\",0],UNIT[\"metre\",1],"
    "AUTHORITY[\"EPSG\",\"32632\"]]";
static const char pam[] =
    "<PAMDataset>\n  <SRS>EPSG:32632</SRS>\n  <GeoTransform>1, 2, 0, 3, 0, -2</GeoTransform>\n"
    "  <PAMRasterBand band=\"1\">\n    <NoDataValue>4</NoDataValue>\n    <Scale>2</Scale>\n"
    "    <UnitType>m</UnitType>\n  </PAMRasterBand>\n</PAMDataset>\n";

const damage_target damage_targets[] = {
    IMAGE("grey.png"),
    IMAGE("rgb16.png"),
    IMAGE("rgb-interlaced.png"),
    IMAGE("palette.png"),
    IMAGE("orient-8-text.png"),
    IMAGE("rgb.jpg"),
    IMAGE("progressive.jpg"),
    IMAGE("ycck.jpg"),
    IMAGE("orient-6.jpg"),
    IMAGE("pages.jpg"),
    IMAGE("bits12.tif"),
    IMAGE("cmyk.tif"),
    IMAGE("ycc420.tif"),
    IMAGE("mask.tif"),
    IMAGE("pages.tif"),
    {.name = "hills.tif",
     .file = "image",
     .seed = "hills.tif",
     .read = read_elevations,
     .most_ms = 50},
    IMAGE("bits.pbm"),
    IMAGE("bits-plain.pbm"),
    IMAGE("grey.pgm"),
    IMAGE("grey-plain.pgm"),
    IMAGE("rgb16.ppm"),
    IMAGE("pages.ppm"),
    IMAGE("rgba.pam"),
    IMAGE("grey.pfm"),
    {.name = "grey.asc",
     .file = "grid.asc",
     .seed = "small/grey.asc",
     .read = read_elevations,
     .most_ms = 50},
    {.name = "header of a .bil",
     .file = "grid.hdr",
     .text = "BYTEORDER I\nLAYOUT BIL\nNROWS 3\nNCOLS 4\nNBANDS 1\nNBITS 16\nPIXELTYPE SIGNEDINT\n"
             "BANDROWBYTES 8\nTOTALROWBYTES 8\nULXMAP 7\nULYMAP 46\nXDIM 1\nYDIM 1\nNODATA -9999\n",
     .companion = "grid.bil",
     .companion_text = "abcdefghijklmnopqrstuvwx",
     .read = read_beside_bil,
     .most_ms = 50},
    {.name = "header of a .flt",
     .file = "grid.hdr",
     .text = "ncols 3\nnrows 3\nxllcorner 7\nyllcorner 45\ncellsize 0.5\nNODATA_value -9999\n"
             "byteorder LSBFIRST\n",
     .companion = "grid.flt",
     .companion_text = "abcdefghijklmnopqrstuvwxyz0123456789",
     .read = read_beside_flt,
     .most_ms = 50},
    {.name = "gzip of a .pgm",
     .file = "image.pgm.gz",
     .make = make_gzip,
     .read = read_image,
     .most_ms = 50},
    {.name = "zip of a .asc",
     .file = "grid.asc.zip",
     .make = make_zip,
     .read = read_elevations,
     .most_ms = 50},
    BESIDE("world file", "image.pgw", "30\n0\n0\n-30\n7.5\n46\n"),
    BESIDE(".prj", "image.prj", wkt),
    BESIDE(".aux.xml", "image.pgm.aux.xml", pam),
    {.name = "table",
     .file = "table.csv",
     .text = "\"x\";y;\"a \"\"b\"\"\"\r\n1;2.5;3\r\n-1e3;4;5\r\n6;7;8\r\n",
     .read = read_table,
     .most_ms = 50},
    {.name = "formula",
     .file = "formula",
     .text = "if(x > 0, sin(x)^2 exp(-y/2) + sqrt(|x y|), atan2(y, x)) + 3.5e-3 max(x, y, 2)",
     .read = read_formula,
     .may_misuse = true,
     .most_ms = 50},
    {.name = "report page",
     .file = "page.html",
     .make = make_page,
     .read = merge_page,
     .most_ms = 50},
    {.name = NULL},
};

/* ---- files ----------------------------------------------------------------------------------- */

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[4200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "we");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0) {
        perror(path);
        exit(2);
    }
}

size_t damage_seed(const damage_target *target, const char *testdata, const char *folder,
                   uint8_t *bytes, size_t size)
{
    char path[4200];
    damage_empty(folder);
    if (target->companion)
        write_file(folder, target->companion, target->companion_text);
    if (target->make)
        return target->make(bytes, size);
    if (target->text) {
        memcpy(bytes, target->text, strlen(target->text));
        return strlen(target->text);
    }
    snprintf(path, sizeof path, "%s/%s", testdata, target->seed);
    FILE *file = fopen(path, "re");
    size_t length = file ? fread(bytes, 1, size, file) : 0;
    if (!file || length == 0) {
        perror(path);
        exit(2);
    }
    fclose(file);
    return length;
}

void damage_empty(const char *folder)
{
    DIR *dir = opendir(folder);
    for (const struct dirent *entry; dir && (entry = readdir(dir)) != NULL;)
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
}
