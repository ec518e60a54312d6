/* SPDX-License-Identifier: MIT */
/* Tests of all formats: written files are read back, and unknown formats are refused with a helpful
 * message. */
#include "files.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/io.h"

static const eg_sample samples[] = {EG_BIT, EG_U8, EG_U16, EG_F32, EG_RGB};

/* ---- images ---------------------------------------------------------------------------------- */

static void set_pixel(eg_grid *grid, size_t x, size_t y, unsigned v)
{
    char *row = (char *)grid->data + y * grid->stride;
    if (grid->sample == EG_BIT)
        ((uint64_t *)(void *)row)[x / 64] |= (uint64_t)(v >> 7 & 1) << (x % 64);
    else if (grid->sample == EG_U8)
        ((uint8_t *)row)[x] = (uint8_t)v;
    else if (grid->sample == EG_U16)
        ((uint16_t *)(void *)row)[x] = (uint16_t)v;
    else if (grid->sample == EG_RGB)
        memcpy(row + 3 * x, (uint8_t[]){(uint8_t)v, (uint8_t)(v / 2), (uint8_t)(255 - v)}, 3);
    else
        ((float *)(void *)row)[x] = ((float)v - 3e4F) * 1.7e-3F;
}

/* Returns noise, or a ramp for lossy formats. */
static eg_grid make_picture(eg_context *ctx, size_t width, size_t height, eg_sample sample,
                            bool smooth)
{
    eg_grid grid;
    unsigned state = (unsigned)(width * 131 + height);
    assert_int_equal(eg_grid_new(&grid, ctx, width, height, sample, NULL), EG_OK);
    memset(grid.data, 0, grid.height * grid.stride);
    for (size_t y = 0; y < height; y++) {
        for (size_t x = 0; x < width; x++) {
            state = state * 1664525u + 1013904223u;
            set_pixel(&grid, x, y, smooth ? (unsigned)(40 + x * 150 / width + 8 * y) : state >> 9);
        }
    }
    return grid;
}

/* ---- writing --------------------------------------------------------------------------------- */

typedef struct sending {
    const char *path;
    const eg_write_options *write;
    int threads;
    size_t strip_rows;
} sending;

