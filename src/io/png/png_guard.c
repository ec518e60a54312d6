/* SPDX-License-Identifier: MIT */
/* Translating libpng's errors (longjmp, messages for programmers) to eg_error. */
#include "io/png/png_guard.h"

#include <string.h>

/* ---- messages -------------------------------------------------------------------------------- */

enum {
    NAMED = 1,    /* libpng's message begins with the name of a chunk, which is shown */
    TOLERABLE = 2 /* --tolerate ignores it even in the header */
};

typedef struct eg_png_reason {
    const char *match; /* substring of libpng's message */
    eg_status status;
    unsigned flags;
    const char *text; /* our message, after "photo.png: " */
} reason;

static const reason reasons[] = {
    {"CRC error", EG_BAD_INPUT, NAMED | TOLERABLE, "is damaged: wrong checksum"},
    {"incorrect data check", EG_BAD_INPUT, 0, "is damaged: wrong checksum of the image data"},
    {"Not enough image data", EG_BAD_INPUT, 0, "is damaged: too little image data"},
    {"bad adaptive filter", EG_BAD_INPUT, 0, "is damaged: unknown row filter"},
    {"ASCII conversion", EG_BAD_INPUT, 0,
     "was damaged by a copy in text mode; copy it in binary mode"},
    {"Not a PNG file", EG_BAD_INPUT, 0, "is not a PNG file"},
    {"IHDR: invalid", EG_BAD_INPUT, 0, "is damaged: wrong length of the header"},
    {"issing IHDR", EG_BAD_INPUT, 0, "is damaged: the header is missing"},
    {"issing PLTE", EG_BAD_INPUT, 0, "is damaged: the palette is missing"},
    {"truncated", EG_BAD_INPUT, 0, "is truncated"},
    {"more image data than rows", EG_BAD_INPUT, 0, "has more image data than its rows need"},
    {"issing IDAT", EG_BAD_INPUT, 0, "is damaged: there is no image data"},
    {"IEND: out of place", EG_BAD_INPUT, 0, "is damaged: there is no image data"},
    {"out of place", EG_BAD_INPUT, NAMED, "is damaged: misplaced chunk"},
    {"invalid chunk type", EG_BAD_INPUT, 0, "is damaged: invalid chunk name"},
    {"unhandled critical", EG_UNSUPPORTED, NAMED, "needs a chunk type that is not supported"},
    {"integer out of range", EG_BAD_INPUT, 0, "is damaged: a length is out of range"},
    /* warnings that precede the error "Invalid IHDR data" */
    {"width is zero", EG_BAD_INPUT, 0, "is damaged: the width is 0"},
    {"height is zero", EG_BAD_INPUT, 0, "is damaged: the height is 0"},
    {"too large for libpng", EG_LIMIT_EXCEEDED, 0, "has rows too wide for this machine"},
    {"Invalid image", EG_BAD_INPUT, 0, "is damaged: the size is out of range"},
    {"exceeds user limit", EG_BAD_INPUT, 0, "is damaged: the size is out of range"},
    {"depth combination", EG_BAD_INPUT, 0,
     "is damaged: invalid combination of colour type and bit depth"},
    {"Invalid color type", EG_BAD_INPUT, 0, "is damaged: invalid colour type"},
    {"Invalid bit depth", EG_BAD_INPUT, 0, "is damaged: invalid bit depth"},
    {"interlace method", EG_BAD_INPUT, 0, "is damaged: unknown interlace method"},
    {"compression method", EG_BAD_INPUT, 0, "is damaged: unknown compression method"},
    {"filter method", EG_BAD_INPUT, 0, "is damaged: unknown filter method"},
    {"PLTE: ", EG_BAD_INPUT, 0, "is damaged: invalid palette"},
    /* all other messages of zlib */
    {"IDAT: ", EG_BAD_INPUT, 0, "is damaged: the image data cannot be decompressed"},
    {"", EG_BAD_INPUT, 0, NULL}, /* matches every message: libpng's own is shown */
};

static const reason *find_reason(const char *message)
{
    const reason *r = reasons;
    while (!strstr(message, r->match))
        r++;
    return r;
}

/* Returns the hint to --tolerate if that option would help, else "". */
static const char *tolerate_hint(const eg_png_guard *guard, eg_status status, bool tolerable)
{
    bool helps = !guard->tolerate && status == EG_BAD_INPUT && (guard->rows_begun || tolerable);
    return helps ? "; --tolerate reads what can be read" : "";
}

/* Returns the length of the chunk name at the start of messages such as "IDAT: CRC error"; 0 if
 * there is none. libpng writes bytes that are not letters as [XX]. */
static int chunk_name_length(const char *message)
{
    const char *end = strstr(message, ": ");
    return end && end - message >= 4 && end - message <= 16 ? (int)(end - message) : 0;
}

