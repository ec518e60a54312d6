/* SPDX-License-Identifier: MIT */
/* fcntl() for the only file of the module, standard output, which JavaScript collects. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int fcntl(int fd, int command, ...)
{
    if (fd == STDOUT_FILENO && command == F_DUPFD_CLOEXEC)
        return fd; /* closing it has no effect */
    errno = EINVAL;
    return -1;
}
