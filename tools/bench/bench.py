#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures edgegrad against other programs and against lower bounds of the work.

`make bench` builds what this needs and runs it. Contestants of a case take turns; what is shown
is the median of their runs. Exit code 1: results that should agree do not, or edgegrad failed.
A missed target is shown but is no failure; it is not judged while other
programs use the cores."""

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
import report
from cases import GIANT_SIDE, HARD_SIDE, HEIGHT, WIDTH, Cases
from expression_cases import EXPRESSIONS, ExpressionCases
from folder_cases import FOLDERS, FolderCases, make_folders
from terrain_cases import DEM_SIDE, SMALL_SIDE, TERRAIN, TerrainCases

ENOUGH = 0.9  # share of the needed cores that must be free to judge the times of a case
TOP = Path(__file__).resolve().parent.parent.parent


def options():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--build", default="build", type=Path, help="what make's BUILD was")
    parser.add_argument(
        "--only", action="append", metavar="NAME", help="a case, a group, or 'canny-*'"
    )
    parser.add_argument("--list", action="store_true", help="the cases and their groups")
    parser.add_argument("--runs", type=int, metavar="N", help="turns of each case [5]")
    parser.add_argument("--quick", action="store_true", help="fewer runs: a first impression")
    parser.add_argument("--large", action="store_true", help="also the gigapixel cases")
    parser.add_argument("--json", action="store_true", help="JSON on standard output, no table")
    chosen = parser.parse_args()
    if chosen.runs is not None and chosen.runs < 1:
        parser.error("--runs must be at least 1")
    return chosen


def is_named(case, names):
    return any(fnmatch.fnmatchcase(word, n) for n in names for word in (case.name, case.group))


def choose(cases, chosen):
    if chosen.only:
        unknown = [n for n in chosen.only if not any(is_named(c, [n]) for c in cases)]
        if unknown:
            sys.exit(f"bench: no case or group is called {', '.join(unknown)} (see --list)")
        return [c for c in cases if is_named(c, chosen.only)]
    return [c for c in cases if chosen.large or not c.large]


def photographs():
    """Returns the photographs of the corpus, or the one image in testdata/."""
    corpus = Path(os.environ.get("EDGEGRAD_CORPUS", TOP / "../shared/data"))
    return sorted((corpus / "photos").glob("*.png")) or [TOP / "testdata/scene.png"]


def make_inputs(programs, data, large):
    source = Path(__file__).parent / "inputs.c"
    photo = ["photo.pgm", "photo-grey.png", "photo-rgb.png", "photo.jpg", "small.png"]
    measure.prepare(programs, source, data, photo, ["photo", data, WIDTH, HEIGHT, *photographs()])
    for name in ("spiral", "serpentine", "noise", "faint"):
        file = f"{name}.pgm"
        measure.prepare(programs, source, data, [file], [name, data / file, HARD_SIDE])
    if large:
        arguments = ["giant", data / "giant.png", GIANT_SIDE, data / "photo.pgm"]
        measure.prepare(programs, source, data, ["giant.png"], arguments)


def make_elevations(programs, data):
    source = Path(__file__).parent / "elevations.c"
    rows = (
        ("dem.tif", "strips", DEM_SIDE),
        ("dem-small.tif", "strips", SMALL_SIDE),
        ("dem-deflate.tif", "tiles", DEM_SIDE),
    )
    for file, kind, side in rows:
        measure.prepare(programs, source, data, [file], [kind, data / file, side])


def memory_folder():
    """Returns the parent of the folders of files: a file system in memory, if available. On disk
    the time for a thousand small files depends on earlier deletions."""
    shared = "/dev/shm"
    return shared if os.path.isdir(shared) and os.access(shared, os.W_OK) else None


def run_check(check, results, short):
    """Returns None if a result that the check needs is missing."""
    present = {name: r for name, r in results.items() if r.measured}
    try:
        value = check.value(present)
        cpu = check.cpu(present) if check.cpu else None
    except KeyError:
        return None
    met = None
    if check.target is not None and not (check.timed and short):
        met = value >= check.target if check.relation == ">=" else value <= check.target
    return {
        "what": check.what,
        "value": value,
        "cpu": cpu,
        "unit": check.unit,
        "relation": check.relation,
        "target": check.target,
        "met": met,
    }


def run_agreement(agreement, results, meter):
    try:
        trouble = meter.differ(agreement, results)
    except measure.Failed as failure:
        return {"what": agreement.what, "verdict": f"not compared: {failure}", "failed": False}
    verdict = f"NO: {trouble}" if trouble else "yes"
    return {"what": agreement.what, "verdict": verdict, "failed": bool(trouble)}


def run_case(case, meter, machine, chosen, failures):
    wanted = case.threads or machine["cores"]
    before = measure.cores_free(meter.programs, wanted)
    results = meter.entries(case)
    least = min(before, measure.cores_free(meter.programs, wanted))
    free = {"wanted": wanted, "least": least, "short": least < ENOUGH * wanted}
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


def run_all(chosen, programs, scratch, cases):
    rounds = chosen.runs or (3 if chosen.quick else 5)
    meter = measure.Measure(programs, scratch, rounds, chosen.quick)
    machine = measure.machine(programs, 7 if chosen.quick else 25)
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
            *TerrainCases(*paths, reps=reps).all(),
            *ExpressionCases(*paths, reps).all(),
            *FolderCases(*paths, outputs=Path(outputs)).all(),
        ]
        if chosen.list:
            for case in table:
                print(f"{case.name:<22} {case.group:<9} {case.title}{' (--large)' * case.large}")
            return 0
        check_built(programs, edgegrad)
        cases = choose(table, chosen)
        groups = {case.group for case in cases}
        if TERRAIN in groups:
            make_elevations(programs, data)
        if FOLDERS in groups:
            make_folders(programs, Path(__file__).parent / "inputs.c", data, photographs())
        if groups - {TERRAIN, EXPRESSIONS, FOLDERS}:
            make_inputs(programs, data, any(case.large for case in cases))
        return run_all(chosen, programs, scratch, cases)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except measure.Failed as failed:
        sys.exit(f"bench: {failed}")
    except KeyboardInterrupt:
        sys.exit(130)
