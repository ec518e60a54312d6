/* SPDX-License-Identifier: MIT */
/* Tests of the directories of a TIFF as pages, and of camera raw images, which are TIFFs. */
#include "pages.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tiffio.h>

/* ---- pages ----------------------------------------------------------------------------------- */

/* A directory of 7 x 5 pixels (reduced: 3 x 2) of one value. */
typedef struct directory {
    int subfile; /* -1: no such tag */
    uint16_t photometric, compression;
    bool tiled;
    const char *description;
} directory;

static void put_directory(TIFF *tiff, const directory *d, uint8_t value)
{
    const uint32_t width = d->subfile == FILETYPE_REDUCEDIMAGE ? 3 : 7, height = width == 3 ? 2 : 5;
    uint8_t samples[16 * 16];
    memset(samples, value, sizeof samples);
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, height);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, d->photometric);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, d->compression);
    if (d->subfile >= 0)
        TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, d->subfile);
    if (d->description)
        TIFFSetField(tiff, TIFFTAG_IMAGEDESCRIPTION, d->description);
    if (d->tiled) {
        TIFFSetField(tiff, TIFFTAG_TILEWIDTH, 16);
        TIFFSetField(tiff, TIFFTAG_TILELENGTH, 16);
        assert_int_equal(TIFFWriteEncodedTile(tiff, 0, samples, sizeof samples), sizeof samples);
    } else {
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, height);
        assert_true(TIFFWriteEncodedStrip(tiff, 0, samples, width * height) > 0);
    }
    assert_int_equal(TIFFWriteDirectory(tiff), 1);
}

static const directory plain = {-1, PHOTOMETRIC_MINISBLACK, COMPRESSION_NONE, false, NULL};

/* Writes directories with the values 10, 20 ... and returns the file's path. */
static const char *put_directories(const char *mode, const directory *directories, size_t count)
{
    const char *path = scratch("pages.tif");
    TIFF *tiff = TIFFOpen(path, mode);
    assert_non_null(tiff);
    for (size_t i = 0; i < count; i++)
        put_directory(tiff, &directories[i], (uint8_t)(10 * (i + 1)));
    TIFFClose(tiff);
    return path;
}

/* Fails unless page `page` is read with the value of directory `number`. */
static void assert_directory_read(eg_context *ctx, const char *path, int page, int number,
                                  const char *warning)
{
    char text[512];
    eg_grid grid = read_page(ctx, path, page, text);
    for (size_t y = 0; y < grid.height; y++)
        for (size_t x = 0; x < grid.width; x++)
            if (sample_at(&grid, x, y) != 10 * number)
                fail_msg("page %d: %g, not %d", page, sample_at(&grid, x, y), 10 * number);
    if (warning ? !strstr(text, warning) : *text != '\0')
        fail_msg("page %d: the warning is '%s', not '%s'", page, text, warning ? warning : "");
    eg_grid_free(&grid);
}

static void every_directory_is_read(void **state)
{
    static const char *const modes[] = {"wl", "wb", "wl8", "wb8"};
    const directory kinds[] = {
        plain,
        {-1, PHOTOMETRIC_MINISBLACK, COMPRESSION_LZW, true, NULL},
        {FILETYPE_PAGE, PHOTOMETRIC_MINISBLACK, COMPRESSION_PACKBITS, false, NULL},
        {0, PHOTOMETRIC_MINISBLACK, COMPRESSION_NONE, true, NULL},
    };
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t m = 0; m < COUNT(modes); m++) {
        const char *path = put_directories(modes[m], kinds, COUNT(kinds));
        assert_directory_read(ctx, path, 0, 1, "only page 1 of 4 is read; --page chooses another");
        for (int page = 1; page <= 4; page++)
            assert_directory_read(ctx, path, page, page, NULL);
        assert_page_count(ctx, path, 4);
    }
    close_context(ctx);
}

/* Returns the offset of directory `index` of a classic little-endian file of less than 64 KB, and
 * that of the link from it to the next one. */
