/* SPDX-License-Identifier: MIT */
/* Finds the file that an output path stands for. */
#include <string.h>
#include <unistd.h>

#include "io/io.h"

enum { LINKS_MAX = 40 }; /* symbolic links followed, as many as Linux does */

size_t eg_folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* Returns true for links that represent an open file of a process. */
static bool is_descriptor(const char *path)
{
    return strncmp(path, "/proc/", 6) == 0 || strncmp(path, "/dev/fd/", 8) == 0;
}

/* Replaces the path by the target of the symbolic link; returns false if it is not one. */
static bool follow_link(char path[PATH_MAX])
{
    char link[PATH_MAX];
    ssize_t got = readlink(path, link, sizeof link - 1);
    size_t keep = 0;
    if (got <= 0)
        return false;
    link[got] = '\0';
    if (link[0] != '/')
        keep = eg_folder_length(path);
    if (keep + (size_t)got >= PATH_MAX)
        return false;
    memcpy(path + keep, link, (size_t)got + 1);
    return true;
}

bool eg_follow_links(char path[PATH_MAX])
{
    for (int i = 0; i < LINKS_MAX && !is_descriptor(path); i++)
        if (!follow_link(path))
            break;
    return is_descriptor(path);
}
