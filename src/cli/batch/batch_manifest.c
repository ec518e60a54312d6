/* SPDX-License-Identifier: MIT */
/*
 * The manifest: a text file with one line per output, whose fields are separated by tabs. The last
 * field is a checksum of the others, so that lines torn by a crash are ignored. Each line is
 * appended by one write(). Each shard writes a file of its own; all files are read.
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
#include "cli/support/line.h"

static const char header[] = "edgegrad manifest 1\n";

enum {
    FIELDS_SIZE = 512, /* bytes of the fields after the key */
    LINE_SIZE = 4 * PATH_MAX + FIELDS_SIZE
};

typedef struct record {
    char *key;    /* owned */
    size_t order; /* position in the files read; breaks ties between equal output times */
    batch_entry entry;
} record;

struct batch_manifest {
    int fd;              /* descriptor that locks the manifest; -1: it is only read */
    int failure;         /* errno value that tells why it cannot be written */
    bool appending;      /* lines were added */
    char path[PATH_MAX]; /* "" if it is too long */
    record *records;     /* sorted by key, each key once */
    size_t count, capacity;
};

/* Returns the 32-bit FNV-1a hash (Fowler, Noll, Vo). */
static uint32_t checksum(const char *text, size_t length)
{
    uint32_t sum = 0x811c9dc5u;
    for (size_t i = 0; i < length; i++)
        sum = (sum ^ (unsigned char)text[i]) * 0x01000193u;
    return sum;
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* Escapes tabs, newlines and backslashes. Returns the length; 0 if it exceeds `size`. */
static size_t escape_key(char *out, size_t size, const char *key)
{
    static const char from[] = "\t\n\\", to[] = "tn\\";
    size_t used = 0;
    for (; *key; key++) {
        const char *found = strchr(from, *key);
        if (used + 3 > size)
            return 0;
        if (found)
            out[used++] = '\\';
        out[used++] = found ? to[found - from] : *key;
    }
    out[used] = 0;
    return used;
}

static void unescape_key(char *key)
{
    char *to = key;
    for (; *key; key++) {
        bool escaped = *key == '\\' && key[1];
        key += escaped;
        *to++ = escaped && *key == 't' ? '\t' : escaped && *key == 'n' ? '\n' : *key;
    }
    *to = 0;
}

#define FORMAT                                                                                     \
    "\t%" PRIu64 "\t%" PRId64 "\t%" PRIu64 "\t%" PRId64 "\t%" PRIx64 "\t%zu\t%zu\t%d\t%d\t%.17g"   \
    "\t%.17g\t%.17g"

/* Writes a line to `line`, of LINE_SIZE bytes. Returns its length; 0 if the key is too long. */
static size_t format_line(char *line, const char *key, const batch_entry *e)
{
    size_t used = escape_key(line, LINE_SIZE - FIELDS_SIZE, key);
    if (!used)
        return 0;
    used += (size_t)snprintf(line + used, LINE_SIZE - used, FORMAT, e->input_size,
                             e->input_modified, e->output_size, e->output_modified, e->options_hash,
                             e->width, e->height, e->has_edges, e->edges.automatic, e->edges.low,
                             e->edges.high, e->edges.edge_share);
    used +=
        (size_t)snprintf(line + used, LINE_SIZE - used, "\t%08" PRIx32 "\n", checksum(line, used));
    return used;
}

static const char scan_format[] =
    "%" SCNu64 "%" SCNd64 "%" SCNu64 "%" SCNd64 "%" SCNx64 "%zu%zu%d%d%lf"
    "%lf%lf";

/* Parses a line and cuts it where its key ends. Returns false if the line is torn or malformed. */
static bool parse_line(char *line, batch_entry *e)
{
    char *last = strrchr(line, '\t'), *tab = strchr(line, '\t');
    int has_edges, automatic;
    if (!last || strtoul(last + 1, NULL, 16) != checksum(line, (size_t)(last - line)))
        return false;
    *last = *tab = 0;
    *e = (batch_entry){0};
    bool read = sscanf(tab + 1, scan_format, &e->input_size, &e->input_modified, &e->output_size,
                       &e->output_modified, &e->options_hash, &e->width, &e->height, &has_edges,
                       &automatic, &e->edges.low, &e->edges.high, &e->edges.edge_share) == 12;
    e->has_edges = read && has_edges;
    e->edges.automatic = read && automatic;
    unescape_key(line);
    return read;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Returns false if out of memory. */
static bool add_record(batch_manifest *m, const char *key, const batch_entry *entry)
{
    if (m->count == m->capacity) {
        size_t larger = m->capacity ? 2 * m->capacity : 256;
        record *moved = realloc(m->records, larger * sizeof *moved);
        if (!moved)
            return false;
        m->records = moved;
        m->capacity = larger;
    }
    record *r = &m->records[m->count];
    *r = (record){.key = strdup(key), .order = m->count, .entry = *entry};
    m->count += r->key != NULL;
    return r->key != NULL;
}

/* Returns true if a line without its end is that of the header. */
static bool is_header(const char *line)
{
    const size_t length = sizeof header - 2; /* without the end of the line */
    return strlen(line) == length && memcmp(line, header, length) == 0;
}

/* Reads the lines of a manifest file from the open descriptor, which it closes, up to one that
 * edgegrad cannot have written; skips files that cannot be read. Returns false if out of memory. */
static bool read_manifest_file(batch_manifest *m, int fd)
{
    FILE *in = fdopen(fd, "r");
    char *line = NULL;
    size_t size = 0;
    bool good = true;
    if (!in) {
        close(fd);
        return errno != ENOMEM;
    }
    if (line_read(in, &line, &size, LINE_SIZE) == LINE_READ && is_header(line))
        while (good && line_read(in, &line, &size, LINE_SIZE) == LINE_READ) {
            batch_entry entry;
            if (parse_line(line, &entry))
                good = add_record(m, line, &entry);
        }
    free(line);
    fclose(in);
    return good;
}

/* Orders by key, then by output time (shards may have made the same output), then as read. */
static int compare_records(const void *a, const void *b)
{
    const record *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    if (order)
        return order;
    if (x->entry.output_modified != y->entry.output_modified)
        return x->entry.output_modified < y->entry.output_modified ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

static int compare_key(const void *key, const void *element)
{
    return strcmp(key, ((const record *)element)->key);
}

/* Sorts the records and keeps that of the newest output of each key. */
static void sort_records(batch_manifest *m)
{
    size_t kept = 0;
    if (m->count)
        qsort(m->records, m->count, sizeof *m->records, compare_records);
    for (size_t i = 0; i < m->count; i++) {
        if (i + 1 < m->count && strcmp(m->records[i].key, m->records[i + 1].key) == 0)
            free(m->records[i].key);
        else
            m->records[kept++] = m->records[i];
    }
    m->count = kept;
}

/* Reads the manifests of all shards in a folder. Returns an exit code, after its message. */
static int read_folder(batch_manifest *m, const char *folder)
{
    DIR *dir = opendir(folder);
    int code = EXIT_DONE;
    if (!dir)
        return EXIT_DONE;
    for (const struct dirent *entry; code == EXIT_DONE && (entry = readdir(dir)) != NULL;) {
        char path[PATH_MAX];
        int fd = -1;
        if (strncmp(entry->d_name, BATCH_MANIFEST, sizeof BATCH_MANIFEST - 1) != 0 ||
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) >= (int)sizeof path)
            continue;
        code = batch_lock_open(&fd, path, O_RDONLY);
        if (fd >= 0 && !read_manifest_file(m, fd))
            code = batch_out_of_memory();
    }
    closedir(dir);
    sort_records(m);
    return code;
}

int batch_manifest_open(batch_manifest **manifest, const char *folder, const char *shard,
                        const batch_lock_key *key)
{
    batch_manifest *m = *manifest = calloc(1, sizeof *m);
    if (!m)
        return batch_out_of_memory();
    m->fd = -1;
    int length = snprintf(m->path, sizeof m->path, "%s/" BATCH_MANIFEST "%s%s", folder,
                          *shard ? "." : "", shard);
    if (length < 0 || (size_t)length >= sizeof m->path)
        m->path[0] = 0;
    int code = key && m->path[0] ? batch_lock_take(&m->fd, m->path, key) : EXIT_DONE;
    m->failure = key && m->fd < 0 ? errno : 0;
    if (code == EXIT_DONE)
        code = read_folder(m, folder);
    if (code != EXIT_DONE) {
        batch_manifest_close(m);
        *manifest = NULL;
    }
    return code;
}

const batch_entry *batch_manifest_find(const batch_manifest *m, const char *key)
{
    const record *found =
        m->count ? bsearch(key, m->records, m->count, sizeof *found, compare_key) : NULL;
    return found ? &found->entry : NULL;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* Sets *found to whether the file begins with the header of this format version. Returns false with
 * errno set if it cannot be read. */
static bool find_header(int fd, bool *found)
{
    char bytes[sizeof header - 1];
    const ssize_t got = pread(fd, bytes, sizeof bytes, 0);
    *found = got == (ssize_t)sizeof bytes && memcmp(bytes, header, sizeof bytes) == 0;
    return got >= 0;
}

/* Prepares the locked manifest for appending. Truncates a file of another format, whose lines would
 * never be read; ends a torn last line with a newline. Returns false with errno set on failure. */
static bool begin_appending(batch_manifest *m)
{
    char last = '\n';
    bool found = true;
    off_t size = lseek(m->fd, 0, SEEK_END);
    if (size < 0 || (size > 0 && !find_header(m->fd, &found)))
        return false;
    if (!found && ftruncate(m->fd, 0) != 0)
        return false;
    if (size == 0 || !found)
        return write(m->fd, header, sizeof header - 1) == (ssize_t)sizeof header - 1;
    return pread(m->fd, &last, 1, size - 1) == 1 && (last == '\n' || write(m->fd, "\n", 1) == 1);
}

bool batch_manifest_add(batch_manifest *m, const char *key, const batch_entry *entry)
{
    char line[LINE_SIZE];
    size_t length = format_line(line, key, entry);
    errno = m->failure && length ? m->failure : ENAMETOOLONG;
    if (!length || m->fd < 0 || (!m->appending && !begin_appending(m)))
        return false;
    m->appending = true;
    return write(m->fd, line, length) == (ssize_t)length;
}

void batch_manifest_sync(batch_manifest *m)
{
    if (m && m->appending)
        (void)!fdatasync(m->fd);
}

void batch_manifest_close(batch_manifest *m)
{
    if (!m)
        return;
    batch_lock_drop(m->fd, m->path);
    for (size_t i = 0; i < m->count; i++)
        free(m->records[i].key);
    free(m->records);
    free(m);
}
