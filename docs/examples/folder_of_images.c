/* SPDX-License-Identifier: MIT */
/* Finds the sharpest of several photographs: the one whose edges are steepest.
 *
 *     folder_of_images PHOTO...
 *
 * Each of two threads has every second file, with a context of one thread for each file, which is
 * faster for many files than all threads on one file. */
#include <edgegrad.h>
#include <stdio.h>
#include <stdlib.h>

/* A photograph: the threshold that one pixel in twenty exceeds, in levels per pixel. */
typedef struct photo {
    const char *path;
    double steepness;
    eg_error error;
} photo;

typedef struct job {
    photo *photos;
    int count, threads;
} job;

static void measure(photo *p)
{
    eg_context *ctx = NULL;
    eg_source *source = NULL;
    eg_config config;
    eg_edges_options options;
    eg_edges_result result;
    eg_config_default(&config);
    config.threads = 1;
    eg_edges_default(&options);
    options.sigma = 1;
    options.density = 5; /* percent of the pixels */
    if (eg_context_new(&ctx, &config, &p->error) == EG_OK &&
        eg_source_open(&source, ctx, p->path, NULL, &p->error) == EG_OK &&
        eg_edges(source, NULL, &options, &result, &p->error) == EG_OK)
        p->steepness = result.high;
    eg_source_close(source);
    eg_context_free(ctx);
}

/* Measures every photo whose number leaves the rest `thread`. */
static void work(void *opaque, int thread)
{
    job *j = (job *)opaque;
    for (int i = thread; i < j->count; i += j->threads)
        measure(&j->photos[i]);
}

int main(int argc, char **argv)
{
    job j = {NULL, argc - 1, 2};
    int best = 0, failed = 0;
    j.photos = (photo *)calloc((size_t)argc, sizeof *j.photos);
    if (!j.photos || argc < 2)
        return free(j.photos), fprintf(stderr, "usage: folder_of_images PHOTO...\n"), 2;
    for (int i = 0; i < j.count; i++)
        j.photos[i].path = argv[1 + i];
    eg_threads_run(j.threads, &j, work);
    for (int i = 0; i < j.count; i++) {
        if (j.photos[i].error.status != EG_OK)
            fprintf(stderr, "%s\n", j.photos[i].error.message);
        else
            printf("%-24s %5.2f levels per pixel\n", j.photos[i].path, j.photos[i].steepness);
        failed |= j.photos[i].error.status != EG_OK;
        if (j.photos[best].error.status != EG_OK ||
            j.photos[i].steepness > j.photos[best].steepness)
            best = i;
    }
    if (j.photos[best].error.status == EG_OK)
        printf("the sharpest is %s\n", j.photos[best].path);
    free(j.photos);
    return failed;
}
