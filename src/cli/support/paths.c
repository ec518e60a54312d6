/* SPDX-License-Identifier: MIT */
/* Checks and compares paths. */
#include <limits.h>
#include <sched.h>
#include <stdio.h>
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

bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
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

/* ---- one file under two names ---- */

void follow_links(char *path)
{
    enum { LINKS_MAX = 40 }; /* as many as Linux follows */
    char link[PATH_MAX];
    for (int i = 0; i < LINKS_MAX; i++) {
        ssize_t got = readlink(path, link, sizeof link - 1);
        size_t keep = got > 0 && link[0] != '/' ? (size_t)(path_name(path) - path) : 0;
        if (got <= 0 || keep + (size_t)got >= PATH_MAX)
            return;
        memcpy(path + keep, link, (size_t)got);
        path[keep + (size_t)got] = 0;
    }
}

/* Calls stat() on the folder of a path. */
static bool stat_folder(const char *path, struct stat *info)
{
    char folder[PATH_MAX];
    size_t length = (size_t)(path_name(path) - path);
    memcpy(folder, path, length);
    folder[length] = 0;
    return stat(length ? folder : ".", info) == 0;
}

/* Returns true if both paths lead to one name in one folder. */
static bool same_target(const char *a, const char *b)
{
    char first[PATH_MAX], second[PATH_MAX];
    struct stat folders[2];
    if (strlen(a) >= PATH_MAX || strlen(b) >= PATH_MAX)
        return false;
    snprintf(first, sizeof first, "%s", a);
    snprintf(second, sizeof second, "%s", b);
    follow_links(first);
    follow_links(second);
    return strcmp(path_name(first), path_name(second)) == 0 && stat_folder(first, &folders[0]) &&
           stat_folder(second, &folders[1]) && same_inode(&folders[0], &folders[1]);
}

bool same_inode(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Calls stat() on a path, or fstat() on `stream` if the path is "-". */
static bool stat_stream(const char *path, int stream, struct stat *info)
{
    return (is_stream(path) ? fstat(stream, info) : stat(path, info)) == 0;
}

bool same_file(const char *input, const char *output)
{
    struct stat from, to;
    bool exist = stat_stream(input, STDIN_FILENO, &from) && stat_stream(output, STDOUT_FILENO, &to);
    if (exist)
        return S_ISREG(from.st_mode) && same_inode(&from, &to);
    return !is_stream(input) && !is_stream(output) && same_target(input, output);
}

bool same_output(const char *a, const char *b)
{
    struct stat first, second;
    if (is_stream(a) && is_stream(b))
        return true;
    if (stat_stream(a, STDOUT_FILENO, &first) && stat_stream(b, STDOUT_FILENO, &second))
        return !S_ISCHR(first.st_mode) && same_inode(&first, &second);
    return !is_stream(a) && !is_stream(b) && same_target(a, b);
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