static void send(const eg_grid *grid, const sending *how)
{
    eg_error error = {0};
    eg_context *ctx = test_context(how->threads, how->strip_rows, NULL);
    if (eg_save(grid, ctx, how->path, how->write, &error) != EG_OK)
        fail_msg("%s: %s", how->path, error.message);
    close_context(ctx);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Compares a file with colours, which are read as three planes. */
static void check_colours(eg_context *ctx, const eg_grid *sent, const sending *how, int bound)
{
    eg_read_options read;
    eg_source *source = NULL;
    const size_t stride = 3 * sent->width;
    uint8_t *row = malloc(stride);
    assert_non_null(row);
    eg_read_default(&read);
    read.colour_planes = true;
    assert_int_equal(eg_source_open(&source, ctx, how->path, &read, NULL), EG_OK);
    const eg_info *info = eg_source_info(source);
    assert_true(info->width == sent->width && info->height == sent->height && info->planes == 3);
    for (size_t y = 0; y < sent->height; y++) {
        const uint8_t *wanted = (const uint8_t *)sent->data + y * sent->stride;
        assert_int_equal(eg_source_read(source, row, stride, 1, NULL), EG_OK);
        for (size_t i = 0; i < stride; i++)
            if (abs(row[i % 3 * sent->width + i / 3] - wanted[i]) > bound)
                fail_msg("%s: colours differ in row %zu", how->path, y);
    }
    assert_int_equal(eg_source_finish(source, NULL), EG_OK);
    eg_source_close(source);
    free(row);
}

static void check_file(eg_context *ctx, const eg_grid *sent, const sending *how, double bound)
{
    eg_grid got;
    if (sent->sample == EG_RGB) {
        check_colours(ctx, sent, how, bound > 0 ? 6 : 0);
        return;
    }
    load_grid(&got, ctx, how->path, NULL);
    assert_int_equal(got.width, sent->width);
    assert_int_equal(got.height, sent->height);
    bool text = strcmp(how->write->format, "asc") == 0; /* which does not store the bit depth */
    bool wide = sent->sample == EG_U16 || sent->sample == EG_F32 || text;
    assert_int_equal(got.sample, wide ? EG_F32 : EG_U8);
    double off = largest_difference(sent, &got);
    if (off > bound)
        fail_msg("%s: %zu x %zu of sample %d by %d threads, %zu rows, level %d: %g off", how->path,
                 sent->width, sent->height, (int)sent->sample, how->threads, how->strip_rows,
                 how->write->compression, off);
    eg_grid_free(&got);
}

static const size_t strips[] = {0, 1, 3, 64};
static const int levels[] = {-1, 0, 1, 9};

static bool can_read(const eg_format *written)
{
    return written->open || strcmp(written->name, "pgm") == 0 ||
           strcmp(written->name, "pbm") == 0 || strcmp(written->name, "ppm") == 0 ||
           strcmp(written->name, "pam") == 0; /* "pnm" reads these */
}

/* `turn` selects strip height and compression level. */
static void round_trip(eg_context *ctx, const eg_format *format, const eg_grid *grid, int threads,
                       size_t turn)
{
    char name[32];
    bool lossy = strcmp(format->name, "jpeg") == 0;
    eg_write_options options;
    eg_write_default(&options);
    options.format = format->name;
    options.quality = lossy ? 100 : 90;
    options.compression = levels[turn / COUNT(strips) % COUNT(levels)];
    snprintf(name, sizeof name, "round.%s", format->name);
    const sending how = {scratch(name), &options, threads, strips[turn % COUNT(strips)]};
    send(grid, &how);
    if (can_read(format))
        check_file(ctx, grid, &how, lossy ? 2 : 0);
}

static void every_size_of(eg_context *ctx, const eg_format *format, eg_sample sample)
{
    bool lossy = strcmp(format->name, "jpeg") == 0;
    size_t turn = (size_t)sample;
    for (size_t width = 1; width <= 71; width++) {
        for (size_t height = 1; height <= 5; height++) {
            eg_grid grid = make_picture(ctx, width <= 70 ? width : 1025, height, sample, lossy);
            round_trip(ctx, format, &grid, width % 16 == 1 ? 2 : 1, turn++);
            eg_grid_free(&grid);
        }
    }
}

static void every_way_of(eg_context *ctx, const eg_format *format, eg_sample sample)
{
    eg_grid grid = make_picture(ctx, 157, 131, sample, strcmp(format->name, "jpeg") == 0);
    for (size_t turn = 0; turn < COUNT(strips) * COUNT(levels); turn++)
        for (int threads = 1; threads <= 2; threads++)
            round_trip(ctx, format, &grid, threads, turn);
    eg_grid_free(&grid);
}

static void written_is_read_back(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t f = 0; eg_formats[f]; f++) {
        const eg_format *format = eg_formats[f];
        for (size_t s = 0; format->create && s < COUNT(samples); s++) {
            if (!(format->accepts >> samples[s] & 1))
                continue;
            every_size_of(ctx, format, samples[s]);
            every_way_of(ctx, format, samples[s]);
        }
    }
    close_context(ctx);
}

/* Includes infinities, signed zeros and NaNs. */
static void floats_are_kept_bit_for_bit(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    const float values[] = {0.0F, -0.0F, INFINITY, -INFINITY, NAN, 1e-45F, 3.4e38F, 1.0F / 3};
    eg_grid back, grid = {(void *)(uintptr_t)values, 4, 2, 4 * sizeof(float), EG_F32, 1};
    for (size_t f = 0; eg_formats[f]; f++) {
        const eg_format *format = eg_formats[f];
        eg_write_options options;
        eg_write_default(&options);
        options.format = format->name;
        if (!format->create || !(format->accepts >> EG_F32 & 1) || !can_read(format))
            continue;
        assert_int_equal(eg_save(&grid, ctx, scratch("floats"), &options, NULL), EG_OK);
        load_grid(&back, ctx, scratch("floats"), NULL);
        assert_grids_equal(&grid, &back);
        eg_grid_free(&back);
    }
    close_context(ctx);
}

/* Sample types that a format cannot store are refused before anything is written; bits are
 * converted to bytes. */
