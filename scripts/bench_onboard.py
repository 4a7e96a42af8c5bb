"""Brings many streams in through stand-ins with a fixed latency, and the same calls by curl and xargs beside it."""
import json
import os
import pathlib
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.request

from bench_runs import ROOT, say

ENGINES, APPLICATIONS, WRITES, LATENCY = 3, 4, 4, 0.05
# What one map entry takes: a look that finds nothing, the creation, and a look at what was created.
REQUESTS = 3


class Venue:
    """An S3 server and stand-ins of engines whose every answer takes the latency; a configuration and a manifest."""

    def __init__(self, bench, streams):
        self.folder = bench.folder / "onboard"
        self.folder.mkdir()
        self.bench, self.streams, self.children = bench, streams, []
        self.stand_ins = pathlib.Path(subprocess.run(
            [ROOT / "scripts/standins", "release"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip())
        self.start_servers()
        self.write_files()

    def start_servers(self):
        names = [f"e{n}" for n in range(1, ENGINES + 1)]
        applications = [f"app{n}" for n in range(1, APPLICATIONS + 1)]
        ports = self.folder / "ports.json"
        arguments = [w for name in names for w in ("--engine", f"{name}=0")]
        arguments += [w for name in applications for w in ("--application", name)]
        self.spawn(self.stand_ins / "rundown-standins", "--control-port", "0", "--video-port", "0", *arguments,
                   "--engine-authentication", "none", "--ports-file", ports)
        self.s3 = free_port()
        self.spawn(ROOT / ".tools/ministack/bin/python", ROOT / "scripts/s3-server", AUTH="false",
                   GATEWAY_PORT=str(self.s3), BIND_HOST="127.0.0.1", SERVICES="s3,iam,sts,imds",
                   AWS_ACCESS_KEY_ID="bench", AWS_SECRET_ACCESS_KEY="bench")
        deadline = time.monotonic() + 60
        while not (ports.exists() and ports.read_text().strip() and answers(f"http://127.0.0.1:{self.s3}/")):
            if time.monotonic() > deadline:
                raise SystemExit("bench: the stand-ins did not come up")
            time.sleep(0.1)
        found = json.loads(ports.read_text())
        self.control = f"http://127.0.0.1:{found['control']}"
        self.engines = {name: f"http://127.0.0.1:{found['engines'][name]}" for name in names}
        self.applications = applications
        for name in names:
            self.post("/faults", {"listener": f"engine {name}", "kind": "slow",
                                  "delayMilliseconds": int(LATENCY * 1000)})

    def spawn(self, *command, **environment):
        with open(self.folder / "servers.log", "a") as log:
            child = subprocess.Popen([str(w) for w in command], stdout=log, stderr=log,
                                     env={**os.environ, **environment}, cwd=self.folder)
        self.bench.children.append(child)

    def post(self, path, body=None):
        request = urllib.request.Request(self.control + path, json.dumps(body).encode() if body else None)
        return json.loads(urllib.request.urlopen(request).read() or b"{}")

    def write_files(self):
        (self.folder / "key").write_text(secrets.token_hex(20))
        (self.folder / "key").chmod(0o600)
        key = {"file": str(self.folder / "key")}
        engines = {name: {"url": url, "auth": "none", "limits": {"concurrentWrites": WRITES}}
                   for name, url in self.engines.items()}
        configuration = {
            "apiVersion": "rundown/v1", "kind": "Config", "database": str(self.folder / "rundown.db"),
            "connections": {
                "engines": engines,
                "aws": {"media": {"source": "static", "endpoint": f"http://127.0.0.1:{self.s3}",
                                  "region": "eu-central-1", "accessKeyId": key, "secretAccessKey": key}},
                "pushCredentials": {"push": {"accessKeyId": key, "secretAccessKey": key}}}}
        (self.folder / "rundown.json").write_text(json.dumps(configuration))
        self.rows = [(f"cam-{n:05}", f"e{n % ENGINES + 1}", f"app{n // ENGINES % APPLICATIONS + 1}")
                     for n in range(self.streams)]
        manifest = {
            "apiVersion": "rundown/v1", "kind": "Onboarding", "metadata": {"name": "bench"},
            "spec": {"defaults": {"region": "eu-central-1", "bucket": {"name": "bench-live", "connection": "media"},
                                  "target": {"credential": "push"}},
                     "groups": [{"name": "all", "fromCSV": "streams.csv"}]}}
        (self.folder / "bench.json").write_text(json.dumps(manifest))
        (self.folder / "streams.csv").write_text(
            "stream,engine,application\n" + "".join(",".join(row) + "\n" for row in self.rows))

    def rundown(self, *words):
        return self.bench.start(self.bench.rundown, *words, "--config", self.folder / "rundown.json")

    def onboard(self):
        """Seconds from the start of the worker to the last stream, and the most memory that it held, in MiB."""
        applied, self.apply_memory = self.timed(self.rundown("apply", self.folder / "bench.json"))
        say(f"  apply of {self.streams:,} streams: {applied:.2f} s, {self.apply_memory:.0f} MiB")
        # The bucket that all wait for is another provider's: it is there before the time counts.
        self.timed(self.rundown("worker", "--once", "--queues", "storage"))
        seconds, memory = self.timed(self.rundown("worker", "--once", "--queues", "engines=64"))
        created = sum_of(self.post("/counts"), "created")
        if created != self.streams:
            raise SystemExit(f"bench: {created} entries were created, not {self.streams}")
        return applied, seconds, memory

    def timed(self, child):
        start = time.monotonic()
        child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        self.bench.children.remove(child)
        if child.returncode != 0:
            raise SystemExit(f"bench: {' '.join(child.args)} ended with {child.returncode}:\n"
                             + (self.bench.folder / "errors.log").read_text()[-800:])
        return seconds, usage.ru_maxrss / 1024

    def curl(self):
        """Seconds that a shell takes for the same calls, as many at once, to entries of other names."""
        body = {"sourceStreamName": "cam", "profile": "cupertino-cloudstorage", "enabled": True,
                "extraOptions": {"destinationName": "awss3", "awss3.bucketName": "bench-live"}}
        lines = []
        for name, engine, application in self.rows:
            url = (f"{self.engines[engine]}/v2/servers/_defaultServer_/vhosts/_defaultVHost_/applications/"
                   f"{application}/pushpublish/mapentries/curl-{name}")
            lines.append(url + " " + json.dumps({"entryName": f"curl-{name}", **body}, separators=(",", ":")))
        script = self.folder / "one.sh"
        script.write_text(
            'url=${1%% *} body=${1#* }\n'
            'curl -s -o /dev/null -H "Accept: application/json" "$url"\n'
            'curl -sf -o /dev/null -H "Content-Type: application/json" -H "Accept: application/json" -d "$body" "$url"\n'
            'curl -sf -o /dev/null -H "Accept: application/json" "$url"\n')
        before = sum_of(self.post("/counts"), "created")
        start = time.monotonic()
        at_once = ENGINES * APPLICATIONS * WRITES
        subprocess.run(["xargs", "-d", "\n", "-n", "1", "-P", str(at_once), "sh", str(script)],
                       input="\n".join(lines) + "\n", text=True, check=True)
        seconds = time.monotonic() - start
        if sum_of(self.post("/counts"), "created") - before != self.streams:
            raise SystemExit("bench: curl did not create every entry")
        return seconds


def sum_of(value, name):
    """The sum of all numbers of a name in a JSON value."""
    if isinstance(value, dict):
        return sum(part if key == name and isinstance(part, int) else sum_of(part, name) for key, part in value.items())
    return sum(sum_of(part, name) for part in value) if isinstance(value, list) else 0


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url):
    try:
        urllib.request.urlopen(url, timeout=1)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def onboard(bench, streams):
    """The figures of bringing streams in, beside the ideal and beside curl."""
    venue = Venue(bench, streams)
    say(f"{streams:,} streams on {ENGINES} engines x {APPLICATIONS} applications, {WRITES} writes at once in each,"
        f" {LATENCY * 1000:.0f} ms an answer")
    applied, seconds, memory = venue.onboard()
    counts = {}
    for _, engine, application in venue.rows:
        counts[engine, application] = counts.get((engine, application), 0) + 1
    largest = max(counts.values())
    ideal = largest * REQUESTS * LATENCY / WRITES
    say(f"  worker: {seconds:.2f} s, ideal {ideal:.2f} s, {memory:.0f} MiB")
    shell = venue.curl()
    say(f"  curl and xargs: {shell:.2f} s")
    return {"streams": streams, "ratio_to_ideal": round(seconds / ideal, 3), "ratio_to_curl": round(seconds / shell, 3),
            "rss_mib": round(memory, 1), "seconds": round(seconds, 2), "apply_seconds": round(applied, 2),
            "apply_rss_mib": round(venue.apply_memory, 1)}
