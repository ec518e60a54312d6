/* SPDX-License-Identifier: MIT */
/* make-testdata FOLDER: writes every file of testdata/, the same bytes each time. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "testdata.h"

typedef struct file_row {
    const char *name;
    image *(*draw)(void);
    writer *write;
    write_how how;
} file_row;

static const file_row files[] = {
    {"scene.png", draw_scene, write_png, {0}},
    {"scene.jpg", draw_scene, write_jpeg, {.quality = 88, .subsampling = 2}},
    {"terrain.pgm", draw_terrain, write_pnm, {0}},
    {"hills.tif", draw_hills, write_geotiff, {.steps = 16}},

    {"small/rgb.png", draw_small, write_png, {0}},
    {"small/rgb.ppm", draw_small, write_pnm, {0}},
    {"small/rgb-plain.ppm", draw_small, write_pnm, {.plain = true}},
    {"small/rgb.pam", draw_small, write_pam, {0}},
    {"small/rgb-interlaced.png", draw_small, write_png, {.interlaced = true}},
    {"small/rgb16.png", draw_small_rgb16, write_png, {0}},
    {"small/rgb16.ppm", draw_small_rgb16, write_pnm, {0}},
    {"small/rgba.png", draw_small_rgba, write_png, {0}},
    {"small/rgba.pam", draw_small_rgba, write_pam, {0}},

    {"small/grey.png", draw_small_grey, write_png, {0}},
    {"small/grey.pgm", draw_small_grey, write_pnm, {0}},
    {"small/grey-plain.pgm", draw_small_grey, write_pnm, {.plain = true}},
    {"small/grey.pam", draw_small_grey, write_pam, {0}},
    {"small/grey.pfm", draw_small_grey, write_pfm, {0}},
    {"small/grey.asc", draw_small_grey, write_asc, {0}},
    {"small/grey-alpha.png", draw_small_ga, write_png, {0}},
    {"small/grey-alpha.pam", draw_small_ga, write_pam, {0}},
    {"small/grey16.png", draw_small_grey16, write_png, {0}},
    {"small/grey16.pgm", draw_small_grey16, write_pnm, {0}},
    {"small/grey16-plain.pgm", draw_small_grey16, write_pnm, {.plain = true}},
    {"small/grey16.pam", draw_small_grey16, write_pam, {0}},

    {"small/bits.png", draw_small_bits, write_png, {0}},
    {"small/bits.pbm", draw_small_bits, write_pnm, {0}},
    {"small/bits-plain.pbm", draw_small_bits, write_pnm, {.plain = true}},
    {"small/bits.pam", draw_small_bits, write_pam, {0}},

    {"small/palette.png", draw_small_poster, write_png, {.palette = true}},
    {"small/palette.ppm", draw_small_poster, write_pnm, {0}},

    {"small/grey.jpg", draw_small_grey, write_jpeg, {0}},
    {"small/ycc444.jpg", draw_small, write_jpeg, {0}},
    {"small/ycc420.jpg", draw_small, write_jpeg, {.subsampling = 2}},
    {"small/progressive.jpg", draw_small, write_jpeg, {.subsampling = 2, .interlaced = true}},
    {"small/rgb.jpg", draw_small, write_jpeg, {.space = "rgb"}},
    {"small/cmyk.jpg", draw_small, write_jpeg, {.space = "cmyk"}},
    {"small/cmyk-plain.jpg", draw_small, write_jpeg, {.space = "cmyk-plain"}},
    {"small/ycck.jpg", draw_small, write_jpeg, {.space = "ycck"}},

    {"small/bits12.tif", draw_small_grey16, write_tiff, {.bits = 12}},
    {"small/mask.tif", draw_small_grey, write_tiff, {.bits = 8, .mask = true}},
    {"small/cmyk.tif", draw_small, write_tiff, {.space = "cmyk"}},
    {"small/ycc420.tif", draw_small, write_tiff, {.space = "ycc"}},

    {"small/orient-1.jpg", draw_sign, write_jpeg, {.quality = 100, .orientation = 1}},
    {"small/orient-2.jpg", draw_sign, write_jpeg, {.quality = 100, .orientation = 2}},
    {"small/orient-3.jpg", draw_sign, write_jpeg, {.quality = 100, .orientation = 3}},
    {"small/orient-4.jpg", draw_sign, write_jpeg, {.quality = 100, .orientation = 4}},
    {"small/orient-5.jpg", draw_sign, write_jpeg, {.quality = 100, .orientation = 5}},
    {"small/orient-6.jpg", draw_sign, write_jpeg, {.quality = 100, .orientation = 6}},
    {"small/orient-7.jpg", draw_sign, write_jpeg, {.quality = 100, .orientation = 7}},
    {"small/orient-8.jpg", draw_sign, write_jpeg, {.quality = 100, .orientation = 8}},
    {"small/orient.png", draw_sign, write_png, {0}},
    {"small/orient-6.png", draw_sign, write_png, {.orientation = 6}},
    {"small/orient-8-text.png", draw_sign, write_png, {.orientation = 8, .plain = true}},

    {"small/pages.tif", draw_small_grey, write_pages, {0}},
    {"small/pages.jpg", draw_small, write_mpo, {.subsampling = 2}},
    {"small/pages.ppm", draw_small, write_joined, {0}},

    {"small/ramp16.png", draw_ramp16, write_png, {0}},
    {"small/square.png", draw_square, write_png, {0}},
    {"small/rings.png", draw_rings, write_png, {0}},
    {"small/1x1.png", draw_1x1, write_png, {0}},
    {"small/1x5.png", draw_1x5, write_png, {0}},
    {"small/2x3.png", draw_2x3, write_png, {0}},
};

static void make_file(const char *folder, const file_row *row)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s/%s", folder, row->name) >= (int)sizeof path)
        die("the folder's name is too long");
    FILE *file = fopen(path, "wb");
    if (!file)
        die(strerror(errno));

    image *picture = row->draw();
    if (row->how.orientation) {
        image *upright = picture;
        picture = stored_for(upright, row->how.orientation);
        image_free(upright);
    }
    row->write(file, picture, &row->how);
    image_free(picture);
    if (fclose(file) != 0)
        die(strerror(errno));
}

static void make_folder(const char *folder, const char *inside)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s%s", folder, inside) >= (int)sizeof path)
        die("the folder's name is too long");
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        die(strerror(errno));
}

int main(int argc, char **argv)
{
    if (argc != 2)
        die("usage: make-testdata FOLDER");
    make_folder(argv[1], "");
    make_folder(argv[1], "/small");
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        make_file(argv[1], &files[i]);
    return 0;
}