/* Records the failure described by libpng's message. */
static void record_failure(eg_png_guard *guard, const char *message)
{
    const reason *r = find_reason(message);
    if (guard->header_fault && strstr(message, "Invalid IHDR data"))
        r = guard->header_fault;
    int name = r->flags & NAMED ? chunk_name_length(message) : 0;
    eg_fail_file(&guard->failure, r->status, guard->name, "%s%s%s%.*s%s%s",
                 r->text ? r->text : "is damaged: ", r->text ? "" : message, name ? " (chunk " : "",
                 name, message, name ? ")" : "",
                 tolerate_hint(guard, r->status, r->flags & TOLERABLE));
}

void eg_png_fail(eg_png_guard *guard, const char *message)
{
    if (guard->failure.status == EG_OK)
        record_failure(guard, message);
}

void eg_png_damaged(eg_png_guard *guard, const char *text)
{
    eg_fail_file(&guard->failure, EG_BAD_INPUT, guard->name, "%s%s", text,
                 tolerate_hint(guard, EG_BAD_INPUT, false));
}

/* ---- callbacks of libpng --------------------------------------------------------------------- */

PNG_NORETURN void eg_png_leave(png_structp png)
{
    png_longjmp(png, 1);
}

static PNG_NORETURN void on_error(png_structp png, png_const_charp message)
{
    eg_png_guard *guard = png_get_error_ptr(png);
    if (guard->writing)
        eg_fail_file(&guard->failure, EG_FILE, guard->name, "cannot be written: %s", message);
    else
        record_failure(guard, message);
    eg_png_leave(png);
}

/* Returns true for warnings about data after a complete image, which affects no pixel. */
static bool is_harmless(const char *message)
{
    static const char *const known[] = {"Too much image data", "Extra compressed data",
                                        "Too many IDATs", "chunk data is too large"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strstr(message, known[i]))
            return true;
    return false;
}

/* Records a failure for warnings about damage that affects pixels: to the end of the image data,
 * and to tRNS if it is used. Warnings about other chunks are ignored. */
static void on_warning(png_structp png, png_const_charp message)
{
    eg_png_guard *guard = png_get_error_ptr(png);
    if (guard->writing)
        return;
    if (!guard->header_fault && strstr(message, "IHDR"))
        guard->header_fault = find_reason(message);
    if (guard->tolerate)
        return;
    bool image = strncmp(message, "IDAT: ", 6) == 0 && !is_harmless(message);
    bool transparency = guard->composite && strncmp(message, "tRNS: ", 6) == 0;
    if (image || transparency)
        record_failure(guard, message);
}

static png_voidp on_malloc(png_structp png, png_alloc_size_t size)
{
    eg_png_guard *guard = png_get_mem_ptr(png);
    if (guard->largest && size > guard->largest) {
        eg_fail_file(&guard->failure, EG_LIMIT_EXCEEDED, guard->name,
                     "has a chunk of %zu bytes; more than %zu need a larger --max-chunk",
                     (size_t)size, guard->largest);
        return NULL;
    }
    return eg_alloc(guard->ctx, 1, size, &guard->failure);
}

static void on_free(png_structp png, png_voidp memory)
{
    (void)png;
    eg_free(memory);
}

/* ---- the guard ------------------------------------------------------------------------------- */

/* Copies the guard's failure to `error` and returns its status. */
static eg_status report_failure(const eg_png_guard *guard, eg_error *error)
{
    if (error && error->status == EG_OK)
        *error = guard->failure;
    return guard->failure.status;
}

eg_status eg_png_guard_init(eg_png_guard *guard, eg_context *ctx, const char *name, bool writing,
                            eg_error *error)
{
    guard->ctx = ctx;
    guard->name = name;
    guard->writing = writing;
    guard->png = (writing ? png_create_write_struct_2 : png_create_read_struct_2)(
        PNG_LIBPNG_VER_STRING, guard, on_error, on_warning, guard, on_malloc, on_free);
    if (guard->png)
        guard->info = png_create_info_struct(guard->png);
    if (!guard->info)
        eg_fail_file(&guard->failure, EG_UNSUPPORTED, name,
                     "the installed libpng is incompatible with version %s, which this program was "
                     "built with",
                     PNG_LIBPNG_VER_STRING);
    return report_failure(guard, error);
}

void eg_png_guard_free(eg_png_guard *guard)
{
    if (guard->writing)
        png_destroy_write_struct(&guard->png, &guard->info);
    else
        png_destroy_read_struct(&guard->png, &guard->info, NULL);
}

eg_status eg_png_run(eg_png_guard *guard, void (*work)(void *opaque), void *opaque, eg_error *error)
{
    if (setjmp(png_jmpbuf(guard->png)) == 0)
        work(opaque);
    return report_failure(guard, error);
}