static void samples_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t f = 0; eg_formats[f]; f++) {
        const eg_format *format = eg_formats[f];
        for (size_t s = 0; format->create && s < COUNT(samples); s++) {
            eg_error error = {0};
            eg_write_options options;
            eg_write_default(&options);
            options.format = format->name;
            eg_grid grid = make_picture(ctx, 5, 4, samples[s], false);
            bool fits = format->accepts >> samples[s] & 1;
            fits |= samples[s] == EG_BIT && (format->accepts >> EG_U8 & 1);
            unlink(scratch("fits"));
            eg_status status = eg_save(&grid, ctx, scratch("fits"), &options, &error);
            assert_int_equal(status, fits ? EG_OK : EG_USAGE);
            assert_int_equal(access(scratch("fits"), F_OK), fits ? 0 : -1);
            eg_grid_free(&grid);
        }
    }
    close_context(ctx);
}

/* ---- names and contents ---------------------------------------------------------------------- */

static void extensions_and_names_lead_to_their_format(void **state)
{
    (void)state;
    for (size_t f = 0; eg_formats[f]; f++) {
        const eg_format *format = eg_formats[f];
        char list[64], path[80];
        snprintf(list, sizeof list, "%s", format->extensions);
        if (format->create) /* else its name may be an extension of one that can be written */
            assert_ptr_equal(eg_format_by_name(format->name), format);
        for (char *rest = list, *one = strtok_r(list, ",", &rest); one;
             one = strtok_r(NULL, ",", &rest)) {
            snprintf(path, sizeof path, "a.b/c.%s", one);
            assert_ptr_equal(eg_format_by_extension(path), format);
            for (char *c = one; *c; c++)
                *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
            snprintf(path, sizeof path, "x.txt.%s", one);
            assert_ptr_equal(eg_format_by_extension(path), format);
            snprintf(path, sizeof path, "folder.%s/name", one);
            assert_null(eg_format_by_extension(path));
        }
    }
    assert_null(eg_format_by_extension("png"));
    assert_null(eg_format_by_extension("name."));
    assert_null(eg_format_by_name("pn"));
    assert_null(eg_format_by_name(""));
}

static void unknown_extensions_are_refused_with_a_list(void **state)
{
    static const char *const names[] = {"out.xyz", "out", "out.", "out.png.gz", "out.xpm"};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(names); i++) {
        eg_sink *sink = NULL;
        eg_error error = {0};
        assert_int_equal(eg_sink_open(&sink, ctx, scratch(names[i]), NULL, &error), EG_USAGE);
        assert_null(sink);
        for (size_t f = 0; eg_formats[f]; f++)
            if (eg_formats[f]->create && !strcasestr(error.message, eg_formats[f]->name))
                fail_msg("%s is not in '%s'", eg_formats[f]->name, error.message);
        assert_int_equal(access(scratch(names[i]), F_OK), -1);
    }
    close_context(ctx);
}

static void content_tells_the_format(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    file_list files = list_files("testdata/small", "");
    for (size_t i = 0; i < files.count; i++) {
        eg_grid plain, renamed;
        file_bytes bytes = read_bytes(files.paths[i]);
        const char *path = scratch(i % 2 ? "picture.txt" : "picture.tiff");
        write_bytes(path, bytes.data, bytes.size);
        load_grid(&plain, ctx, files.paths[i], NULL);
        load_grid(&renamed, ctx, path, NULL);
        assert_grids_equal(&plain, &renamed);
        eg_grid_free(&plain);
        eg_grid_free(&renamed);
        free(bytes.data);
    }
    free_files(&files);
    close_context(ctx);
}

#define BYTES(text) text, sizeof(text) - 1

