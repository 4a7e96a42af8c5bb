#!/usr/bin/env python3
"""When cron expressions come by the package cronsim, a second opinion for the test of JobQueue's own answer.

usage: .tools/cronsim/bin/python cronsim_opinion.py SEED COUNT SECONDS

Writes COUNT cases in the fields of evaluator.py, the expected moments by cronsim, or `timeout` where it does not answer
within SECONDS: it is asked in a process of its own, which is ended then.
"""

import multiprocessing
import random
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from evaluator import ZONES, change_moments, expression, row, wall


def answer(name, after, through, limit, said):
    simulation = CronSim(said, datetime.fromtimestamp(after, ZoneInfo(name)))
    found = []
    while len(found) < limit:
        moment = int(next(simulation).timestamp())
        if moment > through:
            break
        found.append(moment)
    return found


def answers(pipe):
    while True:
        try:
            pipe.send(answer(*pipe.recv()))
        except CronSimError:
            pipe.send(["never"])
        except StopIteration:
            pipe.send([])
        except EOFError:
            return


class Asked:
    """A process that may be lost."""

    def __init__(self):
        self.pipe, there = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=answers, args=(there,), daemon=True)
        self.process.start()
        there.close()

    def ask(self, seconds, *question):
        self.pipe.send(question)
        return self.pipe.recv() if self.pipe.poll(seconds) else None

    def end(self):
        self.process.kill()
        self.process.join()
        self.pipe.close()


def main(seed, count, seconds):
    chance = random.Random(seed)
    changes = {name: change_moments(name) or [chance.randrange(0, 2_000_000_000, 60)] for name in ZONES}
    asked = Asked()
    for _ in range(count):
        name = chance.choice(ZONES)
        change = chance.choice(changes[name])
        after = change + chance.choice([chance.randint(-3 * 86_400, 3 * 86_400), 60 * chance.randint(-240, 60)])
        said = expression(chance, wall(change, ZoneInfo(name)))
        through, limit = max(after, change) + 3 * 86_400, 6
        found = asked.ask(seconds, name, after, through, limit, said)
        line = row(name, after, through, limit, said, "next-valid", "first", set(), None, None, None, found or [])
        if found is None:
            asked.end()
            asked = Asked()
            line = line.rpartition("\t")[0] + "\ttimeout"
        print(line, flush=True)
    asked.end()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
