/* SPDX-License-Identifier: MIT */
/*
 * The processes (ranks) that work on one command line together, on one machine or several. The
 * normal build has one rank (ranks_one.c); edgegrad-mpi has as many as mpirun starts (ranks_mpi.c,
 * the only file that includes mpi.h).
 *
 * All functions are collective (every rank must call them in the same order) except rank_*(), which
 * are local or name their partner. None returns an error: a dead rank or lack of memory ends all
 * ranks at once.
 */
#ifndef CLI_RANKS_RANKS_H
#define CLI_RANKS_RANKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Called before and after all other functions. */
void ranks_begin(int *argc, char ***argv);
void ranks_end(void);

/* Returns this rank's number, 0 .. rank_count() - 1. Only rank 0 prints. */
int rank_number(void);
int rank_count(void);

/* Returns this rank's share of its machine's processors, at least 1. */
int rank_processors(void);

/* Returns true if ranks communicate over the network, which a sandbox would cut. */
bool ranks_use_network(void);

/* Copies `size` bytes of rank `from` to all others. */
void ranks_broadcast(void *bytes, size_t size, int from);

/* Return the maximum, minimum, sum or logical OR of the values of all ranks. */
int ranks_largest(int number);
int ranks_least(int number);
uint64_t ranks_sum(uint64_t number);
bool ranks_any(bool value);

/* Gives every rank the bytes of all ranks in *all, in rank order, sizes[i] of them from rank i. The
 * caller frees *all. */
void ranks_gather(const void *bytes, size_t size, void **all, size_t sizes[]);

/* Send to and receive from one other rank, which must call the other function with the same size.
 * Sending a long message may block until it is received. */
void rank_send(int to, const void *bytes, size_t size);
void rank_receive(int from, void *bytes, size_t size);

/* Returns a rank whose message can be received, or a negative number. Does not block. */
int rank_waiting(void);

/* Sends `out` to rank `to` while receiving `in` from rank `from`, each of `size` bytes; a negative
 * rank is none. */
void rank_exchange(int to, const void *out, int from, void *in, size_t size);

#endif
