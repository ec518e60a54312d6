/* SPDX-License-Identifier: MIT */
/* Collects the paths that a command may use, and confines the process to them. */
#include "cli/sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__
#include <link.h>
#endif

#include "cli/ranks/ranks.h"
#include "cli/sandbox/confine.h"

/* Sanitizers trace their own process and open files where they like. */
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SANITIZED true
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

/* ---- rules ----------------------------------------------------------------------------------- */

static void allow(sandbox *box, const char *path, landlock_use use)
{
    int code = box->ruleset >= 0 ? landlock_allow(box->ruleset, path, use) : 0;
    if (code != 0 && box->failure == 0)
        box->failure = code;
}

/* Copies the folder of a path; returns false if it does not fit. */
static bool folder_of(char folder[PATH_MAX], const char *path)
{
    size_t length = (size_t)(path_name(path) - path);
    if (length >= PATH_MAX)
        return false;
    snprintf(folder, PATH_MAX, "%.*s", length ? (int)length : 1, length ? path : ".");
    return true;
}

/* Allows a use of the folder of a path. */
static void allow_folder(sandbox *box, const char *path, landlock_use use)
{
    char folder[PATH_MAX];
    if (folder_of(folder, path))
        allow(box, folder, use);
}

/* Allows a use of `name` below the folder that an environment variable names. */
static void allow_below(sandbox *box, const char *variable, const char *name)
{
    char path[PATH_MAX];
    const char *folder = getenv(variable);
    if (folder && *folder == '/' && snprintf(path, sizeof path, "%s%s", folder, name) < PATH_MAX)
        allow(box, path, LANDLOCK_READ);
}

/* ---- libraries and fonts --------------------------------------------------------------------- */

#ifdef __linux__
/* Allows reading the folder of a loaded library, where those that it needs later may be. */
static int allow_library(struct dl_phdr_info *library, size_t size, void *opaque)
{
    sandbox *box = opaque;
    const char *name = library->dlpi_name;
    char folder[PATH_MAX];
    (void)size;
    if (name[0] != '/' || !folder_of(folder, name) || strcmp(folder, box->folder) == 0)
        return 0;
    memcpy(box->folder, folder, sizeof folder);
    allow(box, folder, LANDLOCK_READ);
    return 0;
}
#endif

/* Allows reading the folders in a list such as LD_LIBRARY_PATH. */
static void allow_list(sandbox *box, const char *list)
{
    char folder[PATH_MAX];
    while (list && *list) {
        size_t length = strcspn(list, ":");
        if (length > 0 && length < sizeof folder) {
            snprintf(folder, sizeof folder, "%.*s", (int)length, list);
            allow(box, folder, LANDLOCK_READ);
        }
        list += length + (list[length] == ':');
    }
}

/* Allows what the C library reads: libraries that are loaded late, and the number of processors. */
static void allow_libraries(sandbox *box)
{
    static const char *const paths[] = {
        "/usr/lib",   "/lib",       "/lib64",           "/usr/local/lib",
        "/nix/store", "/gnu/store", "/etc/ld.so.cache", "/sys/devices/system/cpu"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        allow(box, paths[i], LANDLOCK_READ);
    allow(box, "/dev/null", LANDLOCK_WRITE);
    allow_list(box, getenv("LD_LIBRARY_PATH"));
#ifdef __linux__
    dl_iterate_phdr(allow_library, box);
    box->folder[0] = '\0';
#endif
#ifdef EG_HAVE_GDAL /* whose files name other files: libraries, tables, parts of mosaics */
    allow(box, "/", LANDLOCK_READ);
#endif
}

/* Allows what fontconfig reads. */
static void allow_fonts(sandbox *box)
{
    static const char *const paths[] = {"/etc/fonts", "/usr/share", "/usr/local/share",
                                        "/var/cache/fontconfig"};
    static const struct {
        const char *variable, *name;
    } below[] = {{"HOME", "/.fonts"},
                 {"HOME", "/.fonts.conf"},
                 {"HOME", "/.local/share/fonts"},
                 {"HOME", "/.config/fontconfig"},
                 {"HOME", "/.cache/fontconfig"},
                 {"XDG_DATA_HOME", "/fonts"},
                 {"XDG_CONFIG_HOME", "/fontconfig"},
                 {"XDG_CACHE_HOME", "/fontconfig"},
                 {"FONTCONFIG_PATH", ""},
                 {"FONTCONFIG_FILE", ""}};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        allow(box, paths[i], LANDLOCK_READ);
    for (size_t i = 0; i < sizeof below / sizeof *below; i++)
        allow_below(box, below[i].variable, below[i].name);
}

/* Allows temporary files, where the library makes them. */
static void allow_temporary(sandbox *box)
{
    const char *folder = getenv("TMPDIR");
    if (!box->temporary)
        allow(box, folder && *folder ? folder : "/tmp", LANDLOCK_WRITE);
    box->temporary = true;
}

/* ---- what commands name ---------------------------------------------------------------------- */

static bool permitted;

void sandbox_permit(void)
{
    permitted = true;
}

static bool is_on(const sandbox *box)
{
    return box->mode != CLI_SANDBOX_OFF;
}

void sandbox_begin(sandbox *box, const cli_args *args, const cli_settings *settings)
{
    *box = (sandbox){.mode = settings->sandbox, .ruleset = -1};
    const bool impossible = SANITIZED || ranks_use_network();
    if (!permitted || (box->mode == CLI_SANDBOX_AUTO && impossible))
        box->mode = CLI_SANDBOX_OFF;
    if (!is_on(box))
        return;
    box->ruleset = landlock_new();
    box->failure = box->ruleset < 0 ? errno : 0;
    allow_libraries(box);
    for (size_t i = 0; i < args->given_count; i++)
        if (args->given[i]->type == OPTION_INPUT) {
            const char *path;
            memcpy(&path, (const char *)settings + args->given[i]->offset, sizeof path);
            sandbox_read(box, path);
        }
}

/* Returns true if the file needs a temporary one: a pipe, a gzip file or an archive. */
static bool is_unpacked(const char *path, const struct stat *about)
{
    unsigned char head[2] = {0};
    int fd = S_ISREG(about->st_mode) ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) : -1;
    if (fd < 0)
        return true;
    bool packed = read(fd, head, sizeof head) == (ssize_t)sizeof head &&
                  (memcmp(head, "\x1f\x8b", 2) == 0 || memcmp(head, "PK", 2) == 0);
    close(fd);
    return packed;
}

