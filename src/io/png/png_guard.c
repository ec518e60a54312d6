/* SPDX-License-Identifier: MIT */
/* The glue between libpng's way to fail (longjmp, English for programmers) and ours. */
#include "io/png/png_guard.h"

#include <string.h>

/* ---- libpng's words and ours ----------------------------------------------------------------- */

enum {
    NAMED = 1,     /* libpng's message begins with the name of a chunk, which is worth passing on */
    FORGIVABLE = 2 /* --tolerate gets past it even in the header */
};

typedef struct eg_png_reason {
    const char *match; /* part of libpng's message */
    eg_status status;
    unsigned flags;
    const char *text; /* ours: the rest of "photo.png: ..." */
} reason;

static const reason reasons[] = {
    {"CRC error", EG_BAD_INPUT, NAMED | FORGIVABLE, "is damaged: a check sum is wrong"},
    {"incorrect data check", EG_BAD_INPUT, 0, "is damaged: the check sum of its image is wrong"},
    {"Not enough image data", EG_BAD_INPUT, 0, "is damaged: it has less image data than it says"},
    {"bad adaptive filter", EG_BAD_INPUT, 0, "is damaged: a row of it is stored in no known way"},
    {"ASCII conversion", EG_BAD_INPUT, 0, "was damaged when copied as text; copy it as binary"},
    {"Not a PNG file", EG_BAD_INPUT, 0, "is no PNG file"},
    {"IHDR: invalid", EG_BAD_INPUT, 0, "is damaged: its header has a wrong length"},
    {"issing IHDR", EG_BAD_INPUT, 0, "is damaged: it does not begin with a header"},
    {"issing PLTE", EG_BAD_INPUT, 0, "is damaged: its palette is missing"},
    {"issing IDAT", EG_BAD_INPUT, 0, "is damaged: there is no image data in it"},
    {"IEND: out of place", EG_BAD_INPUT, 0, "is damaged: there is no image data in it"},
    {"out of place", EG_BAD_INPUT, NAMED, "is damaged: a chunk stands where it must not"},
    {"invalid chunk type", EG_BAD_INPUT, 0, "is damaged: where a chunk should begin is none"},
    {"unhandled critical", EG_UNSUPPORTED, NAMED, "cannot be read without a chunk unknown here"},
    {"integer out of range", EG_BAD_INPUT, 0, "is damaged: a length in it is out of range"},
    /* Warnings that come before "Invalid IHDR data" */
    {"width is zero", EG_BAD_INPUT, 0, "is damaged: it says its width is 0"},
    {"height is zero", EG_BAD_INPUT, 0, "is damaged: it says its height is 0"},
    {"too large for libpng", EG_LIMIT_EXCEEDED, 0, "has wider rows than this machine can address"},
    {"Invalid image", EG_BAD_INPUT, 0, "is damaged: its size is out of range"},
    {"exceeds user limit", EG_BAD_INPUT, 0, "is damaged: its size is out of range"},
    {"depth combination", EG_BAD_INPUT, 0, "is damaged: its colour type never has its bit depth"},
    {"Invalid color type", EG_BAD_INPUT, 0, "is damaged: its colour type does not exist"},
    {"Invalid bit depth", EG_BAD_INPUT, 0, "is damaged: its bit depth does not exist"},
    {"interlace method", EG_BAD_INPUT, 0, "is damaged: it is interlaced in no known way"},
    {"compression method", EG_BAD_INPUT, 0, "is damaged: it is compressed in no known way"},
    {"filter method", EG_BAD_INPUT, 0, "is damaged: it is filtered in no known way"},
    {"PLTE: ", EG_BAD_INPUT, 0, "is damaged: its palette is not valid"},
    /* The rest of what zlib says of its data, after everything more specific */
    {"IDAT: ", EG_BAD_INPUT, 0, "is damaged: its image data cannot be decompressed"},
    {"", EG_BAD_INPUT, 0, NULL}, /* libpng's own words will have to do */
};

static const reason *find_reason(const char *message)
{
    const reason *r = reasons;
    while (!strstr(message, r->match))
        r++;
    return r;
}

static const char *hint(const eg_png_guard *guard, eg_status status, bool forgivable)
{
    bool helps = !guard->tolerate && status == EG_BAD_INPUT && (guard->rows_begun || forgivable);
    return helps ? "; --tolerate reads what can be read" : "";
}

/* Length of the chunk's name in front of messages such as "IDAT: CRC error"; libpng writes a byte
 * that is no letter as [XX]. 0: there is none. */
static int chunk_name_length(const char *message)
{
    const char *end = strstr(message, ": ");
    return end && end - message >= 4 && end - message <= 16 ? (int)(end - message) : 0;
}

static void record(eg_png_guard *guard, const char *message)
{
    const reason *r = find_reason(message);
    if (guard->header_fault && strstr(message, "Invalid IHDR data"))
        r = guard->header_fault;
    int name = r->flags & NAMED ? chunk_name_length(message) : 0;
    eg_fail_file(&guard->failure, r->status, guard->name, "%s%s%s%.*s%s%s",
                 r->text ? r->text : "is damaged: ", r->text ? "" : message, name ? " (chunk " : "",
                 name, message, name ? ")" : "", hint(guard, r->status, r->flags & FORGIVABLE));
}

void eg_png_damaged(eg_png_guard *guard, const char *text)
{
    eg_fail_file(&guard->failure, EG_BAD_INPUT, guard->name, "%s%s", text,
                 hint(guard, EG_BAD_INPUT, false));
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
        record(guard, message);
    eg_png_leave(png);
}

/* Of image data: what follows a complete image harms nobody, whatever the warning says of it. */
static bool harmless(const char *message)
{
    static const char *const known[] = {"Too much image data", "Extra compressed data",
                                        "Too many IDATs", "chunk data is too large"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strstr(message, known[i]))
            return true;
    return false;
}

/* libpng only warns of some damage to the end of the image data and to tRNS. Warnings about other
 * chunks are about things that no pixel depends on. */
static void on_warning(png_structp png, png_const_charp message)
{
    eg_png_guard *guard = png_get_error_ptr(png);
    if (guard->writing)
        return;
    if (!guard->header_fault && strstr(message, "IHDR"))
        guard->header_fault = find_reason(message);
    if (guard->tolerate)
        return;
    bool image = strncmp(message, "IDAT: ", 6) == 0 && !harmless(message);
    bool transparency = guard->composite && strncmp(message, "tRNS: ", 6) == 0;
    if (image || transparency)
        record(guard, message);
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

static eg_status report(const eg_png_guard *guard, eg_error *error)
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
                     "the installed libpng does not fit this program, which was built with %s",
                     PNG_LIBPNG_VER_STRING);
    return report(guard, error);
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
    return report(guard, error);
}
