/* SPDX-License-Identifier: MIT */
/* The normal build: a single rank. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/ranks/ranks.h"

void ranks_begin(int *argc, char ***argv)
{
    (void)argc, (void)argv;
}

void ranks_end(void)
{
}

int rank_number(void)
{
    return 0;
}

int rank_count(void)
{
    return 1;
}

int rank_processors(void)
{
    return processors();
}

void ranks_broadcast(void *bytes, size_t size, int from)
{
    (void)bytes, (void)size, (void)from;
}

int ranks_largest(int number)
{
    return number;
}

int ranks_least(int number)
{
    return number;
}

uint64_t ranks_sum(uint64_t number)
{
    return number;
}

bool ranks_any(bool value)
{
    return value;
}

void ranks_gather(const void *bytes, size_t size, void **all, size_t sizes[])
{
    *all = malloc(size + 1);
    if (!*all) {
        message("out of memory");
        exit(EXIT_LIMIT);
    }
    memcpy(*all, bytes, size);
    sizes[0] = size;
}

/* With a single rank nothing is ever sent. */
void rank_send(int to, const void *bytes, size_t size)
{
    (void)to, (void)bytes, (void)size;
}

void rank_receive(int from, void *bytes, size_t size)
{
    (void)from;
    memset(bytes, 0, size);
}

int rank_waiting(void)
{
    return -1;
}

void rank_exchange(int to, const void *out, int from, void *in, size_t size)
{
    (void)to, (void)out, (void)from, (void)in, (void)size;
}

bool ranks_use_network(void)
{
    return false;
}
