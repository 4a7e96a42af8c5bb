#!/usr/bin/env python3
"""What Python's zoneinfo says of every time zone from 1970 to 2100, for the test that compares ours with it.

usage: scripts/zones.py STEP_DAYS

Writes a line for each zone that differs from those before:

    NAME OFFSET [CHANGE:OFFSET:WALL=MOMENT] ...

OFFSET is in seconds east of UTC at the beginning and from each CHANGE (seconds since 1970) on. WALL is a time that a clock
skipped or showed twice at that change, in seconds of its own since 1970, and MOMENT what it means: of two moments the
first, of none the change itself.
"""

import hashlib
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, available_timezones

EPOCH = datetime(1970, 1, 1)
UTC = timezone.utc
END = int((datetime(2100, 1, 1) - EPOCH).total_seconds())


def offset(zone, second):
    return int(datetime.fromtimestamp(second, zone).utcoffset().total_seconds())


def moment(zone, wall, change):
    """The moment of a wall time near a change, by Python's own folds."""
    naive = EPOCH + timedelta(seconds=wall)
    first = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) != naive:
        return change
    return int(first.timestamp())


def changes(zone, step):
    found = []
    last = offset(zone, 0)
    for second in range(step, END, step):
        now = offset(zone, second)
        if now == last:
            continue
        low, high = second - step, second
        while high - low > 1:
            middle = (low + high) // 2
            if offset(zone, middle) == last:
                low = middle
            else:
                high = middle
        # Between two points there may be more than one change; each is looked for from the one before.
        while True:
            after = offset(zone, high)
            wall = high + min(last, after) + abs(after - last) // 2
            found.append(f"{high}:{after}:{wall}={moment(zone, wall, high)}")
            if after == now:
                break
            low, high, last = high, second, after
            while high - low > 1:
                middle = (low + high) // 2
                if offset(zone, middle) == last:
                    low = middle
                else:
                    high = middle
        last = now
    return found


def main():
    step = int(sys.argv[1]) * 86_400
    seen = set()
    for name in sorted(available_timezones()):
        file = next((path for path in (Path(root) / name for root in TZPATH) if path.is_file()), None)
        if file is None or file.stat().st_size == 0:
            continue
        digest = hashlib.sha256(file.read_bytes()).digest()
        if digest in seen:
            continue
        seen.add(digest)
        zone = ZoneInfo(name)
        print(name, offset(zone, 0), *changes(zone, step))


main()
