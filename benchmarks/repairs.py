#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random disruptions of a plan in force: how long a repair takes, how many meetings move, whether the
number is proved, what the choice among plans that move as few saves, and how long advice for one class
and a move take.

    swift build -c release --product keste
    benchmarks/repairs.py --scratch DIR [--referee check_plan.py]

Of the disruptions half close a room that is used for the whole term, three tenths take a teacher out on
one weekday, one fifth for the whole term. After each, `keste suggest` is asked about one class and
`keste move` puts it at the best place that breaks nothing. REFEREE is a script that takes an instance
and a plan and exits with 0 when the plan keeps every rule: it judges every repaired and every moved
plan.

The plan in force is made first, where none is named (--plan). DIR/repairs.csv has a row for each
disruption; a run that was broken off goes on from it. DIR/summary.csv has the median, the 90th
percentile and the worst. Exit status: 0; 1 where a repair failed, or where the referee refuses a plan that
keste calls valid. Disruptions after which keste has no valid plan, as of the only room of its kind, are
listed by themselves.
"""
import argparse
import csv
import hashlib
import json
import math
import os
import random
import resource
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
parser = argparse.ArgumentParser(description="Random disruptions of a plan in force.")
parser.add_argument("--keste", default=os.path.join(HERE, "..", ".build", "release", "keste"))
parser.add_argument("--instance", default=os.path.join(HERE, "..", "instances", "aues-full"))
parser.add_argument("--plan", help="the plan in force; made first where none is named")
parser.add_argument("--plan-seconds", type=float, default=120, help="for the plan that is made")
parser.add_argument("--referee")
parser.add_argument("--count", type=int, default=50, help="how many disruptions (of --of)")
parser.add_argument("--of", type=int, default=50, help="how many are drawn")
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--time-limit", type=float, default=30)
parser.add_argument("--scratch", required=True)
args = parser.parse_args()
os.makedirs(args.scratch, exist_ok=True)


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        head = file.readline()
        file.seek(0)
        mark = max(",;\t", key=head.count)
        return list(csv.DictReader(file, delimiter=mark))


def timed(*command):
    """Runs a command: its result, seconds of wall time, seconds of CPU."""
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done, time.monotonic() - began, cpu


def judged(instance, plan):
    if not args.referee:
        return "not asked"
    done = subprocess.run([sys.executable, args.referee, instance, plan], capture_output=True, text=True)
    return "valid" if done.returncode == 0 else "NOT VALID"


plan = args.plan
if not plan:
    plan = os.path.join(args.scratch, "in-force")
    if not os.path.exists(os.path.join(plan, "meetings.csv")):
        print(f"making the plan in force ({args.plan_seconds:g} s and more)", file=sys.stderr)
        done = subprocess.run([args.keste, "plan", args.instance, "-o", plan, "--quiet",
                               "--time-limit", f"{args.plan_seconds:g}"])
        if done.returncode != 0:
            sys.exit(f"the plan in force could not be made: exit {done.returncode}")
if args.referee and judged(args.instance, plan) != "valid":
    sys.exit("the referee refuses the plan in force")

meetings = rows(f"{plan}/meetings.csv")
work = {row["task"]: row for row in rows(f"{plan}/load.csv")}
holder = {}
for row in rows(f"{plan}/assignments.csv"):
    task = work[row["task"]]
    if row["teacher"] and task["work"] in ("lecture", "practice", "lab"):
        holder[task["section"]] = row["teacher"]
used_rooms = sorted({row["room"] for row in meetings if row["room"]})
teacher_days = sorted({(holder[row["section"]], row["day"]) for row in meetings
                       if row["section"] in holder})
teachers = sorted({teacher for teacher, _ in teacher_days})

# All are drawn at once: a run that goes on has the same ones.
random.seed(args.seed)
disruptions = []
for number in range(args.of):
    share = number / args.of
    if share < 0.5:
        room = random.choice(used_rooms)
        disruptions.append(("room", ["--close-room", room], f"room {room}"))
    elif share < 0.8:
        teacher, day = random.choice(teacher_days)
        disruptions.append(("teacher, a weekday", ["--absent", teacher, "--days", day],
                            f"teacher {teacher} on {day}"))
    else:
        teacher = random.choice(teachers)
        disruptions.append(("teacher, the term", ["--absent", teacher], f"teacher {teacher}"))
asked = [random.choice(meetings)["meeting"] for _ in disruptions]
# Fewer than all of them are spread over all: every kind is tried from about five on.
count = min(args.count, args.of)
chosen = [i * args.of // count for i in range(count)]

COLUMNS = ("number kind disruption seconds cpu exit valid referee forced moved unplaced bound proved reassigned vacant "
           "objective_before objective_after saved conflicts_before conflicts_after asked suggest_seconds "
           "move_seconds move_referee").split()
table = os.path.join(args.scratch, "repairs.csv")
with open(f"{plan}/meetings.csv", "rb") as file:
    plan_key = hashlib.sha256(file.read()).hexdigest()
key = json.dumps([os.path.realpath(args.keste), os.path.getmtime(args.keste), os.path.realpath(args.instance),
                  plan_key, args.of, args.seed, args.time_limit, args.referee or ""])
known = os.path.join(args.scratch, "repairs.key")
done_before = {}
if os.path.exists(table) and os.path.exists(known) and open(known).read() == key:
    done_before = {row["number"]: row for row in rows(table)}
else:
    with open(table, "w", newline="") as file:
        csv.writer(file).writerow(COLUMNS)
    with open(known, "w") as file:
        file.write(key)


def repaired(number):
    kind, options, label = disruptions[number]
    target = f"{args.scratch}/repair"
    shutil.rmtree(target, ignore_errors=True)
    done, seconds, cpu = timed(args.keste, "repair", args.instance, plan, "-o", target, "--json", "--quiet",
                               "--time-limit", f"{args.time_limit:g}", *options)
    row = dict(number=number + 1, kind=kind, disruption=label, seconds=f"{seconds:.2f}", cpu=f"{cpu:.2f}",
               exit=done.returncode)
    if done.returncode not in (0, 1):
        print(done.stderr, file=sys.stderr)
        return row
    found = json.loads(done.stdout)
    row.update(
        valid=found["valid"], referee=judged(f"{target}/instance", f"{target}/plan"),
        forced=len(found["forced"]), moved=len(found["moved"]), unplaced=len(found["unplaced"]),
        bound=found["bound"], proved=found["proved"],
        reassigned=len(found["reassigned"]),
        vacant=sum(1 for change in found["reassigned"] if change.get("to") is None),
        objective_before=found["objective"]["before"], objective_after=found["objective"]["after"],
        saved=round(found["objective"]["saved"], 2),
        conflicts_before=found["student_conflict"]["before"],
        conflicts_after=found["student_conflict"]["after"])
    return row


def advised(number):
    """Advice for one class, and the best move of it that breaks nothing."""
    meeting = asked[number]
    done, seconds, _ = timed(args.keste, "suggest", args.instance, plan, "--meeting", meeting, "--json", "--quiet",
                             "--top", "0")
    row = dict(asked=meeting, suggest_seconds=f"{seconds:.2f}")
    if done.returncode != 0:
        row["move_referee"] = f"suggest: exit {done.returncode}"
        return row
    places = [place for place in json.loads(done.stdout)["meetings"][0]["places"] if not place["breaks"]]
    if not places:
        row["move_referee"] = "no place"
        return row
    best = places[0]["place"]
    target = f"{args.scratch}/moved"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(plan, target)
    to = f"{best['day']} {best['slot']}" + (f" {best['room']}" if best.get("room") else "")
    done, seconds, _ = timed(args.keste, "move", args.instance, target, "--meeting", meeting, "--to", to,
                             "--weeks", best["weeks"], "--length", str(best["length"]), "--quiet")
    row["move_seconds"] = f"{seconds:.2f}"
    row["move_referee"] = (judged(args.instance, target) if done.returncode == 0
                           else f"move: exit {done.returncode}")
    return row


for number in chosen:
    if str(number + 1) in done_before:
        continue
    row = repaired(number) | advised(number)
    with open(table, "a", newline="") as file:
        csv.DictWriter(file, COLUMNS, restval="").writerow(row)
    print(", ".join(str(row.get(name, "")) for name in COLUMNS), flush=True)


def ranks(values):
    """Median, 90th percentile (nearest rank) and the most."""
    values = sorted(values)
    if not values:
        return "", "", ""
    return tuple(round(values[max(0, math.ceil(share * len(values)) - 1)], 2) for share in (0.5, 0.9, 1))


wanted = {str(number + 1) for number in chosen}
everything = [row for row in rows(table) if row["number"] in wanted]
summary = []
for kind in ["room", "teacher, a weekday", "teacher, the term", "all"]:
    own = [row for row in everything if kind in (row["kind"], "all")]
    good = [row for row in own if row["exit"] in ("0", "1")]
    line = {"kind": kind, "runs": len(own), "failed": len(own) - len(good)}
    for name in ("seconds", "cpu", "moved", "suggest_seconds", "move_seconds"):
        found = [float(row[name]) for row in (own if "_" in name else good) if row[name]]
        for word, value in zip(("median", "p90", "worst"), ranks(found)):
            line[f"{name}_{word}"] = value
    line["valid"] = sum(row["valid"] == "True" for row in good)
    line["refereed_valid"] = sum(row["referee"] == "valid" for row in good) if args.referee else ""
    line["proved_fewest"] = sum(row["proved"] == "True" for row in good)
    line["saved_sum"] = round(sum(float(row["saved"] or 0) for row in good), 2)
    line["cost_sum"] = round(sum(float(row["objective_after"]) - float(row["objective_before"])
                                 for row in good), 2)
    line["moves_made"] = sum(bool(row["move_seconds"]) for row in own)
    line["moves_refereed_valid"] = sum(row["move_referee"] == "valid" for row in own) if args.referee else ""
    summary.append(line)
with open(os.path.join(args.scratch, "summary.csv"), "w", newline="") as file:
    writer = csv.DictWriter(file, list(summary[0]))
    writer.writeheader()
    writer.writerows(summary)
for line in summary:
    if line["runs"]:
        print("# " + ", ".join(f"{name} {value}" for name, value in line.items() if value != ""))
refused = [row for row in everything
           if row["exit"] not in ("0", "1") or (row["valid"] == "True" and row["referee"] == "NOT VALID")
           or row["move_referee"].startswith(("NOT VALID", "suggest: exit", "move: exit"))]
for row in everything:
    if row in refused:
        print(f"# refused: {row['number']} {row['disruption']}: exit {row['exit']}, referee {row['referee']}, "
              f"move {row['move_referee']}")
    elif row["valid"] != "True":
        print(f"# no valid plan: {row['number']} {row['disruption']}: {row['unplaced']} meetings without a place")
sys.exit(1 if refused else 0)
