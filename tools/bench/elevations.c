/* SPDX-License-Identifier: MIT */
/*
 * elevations strips|tiles OUT.tif SIDE: fractal terrain as a GeoTIFF of floats in metres (UTM,
 * cells of 30 m, nodata -9999). Uncompressed strips of one row, GDAL's default; or tiles of 256 x
 * 256, deflated with the floating-point predictor.
 */
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

#include "bench.h"

/* ---- terrain ---- */

/* Octaves of noise on lattices of 2048, 1024 ... 1 cells. Each octave has ROUGHNESS times the
 * amplitude of the previous one, more than half, so fine relief is steeper: 7 degrees on average.
 */
enum { OCTAVES = 12, COARSEST = 1 << (OCTAVES - 1) };
static const float HIGHEST = 1500, ROUGHNESS = 0.55F;

/* Returns lattice noise in -1 to 1, uncorrelated with that of neighbouring points. */
static float lattice(uint32_t octave, uint32_t x, uint32_t y)
{
    uint32_t h = (x * 0x9E3779B1u) ^ (y * 0x85EBCA77u) ^ (octave * 0xC2B2AE3Du);
    h = (h ^ (h >> 15)) * 0x2C1B3C6Du;
    h = (h ^ (h >> 12)) * 0x297A2D39u;
    return (float)(h >> 8) / (float)(1 << 23) - 1;
}

static float smoothstep(float t)
{
    return t * t * (3 - 2 * t);
}

/* Interpolates a lattice column at row y. */
static float crossing(uint32_t octave, uint32_t x, uint32_t y, uint32_t spacing)
{
    float above = lattice(octave, x, y / spacing);
    float below = lattice(octave, x, y / spacing + 1);
    return above + (below - above) * smoothstep((float)(y % spacing) / (float)spacing);
}

static void add_octave(float *row, uint32_t width, uint32_t y, uint32_t octave, float height)
{
    uint32_t spacing = COARSEST >> octave;
    float left = crossing(octave, 0, y, spacing);
    for (uint32_t x = 0; x < width;) {
        float right = crossing(octave, x / spacing + 1, y, spacing);
        for (uint32_t i = 0; i < spacing && x < width; i++, x++)
            row[x] += height * (left + (right - left) * smoothstep((float)i / (float)spacing));
        left = right;
    }
}

static void make_row(float *row, uint32_t width, uint32_t y)
{
    float height = HIGHEST;
    for (uint32_t x = 0; x < width; x++)
        row[x] = HIGHEST;
    for (uint32_t octave = 0; octave < OCTAVES; octave++) {
        add_octave(row, width, y, octave, height);
        height *= ROUGHNESS;
    }
}

/* ---- the file ---- */

enum { TILE = 256, TAG_SCALE = 33550, TAG_TIE = 33922, TAG_KEYS = 34735, TAG_NODATA = 42113 };

static void set_place(TIFF *tiff)
{
    static const TIFFFieldInfo fields[] = {
        {TAG_SCALE, -1, -1, TIFF_DOUBLE, FIELD_CUSTOM, 1, 1, (char *)"ModelPixelScale"},
        {TAG_TIE, -1, -1, TIFF_DOUBLE, FIELD_CUSTOM, 1, 1, (char *)"ModelTiepoint"},
        {TAG_KEYS, -1, -1, TIFF_SHORT, FIELD_CUSTOM, 1, 1, (char *)"GeoKeyDirectory"},
        {TAG_NODATA, -1, -1, TIFF_ASCII, FIELD_CUSTOM, 1, 0, (char *)"GDALNoData"},
    };
    static const double scale[] = {30, 30, 0}, tie[] = {0, 0, 0, 300000, 5300000, 0};
    static const uint16_t keys[] = {1,    1, 0, 3,      /* header: three keys */
                                    1024, 0, 1, 1,      /* GTModelType: projected */
                                    1025, 0, 1, 1,      /* GTRasterType: cells are areas */
                                    3072, 0, 1, 32632}; /* ProjectedCRS: WGS 84 / UTM zone 32N */
    TIFFMergeFieldInfo(tiff, fields, sizeof fields / sizeof *fields);
    TIFFSetField(tiff, TAG_SCALE, 3, scale);
    TIFFSetField(tiff, TAG_TIE, 6, tie);
    TIFFSetField(tiff, TAG_KEYS, (int)(sizeof keys / sizeof *keys), keys);
    TIFFSetField(tiff, TAG_NODATA, "-9999");
}

static TIFF *open_tiff(const char *path, uint32_t side)
{
    TIFF *tiff = TIFFOpen(path, "w"); /* libtiff prints the error */
    if (!tiff)
        bench_die("%s: cannot be written", path);
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, side);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, side);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 32);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
    TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_IEEEFP);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    set_place(tiff);
    return tiff;
}

static void write_strips(TIFF *tiff, uint32_t side)
{
    float *row = bench_alloc(side * sizeof *row);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 1);
    for (uint32_t y = 0; y < side; y++) {
        make_row(row, side, y);
        if (TIFFWriteScanline(tiff, row, y, 0) < 0)
            bench_die("row %u cannot be written", y);
    }
    free(row);
}

static void write_tiles(TIFF *tiff, uint32_t side)
{
    if (side % TILE != 0)
        bench_die("tiles take a side that is a multiple of %d", TILE);
    float *band = bench_alloc((size_t)TILE * side * sizeof *band);
    float *tile = bench_alloc(sizeof(float[TILE][TILE]));
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
    TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_FLOATINGPOINT);
    TIFFSetField(tiff, TIFFTAG_TILEWIDTH, TILE);
    TIFFSetField(tiff, TIFFTAG_TILELENGTH, TILE);
    for (uint32_t index = 0, top = 0; top < side; top += TILE) {
        for (uint32_t y = 0; y < TILE; y++)
            make_row(band + (size_t)y * side, side, top + y);
        for (uint32_t x = 0; x < side; x += TILE, index++) {
            for (uint32_t y = 0; y < TILE; y++)
                memcpy(tile + (size_t)y * TILE, band + (size_t)y * side + x, TILE * sizeof *tile);
            if (TIFFWriteEncodedTile(tiff, index, tile, sizeof(float[TILE][TILE])) < 0)
                bench_die("tile %u cannot be written", index);
        }
    }
    free(tile);
    free(band);
}

int main(int argc, char **argv)
{
    if (argc != 4)
        bench_die("usage: elevations strips|tiles OUT.tif SIDE");
    uint32_t side = (uint32_t)bench_number(argv[3], TILE, 1 << 15);
    TIFF *tiff = open_tiff(argv[2], side);
    if (strcmp(argv[1], "tiles") == 0)
        write_tiles(tiff, side);
    else
        write_strips(tiff, side);
    if (!TIFFFlush(tiff))
        bench_die("%s: cannot be written", argv[2]);
    TIFFClose(tiff);
    return 0;
}
