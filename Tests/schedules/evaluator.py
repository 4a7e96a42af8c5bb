#!/usr/bin/env python3
"""When the events of schedules happen, worked out minute by minute with Python's zoneinfo, for the test that compares
JobQueue's own answer with it. Shares nothing with it but the rule:

A time of a local clock is planned. Where the minute or the hour of a cron expression begins with a star, every moment at
which the clock shows a planned time counts. All else is fixed: of a time that is shown twice the first counts (or the
second, or both), and instead of a time that is skipped the next moment there is (or none). What is planned for an excluded
date, or would be moved to one, does not count.

usage: evaluator.py SEED COUNT LONG

Writes COUNT cases around changes of clocks and LONG ones over years, a line each of fields between tabs:

    ZONE AFTER THROUGH LIMIT MOMENTS GAP OVERLAP EXCLUDED START END COUNT EXPECTED

Moments are in seconds since 1970, times of a local clock are written out, lists have commas, what is missing is `-`. MOMENTS
is an expression, or times behind `at`. EXPECTED is `never` for an expression without a day that exists.
"""

import random
import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1)
UTC = timezone.utc

# Where clocks are changed at midnight, by less or more than an hour, by a day, twice within a month, or for good.
ZONES = """Europe/Berlin Europe/London Europe/Dublin Europe/Moscow Europe/Istanbul Europe/Volgograd America/New_York
America/St_Johns America/Santiago America/Havana America/Sao_Paulo America/Asuncion America/Caracas America/Nuuk
America/Scoresbysund Asia/Beirut Asia/Tehran Asia/Kathmandu Asia/Pyongyang Asia/Gaza Asia/Amman Africa/Cairo
Africa/Casablanca Africa/Monrovia Australia/Lord_Howe Australia/Adelaide Pacific/Chatham Pacific/Apia Pacific/Kwajalein
Pacific/Auckland Antarctica/Troll Asia/Kolkata UTC""".split()

MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
WEEKDAYS = "SUN MON TUE WED THU FRI SAT".split()


def seconds(naive):
    return int((naive - EPOCH).total_seconds())


def wall(moment, zone):
    """What a clock shows."""
    return datetime.fromtimestamp(moment, zone).replace(tzinfo=None)


# --- the expression ---------------------------------------------------------------------------------------------------


class Expression:
    def __init__(self, text):
        minute, hour, day, month, weekday = text.split()
        self.minutes = self.numbers(minute, 0, 59)
        self.hours = self.numbers(hour, 0, 23)
        self.days = self.numbers(day, 1, 31)
        self.months = self.numbers(month, 1, 12, {name: index + 1 for index, name in enumerate(MONTHS)})
        names = {name: index for index, name in enumerate(WEEKDAYS)}
        self.weekdays = {number % 7 for number in self.numbers(weekday, 0, 7, names)}
        self.either = not day.startswith("*") and not weekday.startswith("*")
        self.fixed = not minute.startswith("*") and not hour.startswith("*")

    @staticmethod
    def numbers(text, low, high, names={}):
        found = set()
        for part in text.upper().split(","):
            span, _, step = part.partition("/")
            if span == "*":
                first, last = low, high
            else:
                first, _, last = span.partition("-")
                first = names[first] if first in names else int(first)
                if last == "":
                    last = first
                elif last == "SUN" and first > 0:
                    # The day behind Saturday.
                    last = 7
                else:
                    last = names[last] if last in names else int(last)
            found.update(range(first, last + 1, int(step or 1)))
        return found

    def comes(self):
        """Whether there is such a day at all."""
        leap = (date(2000, 1, 1) + timedelta(days=index) for index in range(366))
        return self.either or any(day.day in self.days and day.month in self.months for day in leap)

    def on(self, day):
        month = day.month in self.months
        of_month, of_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return month and (of_month or of_week if self.either else of_month and of_week)

    def times(self, day):
        """The planned times of a day."""
        if not self.on(day):
            return []
        midnight = datetime(day.year, day.month, day.day)
        return [midnight.replace(hour=hour, minute=minute) for hour in sorted(self.hours) for minute in sorted(self.minutes)]


class Times:
    """Single times."""

    fixed = True

    def __init__(self, times):
        self.all = times

    def comes(self):
        return True

    def times(self, day):
        return sorted({time for time in self.all if time.date() == day})


# --- clocks -----------------------------------------------------------------------------------------------------------