static size_t directory_at(const file_bytes *bytes, size_t index)
{
    size_t link = 4, at = 0;
    for (size_t i = 0; i <= index; i++) {
        at = bytes->data[link] | (size_t)bytes->data[link + 1] << 8;
        link = at + 2 + 12u * (bytes->data[at] | (size_t)bytes->data[at + 1] << 8);
    }
    return at;
}

static size_t link_of(const file_bytes *bytes, size_t index)
{
    size_t at = directory_at(bytes, index);
    return at + 2 + 12u * (bytes->data[at] | (size_t)bytes->data[at + 1] << 8);
}

/* Copies and masks are passed over, and do not count as other images. */
static void the_first_full_image_is_read(void **state)
{
    const directory reduced = {FILETYPE_REDUCEDIMAGE, PHOTOMETRIC_MINISBLACK, COMPRESSION_NONE,
                               false, NULL};
    /* libtiff does not write tag SubfileType: the number of NewSubfileType is changed */
    const directory old_reduced = {OFILETYPE_REDUCEDIMAGE, PHOTOMETRIC_MINISBLACK, COMPRESSION_NONE,
                                   false, NULL};
    const directory mask = {FILETYPE_MASK, PHOTOMETRIC_MINISBLACK, COMPRESSION_NONE, false, NULL};
    const directory all[] = {reduced, old_reduced, mask, plain, reduced};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    const char *path = put_directories("wl", all, COUNT(all));
    file_bytes bytes = read_bytes(path);
    uint8_t *tag = bytes.data + directory_at(&bytes, 1) + 2;
    assert_int_equal(tag[0], TIFFTAG_SUBFILETYPE);
    tag[0] = TIFFTAG_OSUBFILETYPE;
    write_bytes(path, bytes.data, bytes.size);
    free(bytes.data);
    assert_directory_read(ctx, path, 0, 4, NULL);
    assert_directory_read(ctx, path, 1, 1, NULL);
    assert_directory_read(ctx, path, 3, 3, NULL);
    eg_source *source = open_listed(ctx, path);
    assert_int_equal(eg_source_info(source)->page, 4);
    assert_listed(source, 0, 3, 2, EG_PAGE_REDUCED);
    assert_listed(source, 1, 7, 5, EG_PAGE_REDUCED);
    assert_listed(source, 2, 7, 5, EG_PAGE_MASK);
    assert_listed(source, 3, 7, 5, EG_PAGE_IMAGE);
    assert_listed(source, 4, 3, 2, EG_PAGE_REDUCED);
    assert_null(eg_source_page(source, 5));
    assert_null(eg_source_warning(source, 0));
    eg_source_close(source);
    const directory none[] = {reduced, mask};
    path = put_directories("wl", none, COUNT(none));
    assert_directory_read(ctx, path, 0, 1, "has no full image; page 1, which is read");
    path = put_directories("wl", all, 1);
    assert_directory_read(ctx, path, 0, 1, "is marked as a reduced copy");
    close_context(ctx);
}

static void a_page_of_a_pipe_is_read(void **state)
{
    const directory all[] = {plain, plain, plain};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    file_bytes bytes = read_bytes(put_directories("wl", all, COUNT(all)));
    for (int page = 0; page <= 3; page++) {
        char path[32];
        int descriptor;
        pipe_path(path, &descriptor, bytes.data, bytes.size);
        assert_directory_read(ctx, path, page, page ? page : 1,
                              page ? NULL : "only page 1 of 3 is read");
        close(descriptor);
    }
    free(bytes.data);
    close_context(ctx);
}

/* A chain that returns to a directory has each of them once; one that leads nowhere ends. */
static void broken_chains_end(void **state)
{
    const directory all[] = {plain, plain, plain, plain, plain, plain, plain};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    const char *path = put_directories("wl", all, COUNT(all));
    file_bytes bytes = read_bytes(path);
    uint8_t *last = bytes.data + link_of(&bytes, COUNT(all) - 1);
    for (size_t back = 0; back < COUNT(all); back++) {
        memcpy(last, bytes.data + (back == 0 ? 4 : link_of(&bytes, back - 1)), 4);
        write_bytes(path, bytes.data, bytes.size);
        assert_page_count(ctx, path, COUNT(all));
    }
    memcpy(last, "\xF0\xFF\xFF\x0F", 4);
    write_bytes(path, bytes.data, bytes.size);
    assert_page_count(ctx, path, COUNT(all));
    assert_directory_read(ctx, path, 7, 7, "is damaged: a mask in it is not applied");
    free(bytes.data);
    close_context(ctx);
}

