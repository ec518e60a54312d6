/* SPDX-License-Identifier: MIT */
/*
 * Lower bounds of the work: copying memory, streaming the bytes that a map reads and writes,
 * decoding one file or a folder of files and discarding the rows, copying a file.
 */
#include <stdio.h> /* jpeglib.h needs it to come first */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jpeglib.h>
#include <limits.h>
#include <png.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "bench.h"

/* Block size of one page: the first copy brings a block into the first-level cache, the others hit
 * it. */
enum { BLOCK = 4096 };

/* Allocates memory in huge pages if available, as the library does. */
static void *pages(size_t bytes)
{
    void *memory = NULL;
    if (posix_memalign(&memory, 2 << 20, bytes) != 0)
        bench_die("out of memory");
#ifdef MADV_HUGEPAGE
    madvise(memory, bytes, MADV_HUGEPAGE);
#endif
    return memory;
}

typedef struct stream {
    const char *in;
    char *out;
    size_t blocks;
    size_t factor; /* bytes written for each byte read */
    int threads;
    bool fresh; /* allocate the result in each run, as the library does */
} stream;

static void stream_run(void *opaque)
{
    const stream *s = opaque;
    char *out = s->fresh ? pages(s->blocks * s->factor * BLOCK) : s->out;
#pragma omp parallel for num_threads(s->threads) schedule(static)
    for (size_t i = 0; i < s->blocks; i++)
        for (size_t k = 0; k < s->factor; k++)
            memcpy(out + (i * s->factor + k) * BLOCK, s->in + i * BLOCK, BLOCK);
    if (s->fresh)
        free(out);
}

static void copy_run(void *opaque)
{
    const stream *s = opaque;
    size_t share = s->blocks / (size_t)s->threads * BLOCK;
#pragma omp parallel for num_threads(s->threads) schedule(static)
    for (int t = 0; t < s->threads; t++)
        memcpy(s->out + (size_t)t * share, s->in + (size_t)t * share, share);
}

static void *filled(size_t bytes)
{
    void *memory = pages(bytes);
    memset(memory, 7, bytes);
    return memory;
}

/* copy BYTES THREADS RUNS */
static void copy_mode(char **argv)
{
    size_t bytes = (size_t)bench_number(argv[0], BLOCK, 1L << 40);
    stream s = {.in = filled(bytes),
                .out = filled(bytes),
                .blocks = bytes / BLOCK,
                .threads = (int)bench_number(argv[1], 1, 1024)};
    bench_result result = bench_time((int)bench_number(argv[2], 1, 1000), copy_run, &s);
    bench_print(&result);
}

/* stream BYTES FACTOR THREADS RUNS reused|fresh */
static void stream_mode(char **argv)
{
    size_t bytes = (size_t)bench_number(argv[0], BLOCK, 1L << 40);
    stream s = {.in = filled(bytes),
                .blocks = bytes / BLOCK,
                .factor = (size_t)bench_number(argv[1], 1, 64),
                .threads = (int)bench_number(argv[2], 1, 1024),
                .fresh = strcmp(argv[4], "fresh") == 0};
    if (!s.fresh)
        s.out = filled(bytes * s.factor);
    bench_result result = bench_time((int)bench_number(argv[3], 1, 1000), stream_run, &s);
    bench_print(&result);
}

/* ---- the cores ---- */

static double thread_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* cores THREADS: measures how many cores this number of threads gets at the moment. Counts work
 * instead of processor time, because threads that spin while waiting would count as cores. */
static void cores_mode(char **argv)
{
    int threads = (int)bench_number(argv[0], 1, 1024);
    double worked = 0, start = bench_now();
#pragma omp parallel for num_threads(threads) schedule(static) reduction(+ : worked)
    for (int t = 0; t < threads; t++) {
        double before = thread_ms();
        while (thread_ms() - before < 100)
            continue;
        worked += thread_ms() - before;
    }
    printf("{\"cores\": %.3f}\n", worked / (bench_now() - start));
}

/* ---- decoding and copying: measured as whole processes, so they print no times ---- */

static FILE *open_input(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        bench_die("%s: %s", path, strerror(errno));
    return file;
}

static void png_failed(png_structp png, png_const_charp message)
{
    (void)png;
    bench_die("libpng: %s", message);
}