/* Returns true for a path that stands for an open file, where nothing is beside it. */
static bool is_descriptor(const char *path)
{
    return strncmp(path, "/proc/", 6) == 0 || strncmp(path, "/dev/fd/", 8) == 0 ||
           strncmp(path, "/dev/std", 8) == 0;
}

void sandbox_read(sandbox *box, const char *path)
{
    char folder[PATH_MAX], target[PATH_MAX];
    struct stat about;
    if (!is_on(box) || !path)
        return;
    if (strcmp(path, "-") == 0) {
        allow_temporary(box);
        return;
    }
    if (lstat(path, &about) != 0 || !folder_of(folder, path))
        return;
    bool link = S_ISLNK(about.st_mode);
    if (link && stat(path, &about) != 0)
        return;
    if (!box->temporary && is_unpacked(path, &about))
        allow_temporary(box);
    if (is_descriptor(path) || !S_ISREG(about.st_mode)) {
        allow(box, path, LANDLOCK_READ);
        return;
    }
    if (link && realpath(path, target))
        allow_folder(box, target, LANDLOCK_READ);
    if (strcmp(folder, box->folder) == 0)
        return;
    allow(box, folder, LANDLOCK_READ);
    memcpy(box->folder, folder, sizeof folder);
}

void sandbox_write(sandbox *box, const char *path)
{
    char target[PATH_MAX];
    struct stat about;
    if (!is_on(box) || !path)
        return;
    bool exists = strcmp(path, "-") != 0 && stat(path, &about) == 0;
    if (strcmp(path, "-") == 0 || (exists && !S_ISREG(about.st_mode)))
        allow_temporary(box); /* for formats that are not written in order */
    if (strcmp(path, "-") == 0 || snprintf(target, sizeof target, "%s", path) >= PATH_MAX)
        return;
    if (exists)
        allow(box, path, LANDLOCK_WRITE);
    follow_links(target);
    if (!is_descriptor(path) && !is_descriptor(target))
        allow_folder(box, target, LANDLOCK_WRITE);
}

void sandbox_read_folder(sandbox *box, const char *path)
{
    if (is_on(box))
        allow(box, path, LANDLOCK_READ);
}

void sandbox_write_folder(sandbox *box, const char *path)
{
    if (is_on(box))
        allow(box, path, LANDLOCK_WRITE_TREE);
}

void sandbox_children(sandbox *box)
{
    box->children = true;
}

void sandbox_plot(sandbox *box, const char *path)
{
    if (!is_on(box) || !path)
        return;
    box->children = true;
    allow_fonts(box);
    sandbox_write(box, path);
}

/* ---- entry ----------------------------------------------------------------------------------- */

/* Reports that a part is missing. With --sandbox auto it is done without. */
static int report_missing(const sandbox *box, const char *part)
{
    if (box->mode != CLI_SANDBOX_REQUIRE)
        return EXIT_DONE;
    message("--sandbox require: %s is not available here: %s; --sandbox auto runs without it", part,
            strerror(errno));
    return EXIT_LIMIT;
}

int sandbox_enter(sandbox *box)
{
    int code = EXIT_DONE;
    if (!is_on(box))
        return EXIT_DONE;
    if (SANITIZED || ranks_use_network()) {
        errno = ENOTSUP;
        return report_missing(box, SANITIZED
                                       ? "a sandbox for builds with sanitizers"
                                       : "a sandbox for edgegrad-mpi, whose ranks use the network");
    }
    errno = box->failure;
    if (box->failure != 0) {
        if (box->ruleset >= 0)
            close(box->ruleset);
        code = report_missing(box, "Landlock (Linux 5.13)");
    } else if (!landlock_enter(box->ruleset)) {
        code = report_missing(box, "Landlock (Linux 5.13)");
    } else {
        message_advise_on_denial(" by the sandbox: the file is in no folder that the command line "
                                 "names; --sandbox off reads it");
    }
    if (code == EXIT_DONE && !seccomp_enter(box->children))
        code = report_missing(box, "seccomp");
    return code;
}
