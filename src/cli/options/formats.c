/* SPDX-License-Identifier: MIT */
/* Lists the file formats, from the library's tables: "edgegrad help formats" and the manual page
 * edgegrad-formats(5). */
#include <string.h>

#include "cli/options/help.h"
#include "cli/support/text.h"

enum { FACT_COLUMN = 18, FACT_SIZE = 400 };

static const struct {
    eg_format_topic topic;
    const char *label;
} facts[] = {{EG_FORMAT_EXTENSIONS, "Extensions"}, {EG_FORMAT_READS, "Read"},
             {EG_FORMAT_WRITES, "Written"},        {EG_FORMAT_OPTIONS, "Options"},
             {EG_FORMAT_GEOREF, "Georeferencing"}, {EG_FORMAT_LIMITS, "Limits"}};

static const char introduction[] =
    "edgegrad recognises the format of an input by its content, and takes that of an output from "
    "its extension or from --format. Lines and areas are written by edgegrad contour, by "
    "edgegrad edges --lines, and as streamlines by edgegrad gradient --flux.";

static const struct {
    const char *title, *text;
} notes[] = {
    {"Samples",
     "Edges have 1 bit, or 8 in formats that lack it. Maps have 8 or 16 bits or are 32-bit floats, "
     "by the map, the format and --depth. --overlay and --colourize write colours."},
    {"Compressed files",
     "Every format is also read from a .gz file, and from a zip archive that holds a single file, "
     "or a single .hgt file."},
    {"Georeferencing",
     "What a file lacks is read from the files beside it: NAME.EXT.aux.xml, as GDAL writes it, "
     "also with nodata, unit, scale and offset of the band; then a world file (.tfw, .pgw, "
     ".jgw, .wld ...) and .prj. Beside PNG, JPEG and Netpbm files .prj is read only if one of the "
     "others gives the transform. --no-sidecars writes none of these files."},
    {"Pages",
     "--page N reads another page of a TIFF, of joined Netpbm files or of an MPO; edgegrad info "
     "lists the pages. Without it the first full image is read."},
    {"Colours",
     "Images are read in grey unless a command uses their colours. The EXIF orientation is applied "
     "unless --ignore-orientation is given."},
    {"Missing pixels",
     "--alpha mask makes transparent pixels missing, and --alpha over=COLOUR composites the image; "
     "otherwise alpha is ignored. Missing, too, are the pixels that a mask in a TIFF hides, or one "
     "beside the file (NAME.EXT.msk), or that of --mask FILE, and the nodata values of rasters."},
    {"Elevations as colours",
     "--encoding terrarium or mapbox reads elevations from the colours of a PNG or TIFF; "
     "--output-encoding writes them to a PNG."},
    {"Tables and plots",
     "edgegrad descent --data reads a table of numbers as CSV, with the names of its columns in "
     "the first line. --plot, --view and --quiver write .png, .svg or .pdf."},
    {"Other formats",
     "WebP, GIF, BMP, HEIF, JPEG XL, JPEG 2000, camera raw, PDF and others are recognised and not "
     "read; the message names a command that converts the file. edgegrad built with GDAL also "
     "reads the rasters that GDAL reads, if they are files."},
};

/* Writes a fact for people: extensions with dots, options with dashes. Returns false if the format
 * has none. */
static bool format_fact(size_t format, eg_format_topic topic, char *out, size_t size)
{
    char fact[FACT_SIZE];
    if (eg_format_about(format, topic, fact, sizeof fact) == 0)
        return false;
    const char *before = topic == EG_FORMAT_EXTENSIONS ? "."
                         : topic == EG_FORMAT_OPTIONS  ? "--"
                                                       : "";
    if (!*before) {
        snprintf(out, size, "%s", fact);
        return true;
    }
    size_t used = 0;
    for (const char *at = fact; *at && used < size;) {
        const size_t length = strcspn(at, ",");
        used += (size_t)snprintf(out + used, size - used, "%s%s%.*s", used ? " " : "", before,
                                 (int)length, at);
        at += length + (at[length] == ',');
    }
    return true;
}

void help_formats(FILE *out)
{
    char title[80], fact[FACT_SIZE];
    text_wrapped(out, introduction, 0, 0);
    for (size_t i = 0; eg_format_about(i, EG_FORMAT_TITLE, title, sizeof title); i++) {
        fprintf(out, "\n%s\n", title);
        for (size_t k = 0; k < sizeof facts / sizeof *facts; k++)
            if (format_fact(i, facts[k].topic, fact, sizeof fact))
                text_wrapped(out, fact, FACT_COLUMN, (size_t)fprintf(out, "  %s", facts[k].label));
    }
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        fprintf(out, "\n%s\n", notes[i].title);
        text_wrapped(out, notes[i].text, 2, (size_t)fprintf(out, "  "));
    }
}

void help_formats_manual(FILE *out, const cli_command *const *commands)
{
    char title[80], fact[FACT_SIZE];
    fprintf(out, ".TH EDGEGRAD\\-FORMATS 5 \"\" \"edgegrad %s\" \"File Formats\"\n", EG_VERSION);
    fputs(
        ".ad l\n.nh\n.SH NAME\nedgegrad\\-formats \\- file formats that edgegrad reads and writes\n"
        ".SH DESCRIPTION\n",
        out);
    roff_text(out, introduction);
    fputs(".SH FORMATS\n", out);
    for (size_t i = 0; eg_format_about(i, EG_FORMAT_TITLE, title, sizeof title); i++) {
        fputs(".SS ", out);
        roff_text(out, title);
        for (size_t k = 0; k < sizeof facts / sizeof *facts; k++)
            if (format_fact(i, facts[k].topic, fact, sizeof fact)) {
                fprintf(out, ".TP 16\n.B %s\n", facts[k].label);
                roff_text(out, fact);
            }
    }
    fputs(".SH NOTES\n", out);
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        fprintf(out, ".TP\n.B %s\n", notes[i].title);
        roff_text(out, notes[i].text);
    }
    roff_see_also(out, commands, NULL);
}
