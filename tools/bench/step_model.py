# SPDX-License-Identifier: MIT
"""A model of the thread pool: how long the measured steps of a command take on any number of cores.

The steps of a pipeline are scheduled as src/core/pipeline.c does: reading in order, then writing in
order, then computing the first strip that has been read, in a ring of 2 x threads + 1 slots. Pieces
that a step shares with other threads come first, as in src/core/thread_pool.c. The model knows no
cost of waking a thread and no limit of the memory's speed."""

import heapq
from dataclasses import dataclass, field

READ, COMPUTE, WRITE = range(3)


@dataclass
class Step:
    own: float  # ms on the thread that takes the step
    pieces: list = field(default_factory=list)  # ms of the pieces that other threads may take

    @property
    def ms(self):
        return self.own + sum(self.pieces)


@dataclass
class Pool:
    """A pipeline: the steps of each strip. `ms`: all of it on one thread."""

    threads: int
    ms: float
    steps: list

    def total(self, kind):
        return sum(strip[kind].ms for strip in self.steps)


@dataclass
class Loop:
    """Independent pieces."""

    threads: int
    ms: float
    pieces: list


def read_trace(path):
    """Returns the pools and loops of a command, in order, from the file that trace_steps wrote."""
    parts, strips = [], {}
    for line in path.read_text(encoding="ascii").splitlines():
        word, first, second, *rest = line.split()
        numbers = [float(text) for text in rest]
        if word == "job":
            steps = strips.setdefault(int(second), [Step(0), Step(0), Step(0)])
            steps[int(first)] = Step(numbers[0], numbers[1:])
        elif word == "pool":
            parts.append(Pool(int(first), float(second), [strips[k] for k in sorted(strips)]))
            strips = {}
        else:
            parts.append(Loop(int(first), float(second), numbers))
    return parts


# ---- one pipeline ------------------------------------------------------------------------------


@dataclass
class Share:
    """The pieces of a step, which any thread may take."""

    job: tuple
    pieces: list
    started: int = 0
    done: int = 0


class Simulation:
    """Runs a pipeline's steps on virtual threads: a queue of the times at which they end."""

    def __init__(self, pool, threads):
        self.steps, self.slots = pool.steps, 2 * threads + 1
        self.idle, self.now = threads, 0.0
        self.events, self.serial = [], 0
        self.shares = []
        self.next_read = self.next_write = 0
        self.reading = self.writing = False
        self.ready, self.computed = [], set()

    def run(self):
        while self.next_write < len(self.steps):
            self.start_all()
            self.now, _, finish = heapq.heappop(self.events)
            finish()
        return self.now

    def at(self, ms, finish):
        self.serial += 1  # so that equal times keep their order
        heapq.heappush(self.events, (self.now + ms, self.serial, finish))

    # ---- what a free thread takes ----

    def start_all(self):
        while self.idle and (self.start_piece() or self.start_step()):
            self.idle -= 1

    def start_piece(self):
        share = next((s for s in reversed(self.shares) if s.started < len(s.pieces)), None)
        if share:
            self.run_piece(share, owner=False)
        return share is not None

    def start_step(self):
        job = self.next_job()
        if job:
            kind, k = job
            self.at(self.steps[k][kind].own, lambda: self.own_done(job))
        return job is not None

    def next_job(self):
        free = self.next_read < len(self.steps) and self.next_read < self.next_write + self.slots
        if not self.reading and free:
            self.reading = True
            return READ, self.next_read
        if not self.writing and self.next_write in self.computed:
            self.writing = True
            return WRITE, self.next_write
        return (COMPUTE, heapq.heappop(self.ready)) if self.ready else None

    # ---- what happens at the end of it ----

    def own_done(self, job):
        kind, k = job
        if not self.steps[k][kind].pieces:
            self.complete(job)
            return
        share = Share(job, self.steps[k][kind].pieces)
        self.shares.append(share)
        self.run_piece(share, owner=True)

    def run_piece(self, share, owner):
        ms = share.pieces[share.started]
        share.started += 1
        self.at(ms, lambda: self.piece_done(share, owner))

    def piece_done(self, share, owner):
        share.done += 1
        if not owner:
            self.idle += 1
        elif share.started < len(share.pieces):
            self.run_piece(share, owner=True)
        if share.done == len(share.pieces):  # the owner waits for this
            self.shares.remove(share)
            self.complete(share.job)

    def complete(self, job):
        kind, k = job
        self.idle += 1
        if kind == READ:
            self.reading = False
            self.next_read += 1
            heapq.heappush(self.ready, k)
        elif kind == COMPUTE:
            self.computed.add(k)
        else:
            self.writing = False
            self.next_write += 1


# ---- a command ---------------------------------------------------------------------------------


def part_ms(part, threads):
    """Returns how long a pool or a loop takes. Small ones use one thread whatever there is."""
    if threads == 1 or part.threads == 1:
        return part.ms
    if isinstance(part, Pool):
        return Simulation(part, threads).run()
    ends = [0.0] * threads
    for ms in part.pieces:
        heapq.heapreplace(ends, ends[0] + ms)
    return max(ends)


def command_ms(parts, whole_ms, threads):
    """Returns how long a command takes that took `whole_ms` on one thread. What is in no part
    (start, headers, thresholds, closing files) stays on one thread."""
    outside = whole_ms - sum(part.ms for part in parts)
    return outside + sum(part_ms(part, threads) for part in parts)


def kinds_ms(parts, whole_ms):
    """Returns the work by kind: reading, computing, writing (pieces that a step shares count as
    computing), loops, and what is in none of them."""
    pools = [part for part in parts if isinstance(part, Pool)]
    sums = [sum(strip[kind].own for p in pools for strip in p.steps) for kind in range(3)]
    shared = sum(sum(s.pieces) for p in pools for strip in p.steps for s in strip)
    loops = sum(part.ms for part in parts if isinstance(part, Loop))
    sums[COMPUTE] += shared + loops
    return {
        "read": sums[READ],
        "compute": sums[COMPUTE],
        "write": sums[WRITE],
        "outside": whole_ms - sum(sums),
    }
