/* SPDX-License-Identifier: MIT */
/* Moves files and folders to the disc, so that they survive a power failure. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/vfs.h>
#endif

#include "io/output/output.h"

/* Returns true if fsync(2) has nothing to do for such a file, as for some devices and network file
 * systems. */
static bool is_without_sync(int code)
{
    return code == EINVAL || code == EOPNOTSUPP || code == ENOSYS;
}

/* Calls fsync(2). Returns false with errno set on failure. */
static bool sync_descriptor(int fd)
{
    int result;
    do {
        result = fsync(fd);
    } while (result != 0 && errno == EINTR);
    return result == 0 || is_without_sync(errno);
}

eg_status eg_output_sync(eg_output *output, eg_error *error)
{
    if (output->synced || !eg_output_syncs(output))
        return EG_OK;
    if (!sync_descriptor(output->fd))
        return eg_output_fail(output, error, eg_errno_status(errno),
                              "cannot be written to the disc: %s", strerror(errno));
    output->synced = true;
    return EG_OK;
}

eg_status eg_output_sync_folder(int fd, const eg_output *member, eg_error *error)
{
#ifdef __linux__
    bool done = fd >= 0 ? sync_descriptor(fd) : member->fd < 0 || syncfs(member->fd) == 0;
#else
    bool done = fd < 0 || sync_descriptor(fd);
#endif
    if (done)
        return EG_OK;
    return eg_output_fail(member, error, eg_errno_status(errno),
                          "its folder cannot be written to the disc: %s", strerror(errno));
}

/* ---- groups ---------------------------------------------------------------------------------- */

#ifdef __linux__

enum {
    ONE_BY_ONE = 3, /* descriptors up to which fsync(2) of each is not slower than syncfs(2) */
    DEVICES = 8     /* file systems of one group */
};

/* Returns true for file systems whose syncfs(2) is known to wait for the disc. */
static bool has_syncfs(int fd)
{
    static const unsigned known[] = {
        0xEF53,     /* ext2, ext3, ext4 */
        0x58465342, /* XFS */
        0x9123683E, /* Btrfs */
        0xF2F52010, /* F2FS */
        0x2FC12FC1, /* ZFS */
        0x01021994, /* tmpfs */
        0x794C7630, /* overlayfs */
    };
    struct statfs about;
    if (fstatfs(fd, &about) != 0)
        return false;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if ((unsigned)about.f_type == known[i])
            return true;
    return false;
}

static bool sync_each(const int fds[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!sync_descriptor(fds[i]))
            return false;
    return true;
}

/* Calls syncfs(2) unless the file system of the descriptor is one of the `count` devices, to which
 * it is added. */
static bool sync_device(int fd, dev_t devices[DEVICES], size_t *count)
{
    struct stat about;
    if (fstat(fd, &about) != 0)
        return false;
    for (size_t i = 0; i < *count; i++)
        if (devices[i] == about.st_dev)
            return true;
    if (*count == DEVICES || !has_syncfs(fd) || syncfs(fd) != 0)
        return false;
    devices[(*count)++] = about.st_dev;
    return true;
}

/* Starts to write all files, then waits once for each file system instead of once for each file. */
bool eg_sync_group(const int fds[], size_t count)
{
    dev_t devices[DEVICES];
    size_t used = 0;
    if (count <= ONE_BY_ONE)
        return sync_each(fds, count);
    for (size_t i = 0; i < count; i++)
        (void)!sync_file_range(fds[i], 0, 0, SYNC_FILE_RANGE_WRITE);
    for (size_t i = 0; i < count; i++)
        if (!sync_device(fds[i], devices, &used))
            return false;
    return true;
}

#else

bool eg_sync_group(const int fds[], size_t count)
{
    (void)fds;
    return count == 0;
}

#endif
