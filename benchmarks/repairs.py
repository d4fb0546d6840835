#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random disruptions of a plan in force: how long a repair takes, how many meetings move, whether
the number is proved, and what the referee says of each repaired plan.

    benchmarks/repairs.py KESTE INSTANCE PLAN REFEREE --count 50 --seed 1 --scratch DIR

Of the disruptions half close a room that is used for the whole term, three tenths take a teacher out
on one weekday, one fifth for the whole term. KESTE is the program, REFEREE a script that takes an
instance and a plan and exits with 0 when the plan keeps every rule.
"""
import argparse
import csv
import json
import random
import resource
import shutil
import subprocess
import sys
import time

parser = argparse.ArgumentParser()
for name in ("keste", "instance", "plan", "referee"):
    parser.add_argument(name)
parser.add_argument("--count", type=int, default=50)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--time-limit", type=float, default=30)
parser.add_argument("--scratch", required=True)
args = parser.parse_args()


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        head = file.readline()
        file.seek(0)
        mark = max(",;\t", key=head.count)
        return list(csv.DictReader(file, delimiter=mark))


meetings = rows(f"{args.plan}/meetings.csv")
work = {row["task"]: row for row in rows(f"{args.plan}/load.csv")}
holder = {}
for row in rows(f"{args.plan}/assignments.csv"):
    task = work[row["task"]]
    if row["teacher"] and task["work"] in ("lecture", "practice", "lab"):
        holder[task["section"]] = row["teacher"]
used_rooms = sorted({row["room"] for row in meetings if row["room"]})
teacher_days = sorted({(holder[row["section"]], row["day"]) for row in meetings
                       if row["section"] in holder})
teachers = sorted({teacher for teacher, _ in teacher_days})

random.seed(args.seed)
print("number,disruption,seconds,cpu,exit,valid,referee,forced,moved,bound,proved,reassigned,vacant")
total = []
for number in range(args.count):
    share = number / args.count
    if share < 0.5:
        room = random.choice(used_rooms)
        options, label = ["--close-room", room], f"room {room}"
    elif share < 0.8:
        teacher, day = random.choice(teacher_days)
        options, label = ["--absent", teacher, "--days", day], f"teacher {teacher} on {day}"
    else:
        teacher = random.choice(teachers)
        options, label = ["--absent", teacher], f"teacher {teacher}"
    target = f"{args.scratch}/repair"
    shutil.rmtree(target, ignore_errors=True)
    began = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [args.keste, "repair", args.instance, args.plan, "-o", target, "--json", "--quiet",
         "--time-limit", str(args.time_limit)] + options,
        capture_output=True, text=True)
    seconds = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if done.returncode not in (0, 1):
        sys.exit(f"{label}: exit {done.returncode}\n{done.stderr}")
    found = json.loads(done.stdout)
    judged = subprocess.run(
        [sys.executable, args.referee, f"{target}/instance", f"{target}/plan"],
        capture_output=True, text=True)
    total.append((seconds, found["valid"], judged.returncode == 0, found["proved"]))
    print(",".join(str(value) for value in (
        number + 1, label, f"{seconds:.2f}", f"{cpu:.2f}", done.returncode, found["valid"],
        "valid" if judged.returncode == 0 else "NOT VALID", len(found["forced"]),
        len(found["moved"]), found["bound"], found["proved"], len(found["reassigned"]),
        sum(1 for row in found["reassigned"] if row.get("to") is None))), flush=True)
times = sorted(row[0] for row in total)
print(f"# median {times[len(times) // 2]:.2f} s, longest {times[-1]:.2f} s, "
      f"valid {sum(row[1] for row in total)}, referee {sum(row[2] for row in total)}, "
      f"proved {sum(row[3] for row in total)} of {len(total)}")
