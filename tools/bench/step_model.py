# SPDX-License-Identifier: MIT
"""A model of the thread pool: how long the measured steps of a command take on any number of cores.

The steps of a pipeline are scheduled as src/core/pipeline.c does: reading in order, then writing in
order, then computing the first strip that has been read, in a ring of 2 x threads + 1 slots. Pieces
that a step shares with other threads come first, as in src/core/thread_pool.c. Blocks are produced
by one more thread, as in src/core/read_ahead.c. No more steps, pieces and blocks run at a time than
there are cores. The model knows no cost of waking a thread and no limit of the memory's speed."""

import heapq
from dataclasses import dataclass, field

READ, COMPUTE, WRITE = range(3)
RING = 4  # blocks of a read-ahead


@dataclass
class Step:
    own: float  # ms on the thread that takes the step
    pieces: list = field(default_factory=list)  # ms of the pieces that other threads may take
    blocks: list = field(default_factory=list)  # ms of the blocks that it takes, produced ahead


@dataclass
class Pool:
    """A pipeline: the steps of each strip. `ms`: all of it on one thread."""

    threads: int
    ms: float
    steps: list


@dataclass
class Loop:
    """Independent pieces."""

    threads: int
    ms: float
    pieces: list


def read_trace(path):
    """Returns the pools and loops of a command, in order, from the file that trace_steps wrote."""
    parts, strips, blocks = [], {}, []
    for line in path.read_text(encoding="ascii").splitlines():
        word, *texts = line.split()
        if word == "block":
            blocks.append(float(texts[0]))
        elif word == "job":
            steps = strips.setdefault(int(texts[1]), [Step(0), Step(0), Step(0)])
            own, *pieces = map(float, texts[2:])
            steps[int(texts[0])] = Step(own, pieces, blocks)
            blocks = []
        elif word == "pool":
            steps = [strips[k] for k in sorted(strips)]
            parts.append(Pool(int(texts[0]), float(texts[1]), steps))
            strips = {}
        else:
            parts.append(Loop(int(texts[0]), float(texts[1]), [float(t) for t in texts[2:]]))
    return parts


# ---- one pipeline ------------------------------------------------------------------------------


@dataclass
class Share:
    """The pieces of a step, which any thread may take."""

    job: tuple
    pieces: list
    started: int = 0
    done: int = 0


class ReadAhead:
    """The blocks of all strips, in order, and how far they are."""

    def __init__(self, steps):
        self.blocks = [ms for strip in steps for ms in strip[READ].blocks]
        self.filled = self.taken = 0
        self.producing = False

    def may_produce(self):
        # The block taken last is in use until the next one is taken.
        in_ring = self.filled - max(self.taken - 1, 0)
        return not self.producing and self.filled < len(self.blocks) and in_ring < RING


class Simulation:
    """Runs a pipeline's steps on virtual cores: a queue of the times at which they end."""

    def __init__(self, pool, threads):
        self.steps, self.slots = pool.steps, 2 * threads + 1
        self.cores = self.threads = threads  # that are free
        self.now, self.events, self.serial = 0.0, [], 0
        self.shares = []
        self.next_read = self.next_write = 0
        self.reading = self.writing = False
        self.ready, self.computed = [], set()
        self.ahead = ReadAhead(pool.steps)
        self.waiting = 0  # blocks that the strip being read has not used yet
        self.using = False  # while one of them is used

    def run(self):
        while self.next_write < len(self.steps):
            while self.cores and self.start_one():
                pass
            self.now, _, finish = heapq.heappop(self.events)
            self.cores += 1
            finish()
        return self.now

    def work(self, ms, finish):
        """Occupies a core."""
        self.cores -= 1
        self.serial += 1  # so that equal times keep their order
        heapq.heappush(self.events, (self.now + ms, self.serial, finish))

    # ---- what a free core takes ----

    def start_one(self):
        if self.ahead.may_produce():
            self.ahead.producing = True
            self.work(self.ahead.blocks[self.ahead.filled], self.block_done)
            return True
        if self.waiting and not self.using and self.ahead.filled > self.ahead.taken:
            self.using = True
            self.ahead.taken += 1
            step = self.steps[self.next_read][READ]
            self.work(step.own / len(step.blocks), self.block_used)
            return True
        return self.threads > 0 and (self.start_piece() or self.start_step())

    def start_piece(self):
        share = next((s for s in reversed(self.shares) if s.started < len(s.pieces)), None)
        if not share:
            return False
        self.threads -= 1
        self.run_piece(share, owner=False)
        return True

    def start_step(self):
        job = self.next_job()
        if not job:
            return False
        kind, k = job
        self.threads -= 1
        if self.steps[k][kind].blocks:
            self.waiting = len(self.steps[k][kind].blocks)
        else:
            self.work(self.steps[k][kind].own, lambda: self.own_done(job))
        return True

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

    def block_done(self):
        self.ahead.filled += 1
        self.ahead.producing = False

    def block_used(self):
        self.using = False
        self.waiting -= 1
        if not self.waiting:
            self.own_done((READ, self.next_read))

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
        self.work(ms, lambda: self.piece_done(share, owner))

    def piece_done(self, share, owner):
        share.done += 1
        if not owner:
            self.threads += 1
        elif share.started < len(share.pieces):
            self.run_piece(share, owner=True)
        if share.done == len(share.pieces):  # the owner waits for this
            self.shares.remove(share)
            self.complete(share.job)

    def complete(self, job):
        kind, k = job
        self.threads += 1
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
    """Returns the work by kind: blocks produced ahead, reading, computing (with the pieces that
    steps share, and loops), writing, and what is in none of them. But for computing, no two of a
    kind run at the same time."""
    strips = [strip for part in parts if isinstance(part, Pool) for strip in part.steps]
    ahead = sum(sum(strip[READ].blocks) for strip in strips)
    read, compute, write = (sum(strip[kind].own for strip in strips) for kind in range(3))
    compute += sum(sum(step.pieces) for strip in strips for step in strip)
    compute += sum(part.ms for part in parts if isinstance(part, Loop))
    outside = whole_ms - ahead - read - compute - write
    return {"ahead": ahead, "read": read, "compute": compute, "write": write, "outside": outside}
