/* SPDX-License-Identifier: MIT */
/*
 * The manifest: text, a line an output, fields divided by tabs, the last of them a checksum of the
 * others, so that a line torn by a crash is no line. Lines are added by one write() each to the end
 * of the file; each shard has a file of its own and all files are read.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/batch/batch.h"

#define FILE_NAME ".edgegrad-manifest"
static const char first_line[] = "edgegrad manifest 1\n";

enum { LINE_SIZE = 4 * PATH_MAX + 512 };

typedef struct known {
    char *name;
    size_t order; /* of reading: of lines about outputs of the same time the later one wins */
    batch_entry entry;
} known;

struct batch_manifest {
    int fd; /* -1: not open yet */
    char path[PATH_MAX];
    known *known; /* sorted by name, each once */
    size_t count, capacity;
};

static uint32_t checksum(const char *text, size_t length)
{
    uint32_t sum = 0x811c9dc5u; /* FNV-1a, 32 bits */
    for (size_t i = 0; i < length; i++)
        sum = (sum ^ (unsigned char)text[i]) * 0x01000193u;
    return sum;
}

/* ---- a line ---------------------------------------------------------------------------------- */

/* Tabs, newlines and backslashes of a name. Returns its length; 0: there is no room. */
static size_t escape(char *out, size_t size, const char *name)
{
    static const char from[] = "\t\n\\", to[] = "tn\\";
    size_t used = 0;
    for (; *name; name++) {
        const char *found = strchr(from, *name);
        if (used + 3 > size)
            return 0;
        if (found)
            out[used++] = '\\';
        out[used++] = found ? to[found - from] : *name;
    }
    out[used] = 0;
    return used;
}

static void unescape(char *name)
{
    char *to = name;
    for (; *name; name++) {
        bool escaped = *name == '\\' && name[1];
        name += escaped;
        *to++ = escaped && *name == 't' ? '\t' : escaped && *name == 'n' ? '\n' : *name;
    }
    *to = 0;
}

#define FIELDS                                                                                     \
    "\t%" PRIu64 "\t%" PRId64 "\t%" PRIu64 "\t%" PRId64 "\t%" PRIx64 "\t%zu\t%zu\t%d\t%d\t%.17g"   \
    "\t%.17g\t%.17g"

static size_t write_line(char *line, const char *name, const batch_entry *e)
{
    size_t used = escape(line, LINE_SIZE - 512, name);
    if (!used)
        return 0;
    used += (size_t)snprintf(line + used, LINE_SIZE - used, FIELDS, e->input_size,
                             e->input_modified, e->output_size, e->output_modified, e->print,
                             e->width, e->height, e->has_edges, e->edges.automatic, e->edges.low,
                             e->edges.high, e->edges.share);
    used +=
        (size_t)snprintf(line + used, LINE_SIZE - used, "\t%08" PRIx32 "\n", checksum(line, used));
    return used;
}

static const char scan[] = "%" SCNu64 "%" SCNd64 "%" SCNu64 "%" SCNd64 "%" SCNx64 "%zu%zu%d%d%lf"
                           "%lf%lf";