static void foreign_formats_are_named(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
        eg_status status;
        const char *word;
    } cases[] = {
        {BYTES("GIF89a\1\0\1\0"), EG_UNSUPPORTED, "GIF"},
        {BYTES("RIFF\1\0\0\0WEBPVP8 "), EG_UNSUPPORTED, "WebP"},
        {BYTES("II*\0\10\0\0\0"), EG_BAD_INPUT, "directory"},
        {BYTES("MM\0*\0\0\0\10"), EG_BAD_INPUT, "directory"},
        {BYTES("\0\0\0\34ftypavif"), EG_UNSUPPORTED, "AVIF"},
        {BYTES("8BPS\0\1"), EG_UNSUPPORTED, "Photoshop"},
        {BYTES("%PDF-1.4\n"), EG_UNSUPPORTED, "PDF"},
        {BYTES(""), EG_BAD_INPUT, "empty"},
        {BYTES("hello, world\n"), EG_BAD_INPUT, "text"},
        {BYTES("\0\1\2\3\4\5\6\7"), EG_BAD_INPUT, "not an image"},
        {BYTES("RIFF\1\0\0\0WAVEfmt "), EG_BAD_INPUT, "not an image"},
        {BYTES("\x89PNG\n\x1a\n\0\0\0\r"), EG_BAD_INPUT, "text"},
        {BYTES("\0\0\0\30ftypheic\0\0\0\0mif1heic"), EG_UNSUPPORTED, "a HEIF image"},
        {BYTES("\0\0\0\34ftypmif1\0\0\0\0mif1avifmiaf"), EG_UNSUPPORTED, "an AVIF image"},
        {BYTES("\0\0\0\20ftypmif1\0\0\0\0avif"), EG_UNSUPPORTED, "a HEIF image"},
        {BYTES("\0\0\0\30ftypcrx \0\0\0\1crx isom"), EG_UNSUPPORTED, "Canon camera raw"},
        {BYTES("\0\0\0\34ftypXAVC\0\0\0\0XAVCmp42iso2"), EG_UNSUPPORTED, "MP4 video"},
        {BYTES("\0\0\0\14JXL \r\n"), EG_UNSUPPORTED, "djxl"},
        {BYTES("\0\0\0\14jP  \r\n"), EG_UNSUPPORTED, "opj_decompress"},
        {BYTES("IIRO\10\0\0\0"), EG_UNSUPPORTED, "Olympus camera raw"},
        {BYTES("IIU\0\30\0\0\0"), EG_UNSUPPORTED, "Panasonic camera raw"},
        {BYTES("FUJIFILMCCD-RAW 0201"), EG_UNSUPPORTED, "Fujifilm camera raw"},
        {BYTES("II\32\0\0\0HEAPCCDR"), EG_UNSUPPORTED, "Canon camera raw"},
        {BYTES("\x76\x2F\x31\x01\2\0\0\0"), EG_UNSUPPORTED, "OpenEXR"},
        {BYTES("<?xml version='1.0'?>\n<!-- a -->\n<svg>"), EG_UNSUPPORTED, "SVG"},
        {BYTES("\x1F\x8B\x08\0"), EG_BAD_INPUT, "compressed data is damaged"},
        {BYTES("PK\3\4\24\0"), EG_BAD_INPUT, "a zip archive that is damaged"},
        {BYTES("\x89HDF\r\n\x1A\n"), EG_UNSUPPORTED, "gdal_translate"},
        {BYTES(" <!DOCTYPE HTML>\n<html>"), EG_BAD_INPUT, "a web page"},
        {BYTES("version https://git-lfs.github.com/spec/v1\n"), EG_BAD_INPUT, "git lfs pull"},
    };
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_grid grid;
        eg_error error = {0};
        eg_status status = load_bytes(&grid, ctx, cases[i].bytes, cases[i].size, NULL, &error);
        assert_int_equal(status, cases[i].status);
        if (!strstr(error.message, cases[i].word))
            fail_msg("no '%s' in '%s'", cases[i].word, error.message);
    }
    close_context(ctx);
}

/* The command in the message can be copied, unless the name would need quotes. It never writes to
 * the file itself, whose extension may be wrong. */
static void the_command_that_converts_has_the_names(void **state)
{
    static const struct {
        const char *name, *command;
    } cases[] = {
        {"photo.webp", "dwebp %s/photo.webp -o %s/photo.png"},
        {"a.b.webp", "dwebp %s/a.b.webp -o %s/a.b.png"},
        {"photo.png", "dwebp %s/photo.png -o %s/photo.png.png"},
        {"photo", "dwebp %s/photo -o %s/photo.png"},
        {".webp", "dwebp %s/.webp -o %s/.webp.png"},
        {"my photo.webp", "dwebp image.webp -o image.png"},
        {"$(reboot).webp", "dwebp image.webp -o image.png"},
    };
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    const char *folder = scratch("");
    for (size_t i = 0; i < COUNT(cases); i++) {
        char command[256];
        eg_grid grid;
        eg_error error = {0};
        const char *path = scratch(cases[i].name);
        snprintf(command, sizeof command, cases[i].command, folder, folder);
        write_bytes(path, "RIFF\1\0\0\0WEBPVP8 ", 16);
        assert_int_equal(eg_load(&grid, ctx, path, NULL, &error), EG_UNSUPPORTED);
        if (!strstr(error.message, command))
            fail_msg("no '%s' in '%s'", command, error.message);
    }
    close_context(ctx);
}

