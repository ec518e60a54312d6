/* SPDX-License-Identifier: MIT */
/* Checks of output files: none is an input, another output, or a file of another program. */
#include "cli/support/file_check.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* ---- one file under two names ---------------------------------------------------------------- */

int file_check_input(const cli_command *command, cli_file input, cli_file output)
{
    if (!input.path || !output.path || !same_file(input.path, output.path))
        return EXIT_DONE;
    return usage_error(command, "'%s' is %s: name another file for %s, which would overwrite it",
                       output.path, input.label, output.label);
}

int file_check_outputs(const cli_command *command, cli_file a, cli_file b)
{
    if (!a.path || !b.path || !same_output(a.path, b.path))
        return EXIT_DONE;
    return usage_error(command, "%s and %s cannot both be written to '%s'", a.label, b.label,
                       b.path);
}

/* ---- text files that this command writes ------------------------------------------------------
 * CSV and GeoJSON have no place for the name of a program: their first lines are compared. */

enum { HEAD_SIZE = 512 };

static bool begins_with(const char *text, const char *head)
{
    return strncmp(text, head, strlen(head)) == 0;
}

static bool ends_with(const char *text, size_t length, const char *tail)
{
    size_t size = strlen(tail);
    return length >= size && memcmp(text + length - size, tail, size) == 0;
}

/* Returns true if the first line is that of a table of descent --trace, surface --grid or contour.
 */
static bool is_own_csv(const char *head)
{
    size_t line = strcspn(head, "\n");
    const char *value = strstr(head, ",f,df/d");
    if (head[line] == '\0')
        return false;
    return begins_with(head, "step,x,y,z,distance,gradient\n") ||
           begins_with(head, "id,level,x,y\n") ||
           begins_with(head, "id,x,y,strength,direction,left,right\n") ||
           begins_with(head, "id,low,high,ring,x,y\n") ||
           (begins_with(head, "step,") && ends_with(head, line, ",value,gradient_norm,rate")) ||
           (value && value < head + line);
}

/* Returns true if the head is that of the GeoJSON of a flow path, or of contour lines. GDAL writes
 * other blanks. */
static bool is_own_geojson(const char *head)
{
    static const char start[] = "{\n\"type\": \"FeatureCollection\",\n";
    static const char crs[] = "\"crs\": {\"type\": \"name\", \"properties\": {\"name\": \"urn:ogc:";
    static const char features[] =
        "\"features\": [{\n\"type\": \"Feature\",\n\"geometry\": {\"type\": ";
    static const char generator[] = "\"generator\": \"edgegrad\",\n";
    const char *rest = head + sizeof start - 1;
    return begins_with(head, start) &&
           (begins_with(rest, crs) || begins_with(rest, features) || begins_with(rest, generator));
}

/* Returns true if a file is a text in a form that only this command writes. *reason: the errno
 * value of a failure to read it, else 0. */
static bool is_own_text(const char *path, int *reason)
{
    char head[HEAD_SIZE] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    *reason = fd < 0 ? errno : 0;
    if (fd < 0)
        return false;
    ssize_t got = read(fd, head, sizeof head - 1);
    *reason = got < 0 ? errno : 0;
    close(fd);
    return got > 0 &&
           (begins_with(head, "<!doctype html>\n<!-- edgegrad report") ||
            begins_with(head, "/* Written by edgegrad ") ||
            begins_with(head, "# Written by edgegrad ") ||
            begins_with(head, "% Written by edgegrad ") || begins_with(head, "{\"command\": \"") ||
            begins_with(head, "999\nedgegrad\n0\n") ||
            (begins_with(head, "<VRTDataset ") && strstr(head, "\n  <!-- edgegrad -->\n")) ||
            is_own_csv(head) || is_own_geojson(head));
}

/* ---- replacing files ------------------------------------------------------------------------- */

eg_status file_check_replace(const cli_settings *settings, const char *path, const char *advice,
                             eg_error *error)
{
    if (!path || strcmp(path, "-") == 0 || settings->overwrite ||
        eg_file_origin(path) != EG_ORIGIN_OTHER)
        return EG_OK;
    int reason = errno;
    if (!reason && is_own_text(path, &reason))
        return EG_OK;
    error->status = reason == ENOMEM ? EG_NO_MEMORY : EG_FILE;
    snprintf(error->message, sizeof error->message,
             "%s: exists and %s%s; --overwrite replaces it%s", path,
             reason ? "cannot be read to see who made it: " : "was not made by edgegrad",
             reason ? strerror(reason) : "", advice ? advice : "");
    return error->status;
}

int file_check_replaceable(const cli_settings *settings, const char *path)
{
    eg_error error = {0};
    file_check_replace(settings, path, NULL, &error);
    return report_error(settings, &error);
}