static void decode_png(const char *path)
{
    FILE *file = open_input(path);
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, png_failed, NULL);
    png_infop info = png_create_info_struct(png);
    png_init_io(png, file);
    png_read_info(png, info);
    png_bytep row = bench_alloc(png_get_rowbytes(png, info));
    for (png_uint_32 y = 0; y < png_get_image_height(png, info); y++)
        png_read_row(png, row, NULL);
    png_read_end(png, NULL);
    png_destroy_read_struct(&png, &info, NULL);
    free(row);
    fclose(file);
}

static void decode_jpeg_to(const char *path, J_COLOR_SPACE space)
{
    FILE *file = open_input(path);
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&jpeg);
    jpeg_stdio_src(&jpeg, file);
    jpeg_read_header(&jpeg, TRUE);
    jpeg.out_color_space = space;
    jpeg_start_decompress(&jpeg);
    JSAMPROW row = bench_alloc((size_t)jpeg.output_width * (size_t)jpeg.output_components);
    while (jpeg.output_scanline < jpeg.output_height)
        jpeg_read_scanlines(&jpeg, &row, 1);
    jpeg_finish_decompress(&jpeg);
    jpeg_destroy_decompress(&jpeg);
    free(row);
    fclose(file);
}

/* Decodes the grey plane only. */
static void decode_jpeg(const char *path)
{
    decode_jpeg_to(path, JCS_GRAYSCALE);
}

/* png FILE */
static void png_mode(char **argv)
{
    decode_png(argv[0]);
}

/* jpeg FILE */
static void jpeg_mode(char **argv)
{
    decode_jpeg(argv[0]);
}

/* jpeg-rgb FILE */
static void jpeg_rgb_mode(char **argv)
{
    decode_jpeg_to(argv[0], JCS_RGB);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* folder FOLDER png|jpeg THREADS: decodes all files, each by the next free thread */
static void folder_mode(char **argv)
{
    void (*decode)(const char *path) = strcmp(argv[1], "png") == 0 ? decode_png : decode_jpeg;
    int threads = (int)bench_number(argv[2], 1, 1024);
    struct dirent **files;
    int count = scandir(argv[0], &files, is_visible, alphasort);
    if (count < 0)
        bench_die("%s: %s", argv[0], strerror(errno));
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (int i = 0; i < count; i++) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "%s/%s", argv[0], files[i]->d_name);
        decode(path);
        free(files[i]);
    }
    free(files);
}

/* file FROM TO: copies a file through a cache-sized buffer, as a program that modifies it would;
 * cp(1) might share the blocks on disk instead. */
static void file_mode(char **argv)
{
    enum { PIECE = 1 << 18 };
    int from = open(argv[0], O_RDONLY | O_CLOEXEC);
    int to = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    char *piece = bench_alloc(PIECE);
    ssize_t bytes = from < 0 || to < 0 ? -1 : 1;
    while (bytes > 0) {
        bytes = read(from, piece, PIECE);
        if (bytes > 0 && write(to, piece, (size_t)bytes) != bytes)
            bytes = -1;
    }
    if (bytes < 0 || close(to) != 0)
        bench_die("%s to %s: %s", argv[0], argv[1], strerror(errno));
    close(from);
    free(piece);
}

/* The header has the version as numbers, not as text. */
#define TEXT_OF(words) #words
#define TEXT(macro)    TEXT_OF(macro)

/* versions: of the libraries that decode */
static void versions_mode(char **argv)
{
    (void)argv;
    printf("{\"libpng\": \"%s\", \"zlib\": \"%s\"", png_get_libpng_ver(NULL), zlibVersion());
#ifdef LIBJPEG_TURBO_VERSION
    printf(", \"libjpeg-turbo\": \"%s\"", TEXT(LIBJPEG_TURBO_VERSION));
#endif
    printf("}\n");
}

typedef struct mode {
    const char *name;
    int operands;
    void (*run)(char **argv);
} mode;

static const mode modes[] = {
    {"cores", 1, cores_mode}, {"copy", 3, copy_mode},         {"stream", 5, stream_mode},
    {"png", 1, png_mode},     {"jpeg", 1, jpeg_mode},         {"jpeg-rgb", 1, jpeg_rgb_mode},
    {"file", 2, file_mode},   {"versions", 0, versions_mode}, {"folder", 3, folder_mode},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
        if (argc == 2 + modes[i].operands && strcmp(argv[1], modes[i].name) == 0) {
            modes[i].run(argv + 2);
            return 0;
        }
    bench_die("usage: floors cores|copy|stream|png|jpeg|jpeg-rgb|folder|file|versions ... "
              "(see the source)");
}
