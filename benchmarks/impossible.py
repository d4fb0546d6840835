#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contradictions planted in an instance that has a plan, each beside a near miss that is legal.

    benchmarks/impossible.py KESTE INSTANCE PLAN --scratch DIR

For each case a copy of the instance (and of the plan, where the case is about one) is changed, and
keste check and keste explain are run on it. Prints seconds, whether an impossibility is told, whether
it is proved minimal, how many changes that help were tried, and of how many causes one of them was
shown to be enough by planning again. Exits with 1 where a contradiction is
not told, a legal near miss is called impossible, nothing that helps is found, or a run is longer than
--limit seconds.
"""
import argparse
import collections
import copy
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time

parser = argparse.ArgumentParser()
for name in ("keste", "instance", "plan"):
    parser.add_argument(name)
parser.add_argument("--only", default="", help="cases whose name contains this")
parser.add_argument("--limit", type=float, default=12, help="keste explain stops at 10 by itself")
parser.add_argument("--scratch", required=True)
args = parser.parse_args()


class Folder:
    """The tables of a folder as lists of rows."""

    def __init__(self, path):
        self.path, self.tables, self.heads = path, {}, {}
        for file in sorted(os.listdir(path)):
            if file.endswith(".csv"):
                text = open(f"{path}/{file}", encoding="utf-8-sig").read()
                first = text.split("\n", 1)[0]
                rows = list(csv.reader(io.StringIO(text), delimiter=max(";,\t", key=first.count)))
                self.heads[file[:-4]] = rows[0]
                self.tables[file[:-4]] = [dict(zip(rows[0], row)) for row in rows[1:] if row]
        self.texts = {f: open(f"{path}/{f}", encoding="utf-8").read()
                      for f in ("instance.yaml", "plan.json") if os.path.exists(f"{path}/{f}")}

    def __getitem__(self, table):
        self.heads.setdefault(table, [])
        return self.tables.setdefault(table, [])

    def row(self, table, **key):
        return next(r for r in self[table] if all(r.get(k) == v for k, v in key.items()))

    def write(self, path):
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(path)
        for file, text in self.texts.items():
            open(f"{path}/{file}", "w", encoding="utf-8").write(text)
        for table, rows in self.tables.items():
            head = list(dict.fromkeys(self.heads[table] + [k for row in rows for k in row]))
            with open(f"{path}/{table}.csv", "w", encoding="utf-8", newline="") as out:
                writer = csv.writer(out, delimiter=";")
                writer.writerow(head)
                writer.writerows([row.get(k, "") for k in head] for row in rows)

    def close(self, kind, subject, day="all", first=1, last=12, weeks=""):
        self["availability"].append({"subject_kind": kind, "subject": subject, "day": day,
                                     "from": str(first), "to": str(last), "level": "forbidden",
                                     "weeks": weeks})

    def open_only(self, kind, subject, day, first, last):
        self.tables["availability"] = [r for r in self["availability"] if r["subject"] != subject]
        for other in DAYS:
            if other != day:
                self.close(kind, subject, other)
        if first > 1:
            self.close(kind, subject, day, 1, first - 1)
        if last < 12:
            self.close(kind, subject, day, last + 1, 12)

    def pin(self, discipline, kind="practice", group="", **cells):
        self["pins"].append({"discipline": discipline, "kind": kind, "group": group,
                             **{k: str(v) for k, v in cells.items()}})

    def may(self, teacher, discipline):
        for row in self["competences"]:
            if (row["teacher"], row["discipline"]) == (teacher, discipline):
                row["kinds"] = "lecture|practice|lab|other"
                return
        self["competences"].append({"teacher": teacher, "discipline": discipline,
                                    "kinds": "lecture|practice|lab|other"})

    def policy(self, key, value):
        text = re.sub(rf"(?m)^  {key}:.*\n", "", self.texts["instance.yaml"])
        self.texts["instance.yaml"] = re.sub(r"(?m)^policy:\n", f"policy:\n  {key}: {value}\n", text)


base, plan = Folder(args.instance), Folder(args.plan)
DAYS = re.search(r"(?m)^days: \[(.*?)\]", base.texts["instance.yaml"])[1].replace(" ", "").split(",")
group_of = {r["student"]: r["group"] for r in base["students"]}
takers = collections.defaultdict(collections.Counter)
for r in base["enrolments"]:
    takers[r["discipline"]][group_of[r["student"]]] += 1
disciplines = {r["discipline"]: r for r in base["disciplines"]}


def weekly(discipline, kind="practice"):
    return int(disciplines[discipline][kind] or 0) // 15


# A group with four practices that nobody else takes, and teachers of its departments.
alone = collections.defaultdict(list)
for d, groups in takers.items():
    if len(groups) == 1 and weekly(d) > 0:
        alone[next(iter(groups))].append(d)
G = max(alone, key=lambda g: len(alone[g]))
P = alone[G][:4]
T = [r["teacher"] for r in base["teachers"] if r["department"] == disciplines[P[0]]["department"]][:4]
rooms = [r["room"] for r in base["rooms"] if r["kind"] == "classroom"]
site = {r["room"]: r["building"] for r in base["rooms"]}
far = next(r for r in rooms[::-1] for way in base["travel"] if int(way["minutes"]) >= 15
           and {site[r], site[rooms[0]]} == {way["from"], way["to"]})
SLOTS = sum(weekly(d) for d in P)
scarce = collections.Counter(r["features"] for r in base["rooms"] if r["kind"] == "lab")
feature = next(f for f, n in scarce.items() if n == 1)
laboratory = next(r["room"] for r in base["rooms"] if r["features"] == feature)
users = [d for d, r in disciplines.items() if r["lab_features"] == feature and d in takers]
USER = takers[users[0]].most_common(1)[0][0]
work = {r["task"]: r for r in plan["load"]}
holder = {work[r["task"]]["section"]: r["teacher"] for r in plan["assignments"]
          if r["teacher"] and work[r["task"]]["work"] in ("lecture", "practice", "lab")}
BUSY = collections.Counter(holder.values()).most_common(1)[0][0]

CASES = []


def case(name, is_impossible, uses_plan=False):
    def note(change):
        CASES.append((name, is_impossible, uses_plan, change))
    return note


def both(name):
    """A case with a flag: the contradiction, and its near miss."""
    def note(change):
        CASES.append((name, True, False, lambda it, _: change(it, True)))
        CASES.append((name + ", nearly", False, False, lambda it, _: change(it, False)))
    return note


@both("two pins of a teacher in a slot")
def _(it, bad):
    for d, weeks in zip(P, ("all", "all") if bad else ("odd", "even")):
        it.may(T[0], d)
        it.pin(d, group=G, teacher=T[0], day="mon", slot=3, weeks=weeks)


@both("two pins of a room in a slot")
def _(it, bad):
    other = next(g for g in alone if g != G)
    for d, g, weeks in ((P[0], G, "all" if bad else "odd"), (alone[other][0], other, "even")):
        it.pin(d, group=g, day="mon", slot=3, room=rooms[0], weeks=weeks)


@both("a pin to a closed room")
def _(it, bad):
    it.pin(P[0], group=G, day="mon", slot=3, room=rooms[0])
    it.close("room", rooms[0], "mon", 1, 6, "" if bad else "odd")


@both("a pin of a teacher without competence")
def _(it, bad):
    it.pin(P[0], group=G, teacher=BUSY)
    it.tables["competences"] = [r for r in it["competences"]
                                if (r["teacher"], r["discipline"]) != (BUSY, P[0])]
    if not bad:
        it.may(BUSY, P[0])


@both("a teacher with fewer slots than pinned hours")
def _(it, bad):
    for d in P[:2]:
        it.may(T[0], d)
        it.pin(d, group=G, teacher=T[0])
    it.open_only("teacher", T[0], "mon", 3, 2 + sum(map(weekly, P[:2])) - bad)


@both("four teachers of a group in too few slots")
def _(it, bad):
    for d, t in zip(P, T):
        it.may(t, d)
        it.pin(d, group=G, teacher=t)
        it.open_only("teacher", t, "mon", 3, 2 + SLOTS - bad)


@both("three practices of a teacher in a slot of a week")
def _(it, bad):
    weeks = ("111110000000000", "000001111100000", "000010000011111" if bad else "000000000011111")
    for d, w in zip(P, weeks):
        it.may(T[0], d)
        it.pin(d, group=G, teacher=T[0], day="wed", slot=4, weeks=w)


@both("a section pinned to two rooms at once")
def _(it, bad):
    it.pin(P[0], group=G, day="mon", slot=3, room=rooms[0], weeks="all" if bad else "odd")
    it.pin(P[0], group=G, day="mon", slot=3, room=rooms[1], weeks="all" if bad else "even")


@both("pins with no time for the way")
def _(it, bad):
    it.pin(P[0], group=G, day="mon", slot=3, room=rooms[0], weeks="all")
    it.pin(P[1], group=G, day="mon", slot=4 if bad else 5, room=far, weeks="all")


@both("pins beyond a teacher's hours of a day")
def _(it, bad):
    it.row("teachers", teacher=T[0])["max_hours_per_day"] = str(len(P) - bad)
    it.tables["availability"] = [r for r in it["availability"] if r["subject"] != T[0]]
    for n, d in enumerate(P):
        it.may(T[0], d)
        it.pin(d, group=G, teacher=T[0], day="mon", slot=2 + n, weeks="all")


@both("equipment that no room has")
def _(it, bad):
    disciplines_row = it.row("disciplines", discipline=users[0])
    disciplines_row["lab_features"] = f"{feature}|planetarium"
    if not bad:
        it.row("rooms", room=laboratory)["features"] = f"{feature}|planetarium"


@both("a laboratory with too few hours")
def _(it, bad):
    hours = sum(weekly(r["discipline"], "lab") for r in plan["sections"]
                if r["discipline"] in users and r["kind"] == "lab")
    it.open_only("room", laboratory, "mon", 1, hours - bad)


@both("a group and its laboratory never open together")
def _(it, bad):
    for day in DAYS[:3] if bad else DAYS[:1]:
        it.close("group", USER, day)
    for day in DAYS[3:]:
        it.close("room", laboratory, day)


@both("odd weeks of a group, even weeks of its laboratory")
def _(it, bad):
    it.close("group", USER, "all" if bad else "mon", 1, 12, "odd")
    it.close("room", laboratory, "all" if bad else "mon", 1, 12, "even")


@both("more hours of students than the day's limit leaves")
def _(it, bad):
    it.policy("student_max_hours_per_day", 2 if bad else 8)


@both("a teacher's least hours above the most")
def _(it, bad):
    row = it.row("teachers", teacher=T[0])
    row["min_hours"], row["max_hours"] = "200", "199" if bad else "300"


@both("more choices of a teacher than hours")
def _(it, bad):
    d = max(takers, key=lambda d: sum(takers[d].values()) * weekly(d))
    it.may(T[0], d)
    for n, row in enumerate(r for r in it["enrolments"] if r["discipline"] == d):
        row["practice_teacher"] = T[0] if bad or n < 3 else ""


@both("the group closed for good")
def _(it, bad):
    it.close("group", G, "all" if bad else "mon")


@both("choosers of a teacher who is never free with their group")
def _(it, bad):
    it.may(T[0], P[0])
    for row in it["enrolments"]:
        if row["discipline"] == P[0]:
            row["practice_teacher"] = T[0]
    it.tables["availability"] = [r for r in it["availability"] if r["subject"] not in (T[0], G)]
    for day in DAYS:
        it.close("teacher", T[0], day, 1, 6)
        it.close("group", G, day, 7 if bad or day != "mon" else 12, 12)


@both("a chosen teacher free only while the one laboratory is closed")
def _(it, bad):
    row = it.row("disciplines", discipline=P[0])
    row["practice_rooms"], row["practice_features"] = "lab", feature
    it.may(T[0], P[0])
    for line in it["enrolments"]:
        if line["discipline"] == P[0]:
            line["practice_teacher"] = T[0]
    it.open_only("teacher", T[0], "wed", 1, 6)
    it.close("room", laboratory, "wed", 1, 6 if bad else 1)


@both("a decided stream larger than any room")
def _(it, bad):
    if not bad:
        return
    sections = [dict(r) for r in plan["sections"]]
    streams = [r for r in sections if r["kind"] == "lecture"]
    twin = next((a, b) for a in streams for b in streams if a is not b
                and (a["discipline"], a["language"]) == (b["discipline"], b["language"]))
    members = [dict(r) for r in plan["section_students"]]
    for r in members:
        if r["section"] == twin[1]["section"]:
            r["section"] = twin[0]["section"]
    for r in sections:
        if r["parent"] == twin[1]["section"]:
            r["parent"] = twin[0]["section"]
    sections = [r for r in sections if r["section"] != twin[1]["section"]]
    twin[0]["size"] = str(int(twin[0]["size"]) + int(twin[1]["size"]))
    for r in it["rooms"]:
        r["capacity"] = str(min(int(r["capacity"]), int(twin[0]["size"]) - 1))
    it.heads["sections"], it.heads["section_students"] = plan.heads["sections"], plan.heads["section_students"]
    it.tables["sections"], it.tables["section_students"] = sections, members


@both("a laboratory with too few seats for its subgroups")
def _(it, bad):
    it.open_only("room", laboratory, "mon", 1, 12)
    it.row("rooms", room=laboratory)["capacity"] = "1" if bad else "12"


@both("all meetings pinned to odd weeks in which there are too few slots")
def _(it, bad):
    it.pin(P[0], group=G, weeks="odd")
    it.tables["availability"] = [r for r in it["availability"] if r["subject"] != G]
    need = -(-weekly(P[0]) * 15 // 8)
    for day in DAYS:
        last = {"mon": 12}.get(day, 0)
        it.close("group", G, day, 1 if day != "mon" else need + (0 if bad else 1), 12, "odd")


@both("a teacher's most hours below what is pinned")
def _(it, bad):
    hours = 15 * sum(map(weekly, P[:2]))
    row = it.row("teachers", teacher=T[0])
    row["max_hours"], row["min_hours"] = str(hours - bad), "0"
    for d in P[:2]:
        it.may(T[0], d)
        it.pin(d, group=G, teacher=T[0])


@both("a large discipline in a kind of room with too few hours")
def _(it, bad):
    if not bad:
        return
    d = max(takers, key=lambda d: sum(takers[d].values()) * weekly(d))
    it.row("disciplines", discipline=d)["practice_rooms"] = "lab"
    it.row("disciplines", discipline=d)["practice_features"] = feature


@both("a student enrolled in more than a week holds")
def _(it, bad):
    student = next(r["student"] for r in it["students"] if r["group"] == G)
    own = {r["discipline"] for r in it["enrolments"] if r["student"] == student}
    example = next(r for r in it["enrolments"] if r["student"] == student)
    more = [d for d in takers if d not in own and weekly(d) and disciplines[d]["lecture"] not in ("", "0")]
    hours = sum(int(disciplines[d][k] or 0) for d in own for k in ("lecture", "practice", "lab"))
    most = 15 * 8 * len(DAYS)
    for d in more:
        added = sum(int(disciplines[d][k] or 0) for k in ("lecture", "practice", "lab"))
        if hours > most + 15 or (not bad and hours + added > most - 60):
            break
        hours += added
        it["enrolments"].append(dict(example, discipline=d, status="first", lecture_teacher="",
                                     practice_teacher=""))


@both("two buildings in two slots of a day")
def _(it, bad):
    for d, room in ((P[0], rooms[0]), (P[1], far)):
        it.pin(d, group=G, room=room)
    it.tables["availability"] = [r for r in it["availability"] if r["subject"] != G]
    hours = weekly(P[0]) + weekly(P[1])
    for r in [r for r in it["enrolments"] if group_of[r["student"]] == G and r["discipline"] not in P[:2]]:
        it["enrolments"].remove(r)
    days = DAYS[:-(-hours // 2)]
    for day in DAYS:
        if day in days:
            it.close("group", G, day, 1, 2)
            it.close("group", G, day, 5 if bad else 7, 12)
        else:
            it.close("group", G, day)


@both("two rooms pinned for every meeting of a group")
def _(it, bad):
    it.pin(P[0], group=G, room=rooms[0])
    it.pin(P[0] if bad else P[1], group=G, room=rooms[1])


@case("plan: a room closed under it", False, True)
def _(it, _):
    it.close("room", rooms[0], "mon")


@case("plan: meetings taken out", False, True)
def _(_, plan):
    del plan["meetings"][20:25]


@case("plan: its only laboratory closed", True, True)
def _(it, _):
    it.close("room", laboratory)


@case("plan: a teacher gone", True, True)
def _(it, _):
    it.close("teacher", BUSY)


@case("plan: a teacher with three slots", True, True)
def _(it, _):
    it.open_only("teacher", BUSY, "tue", 2, 4)


@case("plan: a group with one day", True, True)
def _(it, _):
    for day in DAYS[:-1]:
        it.close("group", G, day)


@case("plan: a pin of another teacher", True, True)
def _(it, plan):
    section = plan.row("sections", discipline=P[0], kind="practice")["section"]
    other = next(t for t in T if t != holder.get(section))
    it.may(other, P[0])
    it.pin(P[0], group=G, teacher=other)


def run(*arguments):
    began = time.monotonic()
    done = subprocess.run([args.keste, *arguments, "--json", "--quiet"], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(arguments)}: exit {done.returncode}\n{done.stderr[:1000]}")
    return json.loads(done.stdout), time.monotonic() - began


failed = 0
print("case,impossible,check_seconds,explain_seconds,told,minimal,helps,causes,solved,right")
for name, is_impossible, uses_plan, change in CASES:
    if args.only not in name:
        continue
    it, held = copy.deepcopy(base), copy.deepcopy(plan)
    change(it, held)
    folder, held_folder = f"{args.scratch}/instance", f"{args.scratch}/plan"
    it.write(folder)
    checked = 0.0
    told_by_check = None
    if uses_plan:
        held.write(held_folder)
        found, explained = run("explain", folder, held_folder)
    else:
        report, checked = run("check", folder)
        told_by_check = any(f["severity"] == "impossible" for f in report["findings"])
        found, explained = run("explain", folder)
    minimal = all(c["minimal"] for c in found["contradictions"])
    solved = sum(any(r["verified"] != "consistent" for r in c["relaxations"])
                 or c.get("together_verified") not in (None, "consistent") for c in found["causes"])
    helps = sum(len(c["relaxations"]) + len(c["together"])
                for c in found["contradictions"] + found["findings"])
    right = found["impossible"] == is_impossible and told_by_check in (None, is_impossible)
    right = right and (helps > 0 or not is_impossible) and max(checked, explained) <= args.limit
    if uses_plan and not is_impossible:
        right = right and found["repairable"]
    failed += not right
    print(f'"{name}",{is_impossible},{checked:.1f},{explained:.1f},{found["impossible"]},{minimal},'
          f"{helps},{len(found['causes'])},{solved},{right}", flush=True)
sys.exit(1 if failed else 0)