class Clock:
    """What the clocks of a zone show between two moments, looked at one by one."""

    def __init__(self, name, first, last, step):
        self.step, self.shown, self.gaps = step, {}, []
        zone, before = ZoneInfo(name), None
        for moment in range(first, last + 1, step):
            now = wall(moment, zone)
            self.shown.setdefault(now, []).append(moment)
            if before is not None and now > before + timedelta(seconds=step):
                self.gaps.append((before + timedelta(seconds=step), now, moment))
            before = now

    def occurrences(self, time):
        return self.shown.get(time, [])

    def next_valid(self, time):
        return next((moment for first, last, moment in self.gaps if first <= time < last), None)


class LongClock:
    """The same over years, by Python's own folds."""

    def __init__(self, name):
        self.zone = ZoneInfo(name)

    def occurrences(self, time):
        moments = {int(time.replace(tzinfo=self.zone, fold=fold).astimezone(UTC).timestamp()) for fold in (0, 1)}
        return sorted(moment for moment in moments if wall(moment, self.zone) == time)

    def next_valid(self, time):
        minute = time
        while not self.occurrences(minute):
            minute += timedelta(minutes=1)
        return self.occurrences(minute)[0]


# --- the rule ---------------------------------------------------------------------------------------------------------


def planned(moments, days, clock, zone, gap, overlap, excluded):
    """The instants that are planned for some days, in order."""
    found = set()
    for day in days:
        for time in moments.times(day):
            if day in excluded:
                continue
            shown = clock.occurrences(time)
            if not moments.fixed:
                found.update(shown)
            elif shown:
                found.update({"first": shown[:1], "second": shown[-1:], "both": shown}[overlap])
            elif gap == "next-valid":
                moment = clock.next_valid(time)
                if moment is not None and wall(moment, zone).date() not in excluded:
                    found.add(moment)
    return sorted(found)


def days_between(first, last):
    return [first + timedelta(days=index) for index in range((last - first).days + 1)]


def bound(clock, time, last):
    shown = clock.occurrences(time)
    return shown[-1 if last else 0] if shown else clock.next_valid(time)


# --- cases ------------------------------------------------------------------------------------------------------------


def change_moments(name):
    """Moments at which the clocks of a zone are changed, from 1969 to 2040."""
    zone, found = ZoneInfo(name), []
    first, end, step = seconds(datetime(1969, 1, 1)), seconds(datetime(2040, 1, 1)), 7 * 86_400

    def offset(moment):
        return datetime.fromtimestamp(moment, zone).utcoffset()

    before = offset(first)
    for moment in range(first + step, end, step):
        now = offset(moment)
        if now != before:
            low, high = moment - step, moment
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(middle) == before else (low, middle)
            found.append(high)
        before = now
    return found


def numbers_text(chance, low, high, names=None, near=None):
    """A field without a star in front."""

    def number():
        if near is not None and chance.random() < 0.6:
            return min(high, max(low, near + chance.randint(-1, 1)))
        return chance.randint(low, high)

    def word(value):
        if names and chance.random() < 0.5:
            return chance.choice([str.upper, str.lower, str.title])(names[(value - low) % len(names)])
        return f"{value:02}" if chance.random() < 0.1 else str(value)

    parts = []
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        if chance.random() < 0.35:
            first, last = sorted([number(), number()])
            # By its name Sunday is 0, behind another day 7.
            text = word(first) + "-" + (str(last) if names and last == 7 else word(last))
            if chance.random() < 0.4:
                text += f"/{chance.randint(1, min(high, 12))}"
            parts.append(text)
        else:
            parts.append(word(number()))
    return ",".join(parts)


def field(chance, stars, low, high, names=None, near=None):
    draw = chance.random()
    if draw < stars:
        return "*"
    if draw < stars + 0.12:
        return f"*/{chance.randint(1, min(high, 20))}" + (f",{chance.randint(low, high)}" if chance.random() < 0.2 else "")
    return numbers_text(chance, low, high, names, near)


def expression(chance, near):
    # Mostly such that something happens within days.
    return " ".join([
        field(chance, 0.05, 0, 59) if chance.random() < 0.6 else chance.choice(["0", "30", "*/15", "0,30", "15", "*/20"]),
        field(chance, 0.12, 0, 23, near=near.hour),
        field(chance, 0.6, 1, 31, near=near.day),
        field(chance, 0.8, 1, 12, MONTHS, near=near.month),
        field(chance, 0.6, 0, 7, WEEKDAYS),
    ])


def text(time):
    return time.isoformat(timespec="minutes")


