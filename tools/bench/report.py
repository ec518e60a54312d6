# SPDX-License-Identifier: MIT
"""Output of the results: a table for people, JSON for programs."""

from measure import argv_of
from table import COPY


def number(value):
    digits = 0 if value >= 1000 else 1 if value >= 100 else 2 if value >= 10 else 3
    return f"{value:,.{digits}f}"


def print_machine(machine):
    print(f"{machine['cpu']}, {machine['cores']} core(s)")
    print(f"governor: {machine['governor']}; huge pages: {machine['huge_pages']}")
    for c in machine["copy"]:
        print(
            f"memcpy of {c['mb']} MB, {c['threads']} thread(s): {c['gb_s']:.1f} GB/s read and"
            f" written (slowest run {c['spread']:.1f}x the fastest)"
        )
    if machine["load"] > 0.3 * machine["cores"]:
        print(f"NOISY: the load was {machine['load']:.1f} before the first run")


def entry_columns(result, copying):
    entry = result.entry
    if not result.measured:
        return f"  {entry.name:<24} {result.trouble}"
    spread = f"{number(min(result.samples))} .. {number(max(result.samples))}"
    line = f"  {entry.name:<24} {number(result.ms):>9} ms  {spread:<19}"
    line += f" {len(result.samples):>2} runs"
    line += f"  CPU {number(result.cpu_ms):>6} ms"
    line += f" {entry.mp / result.ms * 1e3:7.0f} MP/s" if entry.mp else " " * 13
    line += f" {number(entry.files / result.ms * 1e3)} files/s" if entry.files else ""
    line += f" {result.peak_mb:7.0f} MB"
    if entry.mb:
        speed = entry.mb / result.ms
        line += f" {speed:6.2f} GB/s"
        line += f" = {100 * speed / copying:.0f} % of copying" if copying else ""
    if result.size:
        line += f"  {result.size / 1e6:.2f} MB written"
    return line


def check_line(check):
    line = f"  {check['what']:<42} {number(check['value']) + ' ' + check['unit']:>10}"
    line += f"   CPU {number(check['cpu']):>6} x" if check["cpu"] is not None else " " * 15
    if check["target"] is not None:
        verdict = {True: "met", False: "MISSED", None: "not judged, cores taken"}[check["met"]]
        line += f"   target {check['relation']} {check['target']:g}: {verdict}"
    return line


def print_case(case, results, checks, agreements, free):
    print(f"\n{case.name}: {case.title}")
    if free["short"]:
        print(f"  NOISY: only {free['least']:.2f} of {free['wanted']} core(s) were there for it")
    copy = results.get(COPY)
    copying = copy.entry.mb / copy.ms if copy and copy.measured else 0
    for result in results.values():
        print(entry_columns(result, copying))
    for check in checks:
        print(check_line(check))
    for agreement in agreements:
        print(f"  {agreement['what']}: {agreement['verdict']}")


def print_summary(cases, failures):
    rows = [(c["name"], k) for c in cases for k in c["checks"] if k["target"] is not None]
    if rows:
        print("\ntargets")
        for name, check in rows:
            print(f"  {name:<18}{check_line(check)[1:]}")
    for failure in failures:
        print(f"FAILED: {failure}")


def result_record(result):
    record = {"name": result.entry.name}
    if not result.measured:
        return record | {"trouble": result.trouble}
    record |= {
        "command": argv_of(result.entry),
        "ms": result.ms,
        "samples": result.samples,
        "cpu_ms": result.cpu_ms,
        "peak_mb": result.peak_mb,
    }
    if result.entry.mp:
        record["mp_s"] = result.entry.mp / result.ms * 1e3
    if result.entry.files:
        record["files_s"] = result.entry.files / result.ms * 1e3
    if result.entry.mb:
        record["gb_s"] = result.entry.mb / result.ms
    if result.size:
        record["bytes"] = result.size
    return record
