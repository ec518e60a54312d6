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
    print(", ".join(f"{name} {text}" for name, text in machine["versions"].items()))
    if machine["pictures"]:
        print(f"pictures: mosaics of {machine['pictures']['tiles']}")
    for name, size in machine["pictures"].get("bytes", {}).items():
        print(f"  {name:<24} {size / 1e6:7.2f} MB")
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


def goal_text(record, relation):
    """Returns the goal of a number, in brackets the closer one, and whether it is met."""
    if record["target"] is None:
        return ""
    text = f"goal {relation} {record['target']:g}"
    text += f" ({record['stretch']:g})" if record["stretch"] is not None else ""
    verdict = {True: "met", False: "MISSED", None: "not judged, cores taken"}[record["met"]]
    return f"{text}: {'met, the closer one too' if record['stretch_met'] else verdict}"


def check_line(check):
    relation, cpu = check["relation"], check["cpu"]
    line = f"  {check['what']:<42} {number(check['value']) + ' ' + check['unit']:>10}"
    line += f"  {goal_text(check, relation):<30}"
    if cpu is not None:
        line += f"  CPU {number(cpu['value']):>6} {check['unit']}  {goal_text(cpu, relation)}"
    return line.rstrip()


def print_case(case, results, checks, agreements, free):
    print(f"\n{case.name}: {case.title}")
    if free["short"]:
        print(
            f"  NOISY: only {free['least']:.2f} of {free['wanted']} core(s) were there for it,"
            f" measured {free['turns']} times"
        )
    copy = results.get(COPY)
    copying = copy.entry.mb / copy.ms if copy and copy.measured else 0
    for result in results.values():
        print(entry_columns(result, copying))
    for check in checks:
        print(check_line(check))
    for agreement in agreements:
        print(f"  {agreement['what']}: {agreement['verdict']}")


def has_goal(check):
    return check["target"] is not None or (check["cpu"] and check["cpu"]["target"] is not None)


def print_summary(cases, failures):
    rows = [(c["name"], k) for c in cases for k in c["checks"] if has_goal(k)]
    if rows:
        print("\ngoals, in brackets the closer one")
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
