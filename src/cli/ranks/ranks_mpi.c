/* SPDX-License-Identifier: MIT */
/* As many processes as mpirun starts. Failures inside MPI end all of them: that is its default. */
#include <mpi.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/ranks/ranks.h"

enum { PART_BYTES = 1 << 30, TAG = 1 }; /* MPI counts in int */

static int number, count = 1, share;

/* ---- beginning and end ---- */

static void no_memory(void)
{
    fputs("edgegrad: there is no memory left for what ranks tell each other\n", stderr);
    MPI_Abort(MPI_COMM_WORLD, EXIT_LIMIT);
    abort();
}

static void *need(size_t size)
{
    void *memory = malloc(size ? size : 1);
    if (!memory)
        no_memory();
    return memory;
}

/* The processors this rank may use, shared with those ranks of its machine that may use the same
 * ones: mpirun may have given each its own, or left all to all. */
static int processors_each(void)
{
#ifdef CPU_COUNT
    int here = 1, together = 0;
    MPI_Comm machine;
    cpu_set_t mine, both;
    if (sched_getaffinity(0, sizeof mine, &mine) != 0)
        CPU_ZERO(&mine);
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
    MPI_Comm_size(machine, &here);
    cpu_set_t *all = need((size_t)here * sizeof *all);
    MPI_Allgather(&mine, sizeof mine, MPI_BYTE, all, sizeof mine, MPI_BYTE, machine);
    for (int i = 0; i < here; i++) {
        CPU_AND(&both, &mine, &all[i]);
        together += CPU_COUNT(&both) > 0;
    }
    free(all);
    MPI_Comm_free(&machine);
    int each = together ? CPU_COUNT(&mine) / together : 1;
    return each > 0 ? each : 1;
#else
    return 1;
#endif
}

/* Any thread may speak to other ranks, but only one at a time does. */
void ranks_begin(int *argc, char ***argv)
{
    int given;
    MPI_Init_thread(argc, argv, MPI_THREAD_SERIALIZED, &given);
    MPI_Comm_rank(MPI_COMM_WORLD, &number);
    MPI_Comm_size(MPI_COMM_WORLD, &count);
    share = processors_each();
}

void ranks_end(void)
{
    MPI_Finalize();
}

int rank_number(void)
{
    return number;
}

int rank_count(void)
{
    return count;
}

int rank_processors(void)
{
    return share;
}

/* ---- all of them ---- */

void ranks_broadcast(void *bytes, size_t size, int from)
{
    char *at = bytes;
    for (size_t part; size > 0; size -= part, at += part) {
        part = size < PART_BYTES ? size : PART_BYTES;
        MPI_Bcast(at, (int)part, MPI_BYTE, from, MPI_COMM_WORLD);
    }
}

static int reduce(int value, MPI_Op operation)
{
    int result = value;
    MPI_Allreduce(&value, &result, 1, MPI_INT, operation, MPI_COMM_WORLD);
    return result;
}

int ranks_largest(int value)
{
    return reduce(value, MPI_MAX);
}

int ranks_least(int value)
{
    return reduce(value, MPI_MIN);
}

uint64_t ranks_sum(uint64_t value)
{
    uint64_t sum = value;
    MPI_Allreduce(&value, &sum, 1, MPI_UINT64_T, MPI_SUM, MPI_COMM_WORLD);
    return sum;
}

bool ranks_any(bool value)
{
    return reduce(value, MPI_MAX) != 0;
}

void ranks_gather(const void *bytes, size_t size, void **all, size_t sizes[])
{
    const uint64_t mine = size;
    uint64_t *told = need((size_t)count * sizeof *told);
    size_t total = 0, at = 0;
    MPI_Allgather(&mine, 1, MPI_UINT64_T, told, 1, MPI_UINT64_T, MPI_COMM_WORLD);
    for (int i = 0; i < count; i++) {
        sizes[i] = (size_t)told[i];
        total += sizes[i];
    }
    free(told);
    char *gathered = need(total);
    for (int i = 0; i < count; at += sizes[i++]) {
        if (i == number && size)
            memcpy(gathered + at, bytes, size);
        ranks_broadcast(gathered + at, sizes[i], i);
    }
    *all = gathered;
}

/* ---- one other ---- */

void rank_send(int to, const void *bytes, size_t size)
{
    const char *at = bytes;
    for (size_t part; size > 0; size -= part, at += part) {
        part = size < PART_BYTES ? size : PART_BYTES;
        MPI_Send(at, (int)part, MPI_BYTE, to, TAG, MPI_COMM_WORLD);
    }
}

void rank_receive(int from, void *bytes, size_t size)
{
    char *at = bytes;
    for (size_t part; size > 0; size -= part, at += part) {
        part = size < PART_BYTES ? size : PART_BYTES;
        MPI_Recv(at, (int)part, MPI_BYTE, from, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    }
}

int rank_waiting(void)
{
    int waits = 0;
    MPI_Status status;
    MPI_Iprobe(MPI_ANY_SOURCE, TAG, MPI_COMM_WORLD, &waits, &status);
    return waits ? status.MPI_SOURCE : -1;
}

void rank_exchange(int to, const void *out, int from, void *in, size_t size)
{
    const char *sent = out;
    char *got = in;
    to = to < 0 ? MPI_PROC_NULL : to;
    from = from < 0 ? MPI_PROC_NULL : from;
    for (size_t part, at = 0; at < size; at += part) {
        part = size - at < PART_BYTES ? size - at : PART_BYTES;
        MPI_Sendrecv(sent + at, (int)part, MPI_BYTE, to, TAG, got + at, (int)part, MPI_BYTE, from,
                     TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    }
}
