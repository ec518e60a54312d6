/* SPDX-License-Identifier: MIT */
/*
 * The processes that work on one command line together, on one machine or several. The normal build
 * has one (ranks_one.c), edgegrad-mpi as many as mpirun starts (ranks_mpi.c); nothing else knows of
 * MPI.
 *
 * Every rank calls the functions below in the same order, but for those that name their partner.
 * None of them fails: what cannot be mended (a rank has died, there is no memory) ends all ranks at
 * once.
 */
#ifndef CLI_RANKS_RANKS_H
#define CLI_RANKS_RANKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* First and last of all. */
void ranks_begin(int *argc, char ***argv);
void ranks_end(void);

int rank_number(void); /* 0 .. rank_count() - 1; the first is the one that prints */
int rank_count(void);
int rank_processors(void); /* this rank's share of the processors of its machine, at least 1 */

/* Copies `size` bytes of rank `from` to all others. */
void ranks_broadcast(void *bytes, size_t size, int from);

/* The largest and the least of all ranks' numbers, their sum, and whether any of them is true. */
int ranks_largest(int number);
int ranks_least(int number);
uint64_t ranks_sum(uint64_t number);
bool ranks_any(bool value);

/* Every rank gets the bytes of all of them, one behind the other in the order of the ranks: *all,
 * to be freed, of which sizes[i] are from rank i. The sizes may differ. */
void ranks_gather(const void *bytes, size_t size, void **all, size_t sizes[]);

/* To and from one other rank, which calls the other function with the same size. A short message
 * does not wait until it is received; a long one may. */
void rank_send(int to, const void *bytes, size_t size);
void rank_receive(int from, void *bytes, size_t size);

/* A rank whose message waits to be received; negative: there is none. */
int rank_waiting(void);

/* Both at a time: `out` goes to rank `to` while `in` comes from rank `from`; negative: nobody. */
void rank_exchange(int to, const void *out, int from, void *in, size_t size);

#endif