def short_case(chance, changes, clocks):
    name = chance.choice(ZONES)
    change = chance.choice(changes[name])
    step = 30 if name == "Africa/Monrovia" else 60
    if (name, change) not in clocks:
        around = 4 * 86_400
        clocks[name, change] = Clock(name, change - around, change + around, step)
    clock, zone = clocks[name, change], ZoneInfo(name)
    near = wall(change + chance.choice([-3600, 0, 0, 3600, 7200]), zone)

    def moment(spread):
        return change + chance.choice([chance.randint(-spread, spread), 60 * chance.randint(-90, 90)])

    def time(spread):
        return wall(change, zone).replace(second=0) + timedelta(minutes=chance.randint(-spread, spread))

    if chance.random() < 0.15:
        times = [time(chance.choice([60, 180, 1500])) for _ in range(chance.randint(1, 6))]
        moments, said = Times(times), "at " + ",".join(map(text, times))
    else:
        said = expression(chance, near)
        moments = Expression(said)
    gap = chance.choice(["next-valid", "next-valid", "skip"])
    overlap = chance.choice(["first", "first", "second", "both"])
    excluded = {near.date() + timedelta(days=chance.randint(-2, 2)) for _ in range(chance.choice([0, 0, 0, 1, 2]))}
    start = time(3000) if chance.random() < 0.2 else None
    end = time(3000) if chance.random() < 0.2 else None
    # From a start on, so that it can be counted.
    count = chance.randint(1, 12) if start and chance.random() < 0.5 else None
    if not moments.comes():
        return row(name, 0, 0, 1, said, gap, overlap, set(), None, None, None, ["never"])
    after, through = sorted([moment(2 * 86_400), moment(2 * 86_400)])
    if chance.random() < 0.7:
        after, through = min(after, 2 * change - after), max(through, 2 * change - through)
    limit = chance.choice([1000000, 1000000, 1, 5])

    local = wall(change, zone).date()
    days = days_between(local - timedelta(days=3), local + timedelta(days=3))
    found = planned(moments, days, clock, zone, gap, overlap, excluded)
    if start:
        found = [instant for instant in found if instant >= bound(clock, start, last=False)]
    if end:
        found = [instant for instant in found if instant <= bound(clock, end, last=True)]
    if count:
        found = found[:count]
    found = [instant for instant in found if after < instant <= through][:limit]
    return row(name, after, through, limit, said, gap, overlap, excluded, start, end, count, found)


def long_case(chance):
    """The next few of what happens seldom: leap days, ends of years, some days of the week."""
    name = chance.choice(ZONES)
    day = chance.choice(["29 2", "29 FEB", "28-31 2", "31 12", "1 1", "31 *", "30,31 */2", "1-7 3,10", "25-31 MAR,OCT", "* 2"])
    week = chance.choice(["*", "*", "*", "SUN", "*/7", "MON-FRI", "*/6"]) if day != "29 2" else "*"
    minute = chance.choice(["0", "30", "59", "0,30", "*/30"])
    said = f"{minute} {chance.choice(['0', '2', '23', '1-3', '12'])} {day} {week}"
    moments, clock, zone = Expression(said), LongClock(name), ZoneInfo(name)
    gap, overlap = chance.choice(["next-valid", "skip"]), chance.choice(["first", "second", "both"])
    after = chance.randrange(0, seconds(datetime(2085, 1, 1)))
    today, limit, found, ahead = wall(after, zone).date(), chance.choice([1, 1, 3]), [], -2
    # Two days more: what is planned for a later day may come earlier by less than that.
    until = None
    while until is None or ahead <= until:
        day = [today + timedelta(days=ahead)]
        found += [instant for instant in planned(moments, day, clock, zone, gap, overlap, set()) if instant > after]
        if until is None and len(set(found)) >= limit:
            until = ahead + 2
        ahead += 1
    found = sorted(set(found))[:limit]
    return row(name, after, found[-1] + 40 * 366 * 86_400, limit, said, gap, overlap, set(), None, None, None, found)


def row(name, after, through, limit, said, gap, overlap, excluded, start, end, count, found):
    fields = [
        name, after, through, limit, said, gap, overlap, ",".join(sorted(map(str, excluded))) or "-",
        text(start) if start else "-", text(end) if end else "-", count or "-", ",".join(map(str, found)) or "-",
    ]
    return "\t".join(map(str, fields))


def cases(seed, count, long):
    chance = random.Random(seed)
    changes = {name: change_moments(name) for name in ZONES}
    # A day that never was, and one that was there twice.
    changes["Pacific/Apia"] += [seconds(datetime(2011, 12, 30, 10))] * 20
    # Fewer places, so that each minute is looked at once for many cases.
    changes = {name: chance.sample(found, min(len(found), chance.choice([1, 1, 2]))) for name, found in changes.items()}
    changes = {name: found or [chance.randrange(0, 2_000_000_000, 60)] for name, found in changes.items()}
    clocks = {}
    for _ in range(count):
        yield short_case(chance, changes, clocks)
    for _ in range(long):
        yield long_case(chance)


if __name__ == "__main__":
    for line in cases(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])):
        print(line)
