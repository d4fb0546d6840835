#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the time of a search goes, by kind of term, from a sampling profile.

    benchmarks/profile.py KESTE comp05.ctt --scratch DIR
    benchmarks/profile.py KESTE INSTANCE --start PLAN --scratch DIR

Needs perf and addr2line, and a release build with its symbols. One thread; the start of a
university's plan holds its sections and its load. Each sample counts for the innermost function,
inlined ones too, that belongs to a kind; samples outside the search (reading, bounds, writing)
are left out of the shares and told apart.
"""
import argparse
import collections
import os
import re
import shutil
import subprocess
import sys

PERIODS = [
    ("days of curricula (isolated lectures)", "cohortsDelta findTouched"),
    ("working days", "missingDaysDelta dayDelta"),
    ("prices of periods", "timesDelta"),
    ("rooms: capacity, stability", "roomDelta"),
    ("finding the chain: conflicts, rooms, closed periods", "chainOf add"),
    ("changing rooms in a period", "roomOf moveRoom"),
    ("making moves", "commit commitChain commitRoom changeRoom"),
    ("drawing lecture, period, room and threshold", "drawPeriod drawRoom moveChain step run next below"),
]
UNIVERSITY = [
    ("changes of building", "siteChanges"),
    ("the way between buildings", "isTooFar isAnyTooFar"),
    ("days by slots: gaps, singles, window, long days, days", "rawCost dayCost"),
    ("people who may overlap", "slowCost minimumDaysCost"),
    ("same day, lecture first, room stability",
     "sameDayCost stabilityCost orderDelta first renewFirst weeks"),
    ("placements and rooms by themselves", "fixedDelta placementCost roomCost roomTimeCost"),
    ("what can be regained at most", "refusalsAndRegainable"),
    ("cells of people, early exit", "peopleDelta deltaOfOpen delta prepareTouches nibbles"),
    ("moves of several events",
     "exchange join drawChainTarget isPlanned overlap isTaken isLenient moveGroup attempt"
     " stagePeople stage priceOfPlan dropPlan hasRooms hasPlannedRoom plan planned plannedEvents"
     " beginPlan plannedMinimumDays setPlannedRoom"),
    ("making moves", "commit commitPlan move markRoom place remove"),
    ("thresholds", "threshold minusLog expm1"),
    ("drawing an event", "drawEvent isCostly"),
    ("listing the times of a week", "findOpenTimes findOpenStarts findFloors leastFixedDelta"),
    ("pricing the times of a week", "priceOpenTimes price list without takeCandidate placementCosts"),
    ("drawing a time", "drawTarget drawShape drawPerson allows time"),
    ("drawing a room", "drawOpenRoom drawFreeRoom freeRoomWord drawRoom isRoomFree site drawBit"),
    ("the rest of the search", "moveTime moveInWeek moveRoom run step next below unit count"),
]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("keste")
    arguments.add_argument("instance")
    arguments.add_argument("--start", help="plan folder with sections and load")
    arguments.add_argument("--iterations", type=int, default=30_000_000)
    arguments.add_argument("--scratch", required=True)
    given = arguments.parse_args()
    os.makedirs(given.scratch, exist_ok=True)
    data = os.path.join(given.scratch, "perf.data")
    limits = ["--iterations", str(given.iterations), "--threads", "1", "--seed", "1"]
    if given.start:
        plan = os.path.join(given.scratch, "plan")
        shutil.rmtree(plan, ignore_errors=True)
        shutil.copytree(given.start, plan)
        command = [given.keste, "timetable", given.instance, "-o", plan, *limits]
    else:
        out = os.path.join(given.scratch, "profile.sol")
        command = [given.keste, "solve", given.instance, "-o", out, *limits]
    record = ["perf", "record", "-q", "-e", "cpu-clock", "-F", "2000", "-o", data, *command]
    if subprocess.run(record, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode > 1:
        sys.exit("the run failed: " + " ".join(command))
    kinds = UNIVERSITY if given.start else PERIODS
    shares = collections.Counter()
    for frames, count in samples(given.keste, data):
        shares[kind_of(frames, kinds)] += count
    inside = sum(count for kind, count in shares.items() if kind)
    if inside == 0:
        sys.exit(f"no samples of the search, {shares[None]} outside it: may perf record here, "
                 f"and has {given.keste} its symbols?")
    print("| share | kind |\n|---|---|")
    for kind, count in shares.most_common():
        if kind:
            print(f"| {100 * count / inside:.1f} % | {kind} |")
    print(f"\n{inside} samples of the search, {shares[None]} outside it")


def samples(keste, data):
    """Names of the functions of each sample, innermost first, and how often it was met."""
    script = subprocess.run(
        ["perf", "script", "-i", data, "-F", "ip,sym,symoff", "--no-inline"],
        capture_output=True, text=True).stdout
    met = collections.Counter(
        line.split()[-1] for line in script.splitlines() if len(line.split()) == 2)
    table = subprocess.run(["nm", keste], capture_output=True, text=True).stdout
    start = {name: int(at, 16) for at, _, name in
             (line.split() for line in table.splitlines() if len(line.split()) == 3)}
    at = {}
    for place in met:
        name, _, offset = place.rpartition("+")
        if name in start:
            at[place] = start[name] + int(offset, 16)
    asked = "\n".join(hex(address) for address in at.values())
    answer = subprocess.run(
        ["addr2line", "-e", keste, "-f", "-i", "-a"], input=asked, capture_output=True,
        text=True).stdout
    frames = {}
    for line in answer.splitlines():
        if re.fullmatch(r"0x[0-9a-f]{16}", line):
            current = frames.setdefault(int(line, 16), [])
            names = True
        elif names:
            current.append(line)
            names = False
        else:
            names = True
    for place, count in met.items():
        yield frames.get(at.get(place), []) + [place.rpartition("+")[0]], count


def kind_of(frames, kinds):
    """The kind of the innermost function that has one; None outside the search."""
    if not any("LocalSearch" in name or "11SearchState" in name or "11PeriodState" in name
               or "ieee754_log" in name for name in frames):
        return None
    for name in frames:
        words = set(re.findall(r"(?<=\d)[A-Za-z]\w*?(?=\d|_|$)", name)) | {name}
        words |= {part for length, part in identifiers(name)}
        for kind, functions in kinds:
            if words & set(functions.split()):
                return kind
    return "the rest of the search"


def identifiers(mangled):
    """The identifiers of a mangled name, each written after its length."""
    found = []
    for match in re.finditer(r"\d+", mangled):
        length = int(match.group())
        word = mangled[match.end():match.end() + length]
        if len(word) == length and length > 1:
            found.append((length, word))
    return found


if __name__ == "__main__":
    main()
