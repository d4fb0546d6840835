#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long keste attendance takes on a long journal.

    benchmarks/attendance.py KESTE INSTANCE PLAN --rows 500000 --scratch DIR

Makes a journal of the plan with planted faults beside a copy of the instance, then runs keste
attendance over it with and without pages, and prints wall time, CPU time and peak memory of each run.
Exits with 1 when the journal is shorter than asked for, a planted fault is not found, or a run takes
longer than --limit seconds.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import time

parser = argparse.ArgumentParser()
for name in ("keste", "instance", "plan"):
    parser.add_argument(name)
parser.add_argument("--rows", type=int, default=500_000)
parser.add_argument("--faults", type=int, default=100)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--runs", type=int, default=3)
parser.add_argument("--limit", type=float, default=10)
parser.add_argument("--scratch", required=True)
args = parser.parse_args()

instance = f"{args.scratch}/instance"
shutil.rmtree(instance, ignore_errors=True)
shutil.copytree(args.instance, instance)


def run(*arguments):
    """Output, wall seconds, CPU seconds and peak megabytes of a run."""
    began = time.monotonic()
    process = subprocess.Popen([args.keste, *arguments, "--json", "--quiet"], text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - began
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 1):
        sys.exit(f"{' '.join(arguments)}: exit {code}")
    return json.loads(output), seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


journal, *_ = run("journal", instance, args.plan, "-o", f"{instance}/attendance.csv",
                  "--rows", str(args.rows), "--faults", str(args.faults), "--seed", str(args.seed))
planted = journal["faults"]
# Classes without a journal may lie after the last date of a journal that is cut at so many rows.
RULES = {"wrongDate": ["attendance.dayOff", "attendance.noMeeting"], "foreignStudent": ["attendance.notMember"],
         "repeated": ["attendance.repeated"], "outsideTerm": ["attendance.outsideTerm"]}
print(f"{journal['entries']} entries, {os.path.getsize(f'{instance}/attendance.csv')} bytes; "
      f"planted: {planted}")
failed = journal["entries"] < args.rows
print("run,seconds,cpu,megabytes,findings")
for number in range(args.runs):
    for kind, options in (("figures", []), ("with lists", ["-o", f"{args.scratch}/register"])):
        found, seconds, cpu, memory = run("attendance", instance, args.plan, *options)
        counts = found["counts"]
        missing = {fault: count for fault, count in planted.items() if fault in RULES
                   and sum(counts.get(rule, 0) for rule in RULES[fault]) < count}
        failed = failed or bool(missing) or seconds > args.limit
        print(f"{number + 1} {kind},{seconds:.2f},{cpu:.2f},{memory:.0f},{sum(counts.values())}"
              + (f",not found: {missing}" if missing else ""), flush=True)
sys.exit(1 if failed else 0)
