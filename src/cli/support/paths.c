/* SPDX-License-Identifier: MIT */
/* Checks and compares paths. */
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

static bool is_stream(const char *path)
{
    return strcmp(path, "-") == 0;
}

int input_check(const cli_command *command, const char *path)
{
    if (is_stream(path) && isatty(STDIN_FILENO))
        return usage_error(command,
                           "standard input is a terminal: name a file, or redirect one with "
                           "'< FILE' or a pipe");
    return EXIT_DONE;
}

int output_check(const cli_command *command, const cli_settings *settings, const char *path)
{
    struct stat info;
    if (is_stream(path) && settings->json)
        return usage_error(command,
                           "--json and the image cannot both be written to standard output: "
                           "name an OUTPUT file");
    if (is_stream(path) && isatty(STDOUT_FILENO))
        return usage_error(command,
                           "standard output is a terminal: name an OUTPUT file, or redirect it "
                           "with '> FILE' or a pipe");
    if (is_stream(path) || stat(path, &info) != 0 || !S_ISDIR(info.st_mode))
        return EXIT_DONE;
    bool slash = path[strlen(path) - 1] == '/';
    message("%s: is a folder: name a file in it, such as %s%s%s.png", path, path, slash ? "" : "/",
            command->name);
    return EXIT_FILE;
}

const char *path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool path_add(char *path, size_t size, const char *part, size_t length)
{
    size_t used = strlen(path);
    if (length == 2 && part[0] == '.' && part[1] == '.') {
        path[used ? (size_t)(path_name(path) - path) - 1 : 0] = '\0';
        return true;
    }
    if (length == 0 || (length == 1 && *part == '.'))
        return true;
    if (used + length + 2 > size)
        return false;
    path[used] = '/';
    memcpy(path + used + 1, part, length);
    path[used + 1 + length] = '\0';
    return true;
}

/* Calls stat() on the folder of a path. */
static bool stat_folder(const char *path, struct stat *info)
{
    char folder[PATH_MAX];
    size_t length = (size_t)(path_name(path) - path);
    if (length >= sizeof folder)
        return false;
    memcpy(folder, path, length);
    folder[length] = 0;
    return stat(length ? folder : ".", info) == 0;
}

bool same_inode(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool same_file(const char *a, const char *b)
{
    struct stat first, second;
    if (is_stream(a) || is_stream(b))
        return false;
    if (stat(a, &first) == 0 && stat(b, &second) == 0)
        return S_ISREG(first.st_mode) && same_inode(&first, &second);
    return strcmp(path_name(a), path_name(b)) == 0 && stat_folder(a, &first) &&
           stat_folder(b, &second) && same_inode(&first, &second);
}

int processors(void)
{
#ifdef CPU_COUNT
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        return CPU_COUNT(&set);
#endif
    return (int)sysconf(_SC_NPROCESSORS_ONLN);
}
