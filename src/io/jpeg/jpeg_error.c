/* SPDX-License-Identifier: MIT */
/* Translating libjpeg's errors and warnings to eg_error. */
#include "io/jpeg/jpeg_error.h"

#include <ctype.h>
#include <jerror.h>

#include "core/status.h"

typedef struct failure {
    int code;
    eg_status status;
    const char *text; /* format string for the first two parameters of libjpeg's message */
} failure;

/* Errors with a message of our own; others show libjpeg's. */
static const failure failures[] = {
    {JERR_OUT_OF_MEMORY, EG_NO_MEMORY, "out of memory in the JPEG library"},
    {JERR_NO_BACKING_STORE, EG_LIMIT_EXCEEDED,
     "a JPEG of several scans is decoded in memory, which exceeds the limit (--max-memory raises "
     "it)"},
    {JERR_BAD_PRECISION, EG_UNSUPPORTED,
     "is a %d-bit JPEG; this build reads 8-bit JPEG (djpeg of libjpeg-turbo 3 turns it into a "
     "PPM that keeps all bits)"},
    {JERR_IMAGE_TOO_BIG, EG_UNSUPPORTED,
     "is larger than the %d pixels a side that the JPEG library reads"},
    {JERR_ARITH_NOTIMPL, EG_UNSUPPORTED,
     "is an arithmetic-coded JPEG, which the JPEG library of this build cannot read"},
    {JERR_CCIR601_NOTIMPL, EG_UNSUPPORTED, "is a JPEG with co-sited samples, which cannot be read"},
    {JERR_FRACT_SAMPLE_NOTIMPL, EG_UNSUPPORTED,
     "is a JPEG with fractional sampling factors, which cannot be read"},
    {JERR_CONVERSION_NOTIMPL, EG_UNSUPPORTED, "is a JPEG of an unsupported colour space"},
    {JERR_NO_IMAGE, EG_BAD_INPUT, "is a JPEG without an image"},
    {JERR_EOI_EXPECTED, EG_BAD_INPUT, "is damaged: image data after its end"},
};

/* Kinds of JPEG that libjpeg cannot decode, by their start marker. */
static const struct process {
    int marker;
    const char *name;
} processes[] = {
    {0xC3, "lossless JPEG"},     {0xC5, "hierarchical JPEG"}, {0xC6, "hierarchical JPEG"},
    {0xC7, "hierarchical JPEG"}, {0xCB, "lossless JPEG"},     {0xCD, "hierarchical JPEG"},
    {0xCE, "hierarchical JPEG"}, {0xCF, "hierarchical JPEG"}, {0xDE, "hierarchical JPEG"},
    {0xF7, "JPEG-LS"},
};

