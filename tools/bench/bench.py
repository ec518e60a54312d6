#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures edgegrad against other programs and against lower bounds of the work.

`make bench` builds what this needs and runs it. Contestants of a case take turns; what is shown
is the median of their runs. Exit code 1: results that should agree do not, or edgegrad failed.
A missed goal is shown but is no failure. A case is measured again, up to
twice, if other programs used the cores meanwhile; if they still do, it is not judged."""

import argparse
import fnmatch
import json
import os
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True  # no __pycache__ outside the build folder

# pylint: disable=wrong-import-position
import measure
import peers
import pictures
import report
from cases import GIANT_SIDE, HARD_SIDE, Cases
from expression_cases import EXPRESSIONS, ExpressionCases
from folder_cases import FOLDERS, FolderCases, make_folders
from picture_cases import SIZES_GROUP, PictureCases
from terrain_cases import TERRAIN, TerrainCases, make_elevations

ENOUGH = 0.9  # share of the needed cores that must be free to judge the times of a case


def options():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--build", default="build", type=Path, help="what make's BUILD was")
    parser.add_argument(
        "--only", action="append", metavar="NAME", help="a case, a group, or 'canny-*'"
    )
    parser.add_argument("--list", action="store_true", help="the cases and their groups")
    parser.add_argument("--runs", type=int, metavar="N", help="runs of each program in a case [5]")
    parser.add_argument(
        "--turns", type=int, default=3, metavar="N", help="turns of a disturbed case, at most [3]"
    )
    parser.add_argument("--quick", action="store_true", help="fewer runs: a first impression")
    parser.add_argument("--large", action="store_true", help="also the cases of 100 megapixels and of a gigapixel")
    parser.add_argument(
        "--photos",
        type=Path,
        metavar="FOLDER",
        help="PNG photographs of one size [$EDGEGRAD_CORPUS/photos; else drawn scenes]",
    )
    parser.add_argument(
        "--realtime",
        action="store_true",
        help="take the cores from other programs, which stand still meanwhile (needs root)",
    )
    parser.add_argument("--json", action="store_true", help="JSON on standard output, no table")
    chosen = parser.parse_args()
    if (chosen.runs is not None and chosen.runs < 1) or chosen.turns < 1:
        parser.error("--runs and --turns must be at least 1")
    return chosen


def is_named(case, names, large):
    """Returns whether the case was asked for. The name of a group asks for its large cases only
    with --large."""
    words = (case.name, case.group) if large or not case.large else (case.name,)
    return any(fnmatch.fnmatchcase(word, n) for n in names for word in words)


def choose(cases, chosen):
    if chosen.only:
        unknown = [n for n in chosen.only if not any(is_named(c, [n], True) for c in cases)]
        if unknown:
            sys.exit(f"bench: no case or group is called {', '.join(unknown)} (see --list)")
        return [c for c in cases if is_named(c, chosen.only, chosen.large)]
    return [c for c in cases if chosen.large or not c.large]


def make_inputs(programs, data, chosen, cases):
    """Makes the files that the cases read. Returns a description of the pictures."""
    sources = pictures.input_sources()
    groups = {case.group for case in cases}
    sizes = {case.size for case in cases if case.size}
    others = groups - {TERRAIN, EXPRESSIONS, FOLDERS, SIZES_GROUP}
    if others:
        sizes.add(pictures.USUAL)
    if TERRAIN in groups:
        make_elevations(programs, data)
    images = pictures.tiles(programs, data, chosen.photos) if sizes or FOLDERS in groups else []
    if FOLDERS in groups:
        make_folders(programs, sources, data, images)
    for size in sorted(sizes):
        pictures.make_mosaic(programs, data, size, images)
    for name in ("spiral", "serpentine", "noise", "faint") if others else ():
        file = f"{name}.pgm"
        measure.prepare(programs, sources, data, [file], [name, data / file, HARD_SIDE])
    if others and any(case.large for case in cases):
        arguments = ["giant", data / "giant.png", GIANT_SIDE, data / "photo.pgm"]
        measure.prepare(programs, sources, data, ["giant.png"], arguments)
    return pictures.describe(data, sorted(sizes), images) if images else {}


def memory_folder():
    """Returns the parent of the folders of files: a file system in memory, if available. On disk
    the time for a thousand small files depends on earlier deletions."""
    shared = "/dev/shm"
    return shared if os.path.isdir(shared) and os.access(shared, os.W_OK) else None


def is_met(value, relation, target):
    if target is None:
        return None
    return value >= target if relation == ">=" else value <= target


def judged(value, relation, goal, may_judge):
    """Returns a number with its goal and, if the number may be judged, whether it is met."""
    return {
        "value": value,
        "target": goal.target,
        "stretch": goal.stretch,
        "met": is_met(value, relation, goal.target) if may_judge else None,
        "stretch_met": is_met(value, relation, goal.stretch) if may_judge else None,
    }


def run_check(check, results, short):
    """Returns None if a result that the check needs is missing. `cpu`: the same number of the
    processor times."""
    present = {name: r for name, r in results.items() if r.measured}
    may_judge = not (check.timed and short)
    try:
        record = judged(check.value(present), check.relation, check.goal, may_judge)
        cpu = check.cpu(present) if check.cpu else None
    except KeyError:
        return None
    record |= {"what": check.what, "unit": check.unit, "relation": check.relation, "cpu": None}
    if cpu is not None:
        record["cpu"] = judged(cpu, check.relation, check.cpu_goal, may_judge)
    return record


def run_agreement(agreement, results, meter):
    try:
        trouble = meter.differ(agreement, results)
    except measure.Failed as failure:
        return {"what": agreement.what, "verdict": f"not compared: {failure}", "failed": False}
    verdict = f"NO: {trouble}" if trouble else "yes"
    return {"what": agreement.what, "verdict": verdict, "failed": bool(trouble)}


def measure_case(case, meter, machine, chosen):
    """Runs the entries, and again if other programs used the cores meanwhile. Returns the results
    of the last turn and how many cores were free for it."""
    wanted = case.threads or machine["cores"]
    for turn in range(1, chosen.turns + 1):
        before, others = measure.cores_free(meter.programs, wanted), measure.Others()
        results = meter.entries(case)
        during = others.left(wanted)
        least = min(before, during, measure.cores_free(meter.programs, wanted))
        if chosen.realtime:  # others use only what the programs leave
            least = wanted
        short = least < ENOUGH * wanted
        if not short:
            break
    return results, {"wanted": wanted, "least": least, "short": short, "turns": turn}


def run_case(case, meter, machine, chosen, failures):
    results, free = measure_case(case, meter, machine, chosen)
    checks = [run_check(check, results, free["short"]) for check in case.checks]
    checks = [c for c in checks if c]
    agreements = [run_agreement(a, results, meter) for a in case.agreements]
    meter.clear(case)
    for result in results.values():
        if result.trouble and not result.entry.peer:
            failures.append(f"{case.name}: {result.entry.name} {result.trouble}")
    failures += [f"{case.name}: {a['what']}: {a['verdict']}" for a in agreements if a["failed"]]
    if not chosen.json:
        report.print_case(case, results, checks, agreements, free)
        sys.stdout.flush()
    return {
        "name": case.name,
        "group": case.group,
        "title": case.title,
        "cores": free,
        "results": [report.result_record(r) for r in results.values()],
        "checks": checks,
        "agreements": agreements,
    }


def check_built(programs, edgegrad):
    needed = ("inputs", "elevations", "floors", "compare", "launch", "run_edgegrad")
    missing = [str(p) for p in (edgegrad, *(programs / n for n in needed)) if not p.exists()]
    if missing:
        sys.exit(f"bench: not built: {', '.join(missing)}; use make bench")


def run_all(chosen, programs, scratch, cases, images):
    rounds = chosen.runs or (3 if chosen.quick else 5)
    meter = measure.Measure(programs, scratch, rounds, chosen.quick)
    machine = measure.machine(programs, 7 if chosen.quick else 25)
    machine["versions"] = peers.versions(programs, chosen.build.resolve() / "edgegrad")
    machine["pictures"] = images
    failures = []
    if not chosen.json:
        report.print_machine(machine)
    records = [run_case(case, meter, machine, chosen, failures) for case in cases]
    machine["load_after"] = os.getloadavg()[0]
    if chosen.json:
        whole = {"machine": machine, "cases": records, "failures": failures}
        print(json.dumps(whole, indent=2))
    else:
        report.print_summary(records, failures)
        print(f"load: {machine['load']:.1f} before, {machine['load_after']:.1f} after")
    return 1 if failures else 0


def main():
    chosen = options()
    build = chosen.build.resolve()
    programs, data, edgegrad = build / "bench", build / "bench/data", build / "edgegrad"
    reps, starts = (3, 15) if chosen.quick else (7, 50)
    with (
        tempfile.TemporaryDirectory(dir=programs if programs.exists() else None) as folder,
        tempfile.TemporaryDirectory(dir=memory_folder(), prefix="edgegrad-bench-") as outputs,
    ):
        scratch = Path(folder)
        paths = (programs, edgegrad, data, scratch)
        table = [
            *Cases(*paths, reps=reps, start_runs=starts).all(),
            *PictureCases(*paths, reps=reps).all(),
            *TerrainCases(*paths, reps=reps).all(),
            *ExpressionCases(*paths, reps).all(),
            *FolderCases(*paths, outputs=Path(outputs)).all(),
        ]
        if chosen.list:
            for case in table:
                print(f"{case.name:<24} {case.group:<9} {case.title}{' (--large)' * case.large}")
            return 0
        check_built(programs, edgegrad)
        cases = choose(table, chosen)
        images = make_inputs(programs, data, chosen, cases)
        if chosen.realtime:
            measure.run_before_others()
        return run_all(chosen, programs, scratch, cases, images)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except measure.Failed as failed:
        sys.exit(f"bench: {failed}")
    except KeyboardInterrupt:
        sys.exit(130)
