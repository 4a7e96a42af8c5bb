"""Builds what is measured and runs each measurement once, in processes of their own."""
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PEERS = {"huey": "huey==3.5.4", "litequeue": "litequeue==0.9", "persist-queue": "persist-queue==1.1.0",
         "dbos": "dbos==3.4.0"}


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


class Bench:
    """The programs, a folder for their files, and the processes that must not stay behind."""

    def __init__(self, sizes):
        self.sizes = sizes
        self.children = []
        # On the disk of the project: a folder in memory would make every commit free.
        (ROOT / ".build").mkdir(exist_ok=True)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT / ".build"))
        self.files = 0

    def build(self):
        say("building (a first release build takes minutes)")
        subprocess.run([ROOT / "scripts/setup"], check=True, stdout=sys.stderr)
        swift = ["swift", "build", "-c", "release", "--static-swift-stdlib"]
        for product in ["rundown", "rundown-bench"]:
            subprocess.run([*swift, "--product", product], cwd=ROOT, check=True, stdout=sys.stderr)
        path = subprocess.run([*swift, "--show-bin-path"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
        programs = pathlib.Path(path.stdout.strip())
        self.rundown, self.ours = programs / "rundown", programs / "rundown-bench"
        self.limit = self.folder / "limit"
        compiler, source = shutil.which("cc") or "clang", ROOT / "scripts/bench-limit.c"
        subprocess.run([compiler, "-O2", "-Wall", "-o", self.limit, source, "-lsqlite3"], check=True)

    def install_peers(self):
        """The other queues, in a Python environment of their own."""
        environment, wanted = ROOT / ".tools/bench-peers", " ".join(PEERS.values())
        self.python, stamp = environment / "bin/python", environment / ".installed"
        if stamp.exists() and stamp.read_text() == wanted:
            return
        say(f"installing {wanted} into {environment.relative_to(ROOT)}")
        shutil.rmtree(environment, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        pip = [self.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PEERS.values()]
        subprocess.run(pip, check=True, stdout=sys.stderr)
        stamp.write_text(wanted)

    def end(self):
        for child in self.children:
            if child.poll() is None:
                child.kill()
                child.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def file(self):
        """The name of a queue file that is not there yet."""
        self.files += 1
        return self.folder / f"{self.files}.db"

    def start(self, *command):
        # No setting of this machine's user is to count.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("RUNDOWN_")}
        with open(self.folder / "errors.log", "a") as errors:
            child = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=errors, text=True,
                                     cwd=self.folder, env=environment)
        self.children.append(child)
        return child

    def finish(self, child):
        """What a process printed last, and the most memory it held, in MiB.

        The kernel counts in what this script held when it started the process; a worker holds more.
        """
        lines = child.stdout.read().splitlines()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        self.children.remove(child)
        if child.returncode != 0 or not lines:
            said = "".join((self.folder / "errors.log").read_text().splitlines(keepends=True)[-5:])
            raise SystemExit(f"{said}bench: {' '.join(child.args)} ended with {child.returncode}")
        return json.loads(lines[-1]), usage.ru_maxrss / 1024

    def run(self, *command):
        return self.finish(self.start(*command))[0]

    # What SQLite can do.

    def limit_rate(self, verb, count, per_commit):
        file = self.file()
        rate = self.run(self.limit, file, verb, count, per_commit)["per_second"]
        remove(file)
        return rate

    # What others do.

    def peer_rates(self, name, count):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        rates = self.run(self.python, ROOT / "scripts/bench-peers", name, folder, count)
        shutil.rmtree(folder)
        return rates

    # What we do.

    def enqueue_rate(self, count, *options):
        file = self.file()
        rate = self.run(self.ours, "enqueue", "--database", file, "--count", count, *options)["perSecond"]
        remove(file)
        return rate

    def seeded(self, **counts):
        file = self.file()
        options = [word for name, count in counts.items() for word in (f"--{name}", count)]
        self.run(self.ours, "seed", "--database", file, *options)
        return file

    def drain(self, file, processes=1, jobs=None):
        """Jobs per second from the first lease to the last recorded end, and the most memory of one process."""
        command = [self.ours, "work", "--database", file, *(["--jobs", jobs] if jobs else [])]
        children = [self.start(*command) for _ in range(processes)]
        ends = [self.finish(child) for child in children]
        figures = [report["figure"] for report, _ in ends if report["figure"]["count"] > 0]
        count = sum(figure["count"] for figure in figures)
        if jobs is None and count != completed(file):
            raise SystemExit(f"bench: workers told of {count} completed jobs, the file has {completed(file)}")
        start = min(figure["startedAt"] for figure in figures)
        return count / (max(figure["endedAt"] for figure in figures) - start) * 1e9, max(memory for _, memory in ends)

    def drain_rate(self, count, processes=1, jobs=None):
        file = self.seeded(ready=count)
        rate, memory = self.drain(file, processes, jobs)
        remove(file)
        return rate, memory

    def pickups(self, count):
        """Milliseconds from an acknowledged enqueue to the handler in another process, sorted."""
        file = self.file()
        worker = self.start(self.ours, "work", "--serve", "--entries", "--slots", 8, "--database", file)
        if worker.stdout.readline() != "started\n":
            raise SystemExit("bench: the worker did not start")
        time.sleep(1)
        acknowledged = self.run(self.ours, "pickup", "--database", file, "--count", count)
        worker.send_signal(signal.SIGTERM)
        entries = self.finish(worker)[0]["entries"]
        remove(file)
        return sorted((entries[number] - moment) / 1e6 for number, moment in acknowledged.items())

    def idle(self, seconds):
        """What the worker that users run needs while it has nothing to do: percent of a core, MiB."""
        file = self.file()
        worker = self.start(self.rundown, "worker", "--database", file)
        time.sleep(3)
        before, start = ticks(worker.pid), time.monotonic()
        time.sleep(seconds)
        used = (ticks(worker.pid) - before) / os.sysconf("SC_CLK_TCK") / (time.monotonic() - start)
        memory = memory_of(worker.pid, "VmRSS")
        worker.send_signal(signal.SIGTERM)
        worker.wait()
        remove(file)
        return used * 100, memory

    def starts(self, count):
        """Milliseconds from the start of `rundown enqueue` to the number on its output, and its memory in MiB."""
        file, times, memory = self.file(), [], 0
        # The first one makes the file and reads the program from the disk; the last ones are watched for their memory.
        for number in range(count + 6):
            watched = number > count
            begin = time.monotonic()
            child = self.start(self.rundown, "enqueue", "create-bucket-config", "--database", file,
                               "--connection", "media", "--bucket", f"bench-{number}", "--region", "eu-central-1")
            if watched:
                memory = max(memory, peak_until_end(child.pid))
            printed = child.stdout.read(1)
            times.append((time.monotonic() - begin) * 1000)
            child.stdout.read()
            if child.wait() != 0 or not printed:
                raise SystemExit(f"bench: rundown enqueue ended with {child.returncode}")
            self.children.remove(child)
        remove(file)
        return statistics.median(times[1:count + 1]), memory


def ticks(pid):
    """The processor time of a process, in clock ticks: fields 14 and 15 of proc_pid_stat(5)."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def memory_of(pid, name):
    """MiB by a line of /proc/PID/status; None when the process has ended."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    except ProcessLookupError:
        return None
    return next((int(line.split()[1]) / 1024 for line in status if line.startswith(f"{name}:")), None)


def peak_until_end(pid):
    """The most memory of a process, by looking again and again while it lives."""
    peak = 0
    while (seen := memory_of(pid, "VmHWM")) is not None:
        peak = max(peak, seen)
    return peak


def completed(file):
    """How many jobs are completed, with a result and an attempt that says so."""
    database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return database.execute("SELECT count(*) FROM attempt JOIN job ON job.id = attempt.job "
                                "WHERE outcome = 'completed' AND output IS NOT NULL").fetchone()[0]
    finally:
        database.close()


def remove(file):
    for ending in ["", "-wal", "-shm"]:
        pathlib.Path(f"{file}{ending}").unlink(missing_ok=True)