/* ImageJ's stacks of more than 4 GB have one directory. */
static void images_without_directories_are_told(void **state)
{
    const directory stack = {-1, PHOTOMETRIC_MINISBLACK, COMPRESSION_NONE, false,
                             "ImageJ=1.53t\nimages=9\nloop=f"};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    assert_directory_read(ctx, put_directories("wl", &stack, 1), 0, 1, "the first of its 9 images");
    const directory two[] = {stack, plain};
    assert_directory_read(ctx, put_directories("wl", two, 2), 0, 1, "only page 1 of 2");
    close_context(ctx);
}

/* ---- camera raw ------------------------------------------------------------------------------ */

/* Writes a preview marked as a reduced copy and, in a subdirectory, camera raw data. */
static const char *put_raw(const char *make, bool dng)
{
    const directory preview = {FILETYPE_REDUCEDIMAGE, PHOTOMETRIC_MINISBLACK, COMPRESSION_NONE,
                               false, NULL};
    const directory sensor = {0, PHOTOMETRIC_CFA, COMPRESSION_NONE, false, NULL};
    const char *path = scratch("raw.tif");
    const uint64_t none = 0;
    TIFF *tiff = TIFFOpen(path, "wl");
    assert_non_null(tiff);
    TIFFSetField(tiff, TIFFTAG_MAKE, make);
    if (dng)
        TIFFSetField(tiff, TIFFTAG_DNGVERSION, "\1\4\0\0");
    else
        TIFFSetField(tiff, TIFFTAG_SUBIFD, 1, &none);
    put_directory(tiff, &preview, 10);
    if (!dng)
        put_directory(tiff, &sensor, 20);
    TIFFClose(tiff);
    return path;
}

static void assert_raw(eg_context *ctx, const char *path, const char *text)
{
    eg_grid grid;
    eg_error error = {0};
    assert_int_equal(eg_load(&grid, ctx, path, NULL, &error), EG_UNSUPPORTED);
    if (!strstr(error.message, text) || !strstr(error.message, "darktable-cli"))
        fail_msg("'%s' lacks '%s'", error.message, text);
}

static void camera_raw_images_are_named(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    assert_raw(ctx, put_raw("NIKON CORPORATION ", false),
               "is a camera raw image of NIKON CORPORATION, which");
    assert_directory_read(ctx, scratch("raw.tif"), 1, 1, NULL); /* the preview, if asked for */
    assert_raw(ctx, put_raw("Google", true), "is a camera raw image of Google, which");
    write_bytes(scratch("canon.cr2"), "II*\0\20\0\0\0CR\2\0\0\0\0\0\0\0\0\0\0\0", 22);
    assert_raw(ctx, scratch("canon.cr2"), "is a camera raw image, which");
    close_context(ctx);
}

/* The samples of a TIFF without compression begin where Canon's raw images have their signature. */
static void samples_are_no_signature(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    uint8_t samples[] = {'C', 'R', 2, 0};
    eg_grid grid = {samples, sizeof samples, 1, sizeof samples, EG_U8, 255}, read;
    eg_write_options options;
    eg_write_default(&options);
    options.compress = EG_COMPRESS_NONE;
    options.tile = -1;
    assert_int_equal(eg_save(&grid, ctx, scratch("cr.tif"), &options, NULL), EG_OK);
    load_grid(&read, ctx, scratch("cr.tif"), NULL);
    assert_grids_equal(&read, &grid);
    eg_grid_free(&read);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_directory_is_read),
        cmocka_unit_test(the_first_full_image_is_read),
        cmocka_unit_test(a_page_of_a_pipe_is_read),
        cmocka_unit_test(broken_chains_end),
        cmocka_unit_test(images_without_directories_are_told),
        cmocka_unit_test(camera_raw_images_are_named),
        cmocka_unit_test(samples_are_no_signature),
    };
    return cmocka_run_group_tests_name("tiff_pages", tests, make_scratch, remove_scratch);
}