/* Warnings of libjpeg. Those without text affect no pixel and are ignored. */
static const struct warning {
    int code;
    const char *text;
} warnings[] = {
    {JWRN_JFIF_MAJOR, NULL},
    {JWRN_ADOBE_XFORM, NULL},
    {JWRN_BOGUS_ICC, NULL},
    {JWRN_NOT_SEQUENTIAL, NULL}, /* unused bytes that some baseline writers set to zero */
    {JWRN_HIT_MARKER, "the image data ends early"},
    {JWRN_HUFF_BAD_CODE, "an invalid Huffman code"},
    {JWRN_ARITH_BAD_CODE, "an invalid arithmetic code"},
    {JWRN_MUST_RESYNC, "a restart marker is missing or out of order"},
    {JWRN_EXTRANEOUS_DATA, "stray bytes"},
    {JWRN_BOGUS_PROGRESSION, "a progressive scan is repeated or missing"},
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Writes libjpeg's message to `text`, its first letter in lower case unless an abbreviation
 * follows. */
static void format_library_message(j_common_ptr cinfo, char text[JMSG_LENGTH_MAX])
{
    cinfo->err->format_message(cinfo, text);
    if (text[0] && !isupper((unsigned char)text[1]))
        text[0] = (char)tolower((unsigned char)text[0]);
}

/* Writes the message with libjpeg's first two parameters to `text`. */
static void format_own_message(j_common_ptr cinfo, char text[JMSG_LENGTH_MAX], const char *format)
{
    const int *numbers = cinfo->err->msg_parm.i;
    snprintf(text, JMSG_LENGTH_MAX, format, numbers[0], numbers[1]);
}

/* Writes the decoder's position to `text`, such as "at row 65 of 75". */
static void describe_position(const struct jpeg_decompress_struct *cinfo, char *text, size_t size)
{
    char scan[32] = "";
    if (cinfo->input_scan_number == 0) {
        snprintf(text, size, "in the header");
        return;
    }
    if (cinfo->inputctl && jpeg_has_multiple_scans((j_decompress_ptr)cinfo))
        snprintf(scan, sizeof scan, " of scan %d", cinfo->input_scan_number);
    unsigned row = cinfo->input_iMCU_row * (unsigned)cinfo->max_v_samp_factor * DCTSIZE + 1;
    if (cinfo->input_iMCU_row < cinfo->total_iMCU_rows)
        snprintf(text, size, "at row %u of %u%s", row, cinfo->image_height, scan);
    else
        snprintf(text, size, "after the last row%s", scan);
}

/* Records that the file is truncated or has the damage `what`. Whatever libjpeg finds after the end
 * of the input is due to that. */
static void fail_damaged(j_common_ptr cinfo, const char *what)
{
    eg_jpeg_guard *guard = (eg_jpeg_guard *)cinfo->err;
    const struct jpeg_decompress_struct *decoder = (j_decompress_ptr)cinfo;
    const char *hint = decoder->input_scan_number ? " (--tolerate reads what can be read)" : "";
    char position[80];
    describe_position(decoder, position, sizeof position);
    if (guard->ended)
        eg_fail_file(guard->error, EG_BAD_INPUT, guard->name, "is truncated: the data ends %s%s",
                     position, hint);
    else
        eg_fail_file(guard->error, EG_BAD_INPUT, guard->name, "is damaged: %s %s%s", what, position,
                     hint);
}

/* Callback of libjpeg for warnings (level < 0) and traces. Warnings are failures unless they are
 * ignored. */
static void on_message(j_common_ptr cinfo, int level)
{
    eg_jpeg_guard *guard = (eg_jpeg_guard *)cinfo->err;
    char text[JMSG_LENGTH_MAX];
    if (level >= 0 || guard->tolerate || !cinfo->is_decompressor)
        return;
    format_library_message(cinfo, text);
    for (size_t i = 0; i < COUNT(warnings); i++) {
        if (warnings[i].code != cinfo->err->msg_code)
            continue;
        if (!warnings[i].text)
            return;
        format_own_message(cinfo, text, warnings[i].text);
    }
    fail_damaged(cinfo, text);
    eg_jpeg_raise(guard, EG_BAD_INPUT);
}

static eg_status fail_marker(eg_jpeg_guard *guard, int marker)
{
    for (size_t i = 0; i < COUNT(processes); i++)
        if (processes[i].marker == marker)
            return eg_fail_file(guard->error, EG_UNSUPPORTED, guard->name,
                                "is a %s, which this build cannot read", processes[i].name);
    return eg_fail_file(guard->error, EG_BAD_INPUT, guard->name,
                        "is damaged: unknown marker 0xff%02x", (unsigned)marker & 0xFF);
}

static eg_status fail_empty(eg_jpeg_guard *guard, const struct jpeg_decompress_struct *cinfo)
{
    if (cinfo->image_width && cinfo->num_components)
        return eg_fail_file(
            guard->error, EG_UNSUPPORTED, guard->name,
            "is a JPEG whose number of rows is given by a DNL marker, which this build "
            "cannot read");
    return eg_fail_file(guard->error, EG_BAD_INPUT, guard->name,
                        "is an empty JPEG: %u x %u pixels, %d channels", cinfo->image_width,
                        cinfo->image_height, cinfo->num_components);
}

static eg_status fail_library(j_common_ptr cinfo)
{
    eg_jpeg_guard *guard = (eg_jpeg_guard *)cinfo->err;
    char text[JMSG_LENGTH_MAX];
    for (size_t i = 0; i < COUNT(failures); i++) {
        if (failures[i].code != cinfo->err->msg_code)
            continue;
        format_own_message(cinfo, text, failures[i].text);
        return eg_fail_file(guard->error, failures[i].status, guard->name, "%s", text);
    }
    format_library_message(cinfo, text);
    if (guard->ended)
        fail_damaged(cinfo, text);
    if (cinfo->is_decompressor)
        return eg_fail_file(guard->error, EG_BAD_INPUT, guard->name, "is damaged: %s", text);
    return eg_fail_file(guard->error, EG_USAGE, guard->name, "cannot be written as a JPEG: %s",
                        text);
}

/* Callback of libjpeg for errors. */
static _Noreturn void on_error(j_common_ptr cinfo)
{
    eg_jpeg_guard *guard = (eg_jpeg_guard *)cinfo->err;
    int code = cinfo->err->msg_code;
    eg_status status;
    if (code == JERR_SOF_UNSUPPORTED || code == JERR_UNKNOWN_MARKER)
        status = fail_marker(guard, cinfo->err->msg_parm.i[0]);
    else if (code == JERR_EMPTY_IMAGE && cinfo->is_decompressor)
        status = fail_empty(guard, (j_decompress_ptr)cinfo);
    else
        status = fail_library(cinfo);
    eg_jpeg_raise(guard, status);
}

void eg_jpeg_guard_init(eg_jpeg_guard *guard, const char *name, bool tolerate)
{
    jpeg_std_error(&guard->manager);
    guard->manager.error_exit = on_error;
    guard->manager.emit_message = on_message;
    guard->name = name;
    guard->tolerate = tolerate;
}

eg_status eg_jpeg_run(eg_jpeg_guard *guard, void (*step)(void *opaque), void *opaque,
                      eg_error *error)
{
    guard->error = error;
    guard->status = EG_OK;
    if (setjmp(guard->jump) == 0)
        step(opaque);
    return guard->status;
}

_Noreturn void eg_jpeg_raise_truncated(eg_jpeg_guard *guard, j_common_ptr cinfo)
{
    fail_damaged(cinfo, "");
    eg_jpeg_raise(guard, EG_BAD_INPUT);
}

_Noreturn void eg_jpeg_raise(eg_jpeg_guard *guard, eg_status status)
{
    guard->status = status;
    longjmp(guard->jump, 1);
}
