/* SPDX-License-Identifier: MIT */
/* The files of a fuzz target, in a folder of its own. */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

static char folder[PATH_MAX / 2];

static void stop(const char *what)
{
    perror(what);
    abort();
}

void fuzz_remove_files(void)
{
    char path[PATH_MAX];
    DIR *entries = *folder ? opendir(folder) : NULL;
    if (!entries)
        return;
    for (const struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_type != DT_DIR)
            unlink(path);
    }
    closedir(entries);
}

static void remove_folder(void)
{
    fuzz_remove_files();
    rmdir(folder);
}

/* Creates the folder in $FUZZ_FOLDER, or in memory if the system has a file system there. */
static void make_folder(void)
{
    const char *parent = getenv("FUZZ_FOLDER");
    if (!parent)
        parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(folder, sizeof folder, "%s/edgegrad-fuzz-XXXXXX", parent);
    if (!mkdtemp(folder))
        stop(folder);
    atexit(remove_folder);
}

const char *fuzz_path(const char *name)
{
    static char paths[4][PATH_MAX];
    static unsigned used;
    char *path = paths[used++ % 4];
    if (!*folder)
        make_folder();
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

const char *fuzz_file(const char *name, const void *data, size_t size)
{
    const char *path = fuzz_path(name);
    int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0666);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size || close(fd) != 0)
        stop(path);
    return path;
}