/* ---- limits and options ---------------------------------------------------------------------- */

static eg_status load_limited(const char *path, size_t max_side, uint64_t max_pixels,
                              size_t max_memory, eg_error *error)
{
    eg_config config;
    eg_context *ctx = NULL;
    eg_grid grid;
    eg_config_default(&config);
    config.threads = 1;
    config.max_side = max_side;
    config.max_pixels = max_pixels;
    config.max_memory = max_memory;
    assert_int_equal(eg_context_new(&ctx, &config, NULL), EG_OK);
    eg_status status = eg_load(&grid, ctx, path, NULL, error);
    eg_grid_free(&grid);
    close_context(ctx);
    return status;
}

static void limits_hold_for_every_file(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    file_list files = list_files("testdata/small", "");
    for (size_t i = 0; i < files.count; i++) {
        const char *path = files.paths[i];
        eg_error side = {0}, area = {0}, memory = {0}, fits = {0};
        eg_source *source = NULL;
        assert_int_equal(eg_source_open(&source, ctx, path, NULL, NULL), EG_OK);
        eg_info info = *eg_source_info(source);
        eg_source_close(source);
        size_t longest = info.width > info.height ? info.width : info.height;
        uint64_t pixels = (uint64_t)info.width * info.height;
        if (load_limited(path, longest, pixels, 4 << 20, &fits) != EG_OK)
            fail_msg("%s", fits.message);
        assert_int_equal(load_limited(path, SIZE_MAX, UINT64_MAX, 100 << 10, &memory),
                         EG_LIMIT_EXCEEDED);
        assert_non_null(strstr(memory.message, "--max-memory"));
        if (pixels == 1)
            continue;
        assert_int_equal(load_limited(path, longest - 1, UINT64_MAX, 4 << 20, &side),
                         EG_LIMIT_EXCEEDED);
        assert_non_null(strstr(side.message, "--max-side"));
        assert_int_equal(load_limited(path, SIZE_MAX, pixels - 1, 4 << 20, &area),
                         EG_LIMIT_EXCEEDED);
        assert_non_null(strstr(area.message, "--max-pixels"));
    }
    free_files(&files);
    close_context(ctx);
}

static void options_out_of_range_are_refused(void **state)
{
    static const int qualities[] = {-1, 0, 101}, compressions[] = {-2, 10};
    static const double whites[] = {-1, NAN, INFINITY};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_sink *sink = NULL;
    eg_source *source = NULL;
    for (size_t i = 0; i < COUNT(qualities); i++) {
        eg_write_options write = {.quality = qualities[i], .compression = -1};
        assert_int_equal(eg_sink_open(&sink, ctx, scratch("q.jpg"), &write, NULL), EG_USAGE);
    }
    for (size_t i = 0; i < COUNT(compressions); i++) {
        eg_write_options write = {.quality = 90, .compression = compressions[i]};
        assert_int_equal(eg_sink_open(&sink, ctx, scratch("c.png"), &write, NULL), EG_USAGE);
    }
    for (size_t i = 0; i < COUNT(whites); i++) {
        eg_read_options read;
        eg_read_default(&read);
        read.white_level = whites[i];
        assert_int_equal(eg_source_open(&source, ctx, "testdata/scene.png", &read, NULL), EG_USAGE);
    }
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_is_read_back),
        cmocka_unit_test(floats_are_kept_bit_for_bit),
        cmocka_unit_test(samples_that_do_not_fit_are_refused),
        cmocka_unit_test(extensions_and_names_lead_to_their_format),
        cmocka_unit_test(unknown_extensions_are_refused_with_a_list),
        cmocka_unit_test(content_tells_the_format),
        cmocka_unit_test(foreign_formats_are_named),
        cmocka_unit_test(the_command_that_converts_has_the_names),
        cmocka_unit_test(limits_hold_for_every_file),
        cmocka_unit_test(options_out_of_range_are_refused),
    };
    return cmocka_run_group_tests_name("formats", tests, make_scratch, remove_scratch);
}
