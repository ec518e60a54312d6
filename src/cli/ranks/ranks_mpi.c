/* SPDX-License-Identifier: MIT */
/* The ranks that mpirun starts. MPI ends all of them on errors, its default. */
#include <mpi.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/ranks/ranks.h"

enum { CHUNK_BYTES = 1 << 30, TAG = 1 }; /* MPI counts bytes in an int */

static int number, count = 1, processors_here;

/* ---- start and end --------------------------------------------------------------------------- */

/* Allocates memory, or ends all ranks. */
static void *xmalloc(size_t size)
{
    void *memory = malloc(size ? size : 1);
    if (memory)
        return memory;
    fputs("edgegrad: out of memory for messages between ranks\n", stderr);
    MPI_Abort(MPI_COMM_WORLD, EXIT_LIMIT);
    abort();
}

/* Returns the number of processors this rank may run on divided by the number of ranks of its
 * machine that may run on some of them: mpirun may have bound each rank to its own processors or
 * none at all. */
static int processors_per_rank(void)
{
#ifdef CPU_COUNT
    int ranks_here = 1, competing = 0;
    MPI_Comm machine;
    cpu_set_t mine, both;
    if (sched_getaffinity(0, sizeof mine, &mine) != 0)
        CPU_ZERO(&mine);
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
    MPI_Comm_size(machine, &ranks_here);
    cpu_set_t *all = xmalloc((size_t)ranks_here * sizeof *all);
    MPI_Allgather(&mine, sizeof mine, MPI_BYTE, all, sizeof mine, MPI_BYTE, machine);
    for (int i = 0; i < ranks_here; i++) {
        CPU_AND(&both, &mine, &all[i]);
        competing += CPU_COUNT(&both) > 0;
    }
    free(all);
    MPI_Comm_free(&machine);
    int result = competing ? CPU_COUNT(&mine) / competing : 1;
    return result > 0 ? result : 1;
#else
    return 1;
#endif
}

/* Asks for MPI_THREAD_SERIALIZED, because any thread may call MPI, one at a time. */
void ranks_begin(int *argc, char ***argv)
{
    int provided;
    MPI_Init_thread(argc, argv, MPI_THREAD_SERIALIZED, &provided);
    MPI_Comm_rank(MPI_COMM_WORLD, &number);
    MPI_Comm_size(MPI_COMM_WORLD, &count);
    processors_here = processors_per_rank();
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
    return processors_here;
}

/* ---- collective functions -------------------------------------------------------------------- */

void ranks_broadcast(void *bytes, size_t size, int from)
{
    char *at = bytes;
    for (size_t chunk; size > 0; size -= chunk, at += chunk) {
        chunk = size < CHUNK_BYTES ? size : CHUNK_BYTES;
        MPI_Bcast(at, (int)chunk, MPI_BYTE, from, MPI_COMM_WORLD);
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
    uint64_t *all_sizes = xmalloc((size_t)count * sizeof *all_sizes);
    size_t total = 0, at = 0;
    MPI_Allgather(&mine, 1, MPI_UINT64_T, all_sizes, 1, MPI_UINT64_T, MPI_COMM_WORLD);
    for (int i = 0; i < count; i++) {
        sizes[i] = (size_t)all_sizes[i];
        total += sizes[i];
    }
    free(all_sizes);
    char *gathered = xmalloc(total);
    for (int i = 0; i < count; at += sizes[i++]) {
        if (i == number && size)
            memcpy(gathered + at, bytes, size);
        ranks_broadcast(gathered + at, sizes[i], i);
    }
    *all = gathered;
}

/* ---- messages -------------------------------------------------------------------------------- */

void rank_send(int to, const void *bytes, size_t size)
{
    const char *at = bytes;
    for (size_t chunk; size > 0; size -= chunk, at += chunk) {
        chunk = size < CHUNK_BYTES ? size : CHUNK_BYTES;
        MPI_Send(at, (int)chunk, MPI_BYTE, to, TAG, MPI_COMM_WORLD);
    }
}

void rank_receive(int from, void *bytes, size_t size)
{
    char *at = bytes;
    for (size_t chunk; size > 0; size -= chunk, at += chunk) {
        chunk = size < CHUNK_BYTES ? size : CHUNK_BYTES;
        MPI_Recv(at, (int)chunk, MPI_BYTE, from, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    }
}

int rank_waiting(void)
{
    int pending = 0;
    MPI_Status status;
    MPI_Iprobe(MPI_ANY_SOURCE, TAG, MPI_COMM_WORLD, &pending, &status);
    return pending ? status.MPI_SOURCE : -1;
}

void rank_exchange(int to, const void *out, int from, void *in, size_t size)
{
    const char *sent = out;
    char *got = in;
    to = to < 0 ? MPI_PROC_NULL : to;
    from = from < 0 ? MPI_PROC_NULL : from;
    for (size_t chunk, at = 0; at < size; at += chunk) {
        chunk = size - at < CHUNK_BYTES ? size - at : CHUNK_BYTES;
        MPI_Sendrecv(sent + at, (int)chunk, MPI_BYTE, to, TAG, got + at, (int)chunk, MPI_BYTE, from,
                     TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    }
}

bool ranks_use_network(void)
{
    return true;
}
