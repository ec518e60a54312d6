/* SPDX-License-Identifier: MIT */
/* Temporary files without a name. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "io/io.h"

int eg_temporary_file(void)
{
    char path[PATH_MAX];
    const char *folder = getenv("TMPDIR");
    if (!folder || *folder == '\0')
        folder = "/tmp";
#ifdef O_TMPFILE
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
    if (fd >= 0)
        return fd;
#endif
    snprintf(path, sizeof path, "%s/edgegrad.XXXXXX", folder);
    int named_fd = mkostemp(path, O_CLOEXEC);
    if (named_fd >= 0)
        unlink(path);
    return named_fd;
}
