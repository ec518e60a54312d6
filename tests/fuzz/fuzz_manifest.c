/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of the manifest: the bytes are the file, or, if the first byte is odd, entries that
 * are added and must be found again.
 *
 * libFuzzer: -max_len=512
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/batch/batch.h"
#include "fuzz.h"

enum { ENTRIES = 6, KEY = 24 };

static const char header[] = "edgegrad manifest 1\n";

static char *folder(void)
{
    char *path = strdup(fuzz_path("."));
    if (!path)
        abort();
    return path;
}

/* Opens the manifest of the folder, to be added to or only to be read. */
static batch_manifest *open_manifest(char *path, bool adds)
{
    const batch_lock_key key = {.inputs = &path, .count = 1, .quiet = true};
    batch_manifest *manifest = NULL;
    require(batch_manifest_open(&manifest, path, "", adds ? &key : NULL) == EXIT_DONE && manifest,
            "a manifest is opened, whatever it has", NULL);
    return manifest;
}

/* Reads the bytes, with the first line that makes them a manifest or without. */
static void read_bytes_as_manifest(fuzz_bytes *bytes, bool with_header)
{
    const size_t first = with_header ? sizeof header - 1 : 0;
    char *text = malloc(first + bytes->left + 1), *path = folder();
    if (!text)
        abort();
    memcpy(text, header, first);
    if (bytes->left)
        memcpy(text + first, bytes->at, bytes->left);
    fuzz_file(".edgegrad-manifest", text, first + bytes->left);
    batch_manifest *manifest = open_manifest(path, false);
    batch_manifest_find(manifest, "a.png");
    batch_manifest_close(manifest);
    free(path);
    free(text);
}

/* Returns true if the doubles are equal as %.17g writes them. */
static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static bool same_entry(const batch_entry *a, const batch_entry *b)
{
    return a->input_size == b->input_size && a->output_size == b->output_size &&
           a->options_hash == b->options_hash && a->input_modified == b->input_modified &&
           a->output_modified == b->output_modified && a->width == b->width &&
           a->height == b->height && a->has_edges == b->has_edges &&
           a->edges.automatic == b->edges.automatic && same(a->edges.low, b->edges.low) &&
           same(a->edges.high, b->edges.high) && same(a->edges.edge_share, b->edges.edge_share);
}

static batch_entry take_entry(fuzz_bytes *bytes)
{
    batch_entry entry = {.input_size = take(bytes, 8),
                         .output_size = take(bytes, 4),
                         .options_hash = take(bytes, 8),
                         .input_modified = (int64_t)take(bytes, 8),
                         .output_modified = (int64_t)take(bytes, 2),
                         .width = (size_t)take(bytes, 4),
                         .height = (size_t)take(bytes, 2),
                         .has_edges = pick(bytes, 2)};
    entry.edges.low = take_number(bytes);
    entry.edges.high = take_number(bytes);
    entry.edges.edge_share = take_number(bytes);
    entry.edges.automatic = pick(bytes, 2);
    return entry;
}

/* Takes a key of any bytes but 0, which it ends with. */
static void take_key(fuzz_bytes *bytes, char key[KEY])
{
    const size_t length = 1 + pick(bytes, KEY - 2);
    for (size_t i = 0; i < length; i++)
        key[i] = (char)(1 + pick(bytes, 255));
    key[length] = '\0';
}

static void read_back(fuzz_bytes *bytes)
{
    char keys[ENTRIES][KEY], *path = folder();
    batch_entry entries[ENTRIES];
    const size_t count = 1 + pick(bytes, ENTRIES);
    batch_manifest *manifest = open_manifest(path, true);
    for (size_t i = 0; i < count; i++) {
        take_key(bytes, keys[i]);
        entries[i] = take_entry(bytes);
        require(batch_manifest_add(manifest, keys[i], &entries[i]), "an entry is added", NULL);
    }
    batch_manifest_close(manifest);
    manifest = open_manifest(path, false);
    for (size_t i = 0; i < count; i++) {
        const batch_entry *found = batch_manifest_find(manifest, keys[i]);
        size_t best = i; /* of equal keys the newest output counts, then the last line */
        for (size_t k = 0; k < count; k++) {
            const int64_t newer = entries[k].output_modified - entries[best].output_modified;
            if (strcmp(keys[k], keys[i]) == 0 && (newer > 0 || (newer == 0 && k > best)))
                best = k;
        }
        require(found && same_entry(found, &entries[best]), "an entry is found again", NULL);
    }
    batch_manifest_close(manifest);
    free(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_bytes bytes = {data, size};
    const unsigned way = pick(&bytes, 4);
    fuzz_remove_files();
    if (way & 1)
        read_back(&bytes);
    else
        read_bytes_as_manifest(&bytes, way & 2);
    return 0;
}
