/* SPDX-License-Identifier: MIT */
/* PBM, PGM, PPM (plain and raw), PAM and PFM, after the netpbm pages; several in a file. */
#include "testdata.h"

/* Returns a sample as stored: in PBM 1 is black. */
static unsigned pnm_sample(const image *picture, size_t i)
{
    return picture->max == 1 ? 1u - picture->sample[i] : picture->sample[i];
}

static void put_sample(FILE *file, unsigned sample, unsigned max)
{
    if (max > 255)
        fputc((int)(sample >> 8), file);
    fputc((int)(sample & 255), file);
}

static void put_plain(FILE *file, const image *picture)
{
    size_t across = picture->width * (size_t)picture->channels;
    for (size_t i = 0; i < across * picture->height; i++)
        fprintf(file, "%u%c", pnm_sample(picture, i), (i % across) % 12 == 11 ? '\n' : ' ');
    fputc('\n', file);
}

/* Writes eight pixels to a byte, the first in the highest bit; rows start at a byte. */
static void put_bits(FILE *file, const image *picture)
{
    for (size_t y = 0; y < picture->height; y++) {
        for (size_t x = 0; x < picture->width; x += 8) {
            unsigned byte = 0;
            for (size_t i = x; i < x + 8; i++)
                byte = byte << 1 |
                       (i < picture->width ? pnm_sample(picture, y * picture->width + i) : 0);
            fputc((int)byte, file);
        }
    }
}

static void put_samples(FILE *file, const image *picture)
{
    size_t count = picture->width * picture->height * (size_t)picture->channels;
    for (size_t i = 0; i < count; i++)
        put_sample(file, picture->sample[i], picture->max);
}

void write_pnm(FILE *file, const image *picture, const write_how *how)
{
    int kind = picture->max == 1 ? 1 : picture->channels == 1 ? 2 : 3;
    fprintf(file, "P%d\n# made by tools/testdata\n%zu %zu\n", how->plain ? kind : kind + 3,
            picture->width, picture->height);
    if (kind > 1)
        fprintf(file, "%u\n", picture->max);
    if (how->plain)
        put_plain(file, picture);
    else if (kind == 1)
        put_bits(file, picture);
    else
        put_samples(file, picture);
}

void write_joined(FILE *file, const image *picture, const write_how *how)
{
    image *grey = grey_of(picture);
    write_pnm(file, picture, how);
    write_pnm(file, grey, how);
    write_pam(file, grey, how);
    image_free(grey);
}

void write_pam(FILE *file, const image *picture, const write_how *how)
{
    static const char *const types[] = {"", "GRAYSCALE", "GRAYSCALE_ALPHA", "RGB", "RGB_ALPHA"};
    (void)how;
    fprintf(file, "P7\nWIDTH %zu\nHEIGHT %zu\nDEPTH %d\nMAXVAL %u\nTUPLTYPE %s\nENDHDR\n",
            picture->width, picture->height, picture->channels, picture->max,
            picture->max == 1 ? "BLACKANDWHITE" : types[picture->channels]);
    put_samples(file, picture);
}

/* Writes little-endian floats from 0 to 1, rows from the bottom. */
void write_pfm(FILE *file, const image *picture, const write_how *how)
{
    (void)how;
    fprintf(file, "%s\n%zu %zu\n-1.0\n", picture->channels == 1 ? "Pf" : "PF", picture->width,
            picture->height);
    for (size_t y = picture->height; y-- > 0;)
        for (size_t i = 0; i < picture->width * (size_t)picture->channels; i++) {
            union {
                float value;
                uint32_t bits;
            } number = {(float)pixel(picture, 0, y)[i] / (float)picture->max};
            for (int shift = 0; shift < 32; shift += 8)
                fputc((int)(number.bits >> shift & 255), file);
        }
}