/* Cuts the line where its name ends. False: it is none of ours, or torn. */
static bool read_line(char *line, batch_entry *e)
{
    char *last = strrchr(line, '\t'), *tab = strchr(line, '\t');
    int marked, automatic;
    if (!last || strtoul(last + 1, NULL, 16) != checksum(line, (size_t)(last - line)))
        return false;
    *last = *tab = 0;
    *e = (batch_entry){0};
    bool read = sscanf(tab + 1, scan, &e->input_size, &e->input_modified, &e->output_size,
                       &e->output_modified, &e->print, &e->width, &e->height, &marked, &automatic,
                       &e->edges.low, &e->edges.high, &e->edges.share) == 12;
    e->has_edges = read && marked;
    e->edges.automatic = read && automatic;
    unescape(line);
    return read;
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool keep(batch_manifest *m, const char *name, const batch_entry *entry)
{
    if (m->count == m->capacity) {
        size_t larger = m->capacity ? 2 * m->capacity : 256;
        known *moved = realloc(m->known, larger * sizeof *moved);
        if (!moved)
            return false;
        m->known = moved;
        m->capacity = larger;
    }
    known *k = &m->known[m->count];
    *k = (known){.name = strdup(name), .order = m->count, .entry = *entry};
    m->count += k->name != NULL;
    return k->name != NULL;
}

/* False: there is no memory. */
static bool read_file(batch_manifest *m, const char *path)
{
    FILE *in = fopen(path, "re");
    char *line = NULL;
    size_t size = 0;
    bool good = true;
    if (!in)
        return true;
    if (getline(&line, &size, in) > 0 && strcmp(line, first_line) == 0)
        for (ssize_t got; good && (got = getline(&line, &size, in)) > 0;) {
            batch_entry entry;
            if (line[got - 1] == '\n')
                line[got - 1] = 0;
            if (read_line(line, &entry))
                good = keep(m, line, &entry);
        }
    free(line);
    fclose(in);
    return good;
}

static int by_name(const void *a, const void *b)
{
    const known *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    if (order)
        return order;
    if (x->entry.output_modified != y->entry.output_modified) /* of several shards' files */
        return x->entry.output_modified < y->entry.output_modified ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

static int is_name(const void *key, const void *element)
{
    return strcmp(key, ((const known *)element)->name);
}

/* Sorts, and leaves the line about the newest output of each name. */
static void settle(batch_manifest *m)
{
    size_t kept = 0;
    if (m->count)
        qsort(m->known, m->count, sizeof *m->known, by_name);
    for (size_t i = 0; i < m->count; i++) {
        if (i + 1 < m->count && strcmp(m->known[i].name, m->known[i + 1].name) == 0)
            free(m->known[i].name);
        else
            m->known[kept++] = m->known[i];
    }
    m->count = kept;
}

static bool read_all(batch_manifest *m, const char *folder)
{
    DIR *dir = opendir(folder);
    bool good = true;
    if (!dir)
        return true;
    for (const struct dirent *entry; good && (entry = readdir(dir)) != NULL;) {
        char path[PATH_MAX];
        if (strncmp(entry->d_name, FILE_NAME, sizeof FILE_NAME - 1) == 0 &&
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) < (int)sizeof path)
            good = read_file(m, path);
    }
    closedir(dir);
    settle(m);
    return good;
}

batch_manifest *batch_manifest_open(const char *folder, const char *shard)
{
    batch_manifest *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->fd = -1;
    int length =
        snprintf(m->path, sizeof m->path, "%s/" FILE_NAME "%s%s", folder, *shard ? "." : "", shard);
    if (length < 0 || (size_t)length >= sizeof m->path)
        m->path[0] = 0;
    if (!read_all(m, folder)) {
        batch_manifest_close(m);
        return NULL;
    }
    return m;
}

const batch_entry *batch_manifest_find(const batch_manifest *m, const char *name)
{
    const known *found =
        m->count ? bsearch(name, m->known, m->count, sizeof *found, is_name) : NULL;
    return found ? &found->entry : NULL;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* What is no manifest of this form would be written to in vain. */
static bool is_ours(int fd)
{
    char found[sizeof first_line - 1];
    return pread(fd, found, sizeof found, 0) == (ssize_t)sizeof found &&
           memcmp(found, first_line, sizeof found) == 0;
}

/* A file that was torn in the middle of a line gets its newline first. */
static bool open_to_add(batch_manifest *m)
{
    char last = '\n';
    errno = ENAMETOOLONG;
    m->fd = m->path[0] ? open(m->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666) : -1;
    if (m->fd < 0)
        return false;
    off_t size = lseek(m->fd, 0, SEEK_END);
    if (size > 0 && !is_ours(m->fd)) {
        if (ftruncate(m->fd, 0) != 0)
            return false;
        size = 0;
    }
    if (size == 0)
        return write(m->fd, first_line, sizeof first_line - 1) == (ssize_t)sizeof first_line - 1;
    return pread(m->fd, &last, 1, size - 1) != 1 || last == '\n' || write(m->fd, "\n", 1) == 1;
}

bool batch_manifest_add(batch_manifest *m, const char *name, const batch_entry *entry)
{
    char line[LINE_SIZE];
    size_t length = write_line(line, name, entry);
    errno = ENAMETOOLONG;
    if (!length || (m->fd < 0 && !open_to_add(m)))
        return false;
    return write(m->fd, line, length) == (ssize_t)length;
}

void batch_manifest_close(batch_manifest *m)
{
    if (!m)
        return;
    if (m->fd >= 0)
        close(m->fd);
    for (size_t i = 0; i < m->count; i++)
        free(m->known[i].name);
    free(m->known);
    free(m);
}
