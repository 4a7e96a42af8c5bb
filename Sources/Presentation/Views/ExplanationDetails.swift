import StreamingJobs

/// What the page of a code says beyond the error: how it should look, where to look, what to run.
enum ExplanationDetails {
  /// By code.
  static let texts: [String: String] = [
    "RD0101": """
    In YAML, indent with spaces, leave a space behind each colon, and put a value in double quotes that begins with one of
    @ ` % & * ! | > or holds ': ' or ' #':
      jobs:
        - kind: restream-asset
          with: {connection: main, assetID: "a: b"}
    In JSON, names and texts stand in double quotes, and nothing follows the last value of a list. rundown enqueue --check
    FILE reads a file without enqueuing it.
    """,
    "RD0102":
      "Remove one of the two, or rename it. Two jobs are two elements of the list under jobs, each with its own '- '.",
    "RD0103":
      "Split the file; several files may be enqueued one after the other. JSON Lines on standard input may be longer.",
    "RD0104": "Values for all jobs of a kind stand under defaults: in a file of jobs.",
    "RD0105": """
    The error names the nearest key, or all that are known there. docs/configuration.md lists the keys of a configuration,
    rundown enqueue KIND --help the parameters of a kind.
    """,
    "RD0106": """
    A file of jobs begins so:
      apiVersion: rundown/v1
      kind: Jobs
      jobs:
        - kind: restream-asset
          with: {connection: main, assetID: a1}
    A configuration begins with apiVersion: rundown/v1 and kind: Config.
    """,
    "RD0107":
      "Write apiVersion: rundown/v1, and kind: Jobs in a file of jobs, Config in a configuration, Onboarding or Connections"
      + " in a manifest, Profile in a profile.",
    "RD0108":
      "A null counts as missing: in JSON null, in YAML null, ~ or nothing behind the colon. In quotes it is text.",
    "RD0109":
      "Write https://host:port or http://host:port. User and password are secrets of their own: user: and password:.",
    "RD0110": """
    Keep the secret in a file of mode 600 and write where that is:
      password: {file: /etc/rundown/secrets/fra1_password}
    or {credential: NAME} for systemd's LoadCredential=, {env: NAME}, {command: [program, argument]}. If the file was
    committed with the secret in it, change the secret.
    """,
    "RD0111":
      "A relative path is taken from the current folder. A file of jobs is UTF-8 text: YAML, JSON or JSON Lines.",
    "RD0112":
      "For example: database: /var/lib/rundown/rundown.db, or password: {file: /etc/rundown/secrets/fra1_password}",
    "RD0113": """
    For AWS write region: eu-central-1; for another server also its address:
      aws:
        media: {endpoint: "https://s3.example.net", region: fr-par, source: static, accessKeyId: {file: …}, secretAccessKey: {file: …}}
    """,
    "RD0201": "rundown enqueue --help shows where examples are; docs/cli.md has one with every key.",
    "RD0202":
      "The kinds are \(JobKinds.streaming.all.map(\.kind).joined(separator: ", ")).",
    "RD0203": """
    generate makes one job for each number:
      - kind: create-map-entry
        generate: {stream: "pitch-{n:02}", from: 1, to: 12}
        with: {entryName: "{stream}-s3", sourceStream: "{stream}", …}
    {{ stands for a brace. Without generate braces are plain text.
    """,
    "RD0204": "Write 2026-12-05T20:15:00+01:00 (Z for UTC), or +10m, +2h, +1d from now. --run-at and --until also take"
      + " '2026-12-05 20:15', by this machine's clock.",
    "RD0205": "rundown enqueue KIND --help lists every parameter with what it takes.",
    "RD0206": "Beside generate, put {n} or {stream} into the name, so that each job has its own.",
    "RD0207": "after: takes names of jobs above in the same file, and numbers of jobs that are in the queue already.",
    "RD0208": "Move the job that the other one waits for up, above it.",
    "RD0209": "head -n 10000 jobs.jsonl | rundown enqueue - takes the first part of JSON Lines.",
    "RD0210": """
    rundown config show --origin lists the connections and the file that each comes from. A job names one by its name only:
      connections: {aws: {media: {…}}}     with: {connection: media, …}
    """,
    "RD0211":
      "Take one of them out, or give it another name, key or target. To run the same again later, enqueue it again then.",
    "RD0212": """
    Rundown reads YAML, JSON and JSON Lines. One row of a table becomes one line:
      {"kind": "KIND", "with": {"PARAMETER": "value", …}}
    rundown enqueue --help lists the kinds, rundown enqueue KIND --help the parameters of one. A program makes such lines
    from a CSV file whose columns are named as the parameters:
      python3 -c 'import csv, json, sys; [print(json.dumps({"kind": "KIND", "with": row}))
        for row in csv.DictReader(sys.stdin)]' < gig.csv | rundown enqueue -
    """,
    "RD0213": "The job was taken and is not delayed. Look at the year, and at the offset: 20:15+01:00 is 19:15 UTC.",
    "RD0214": """
    The job was taken; without the file it will be dead with no-file. The path is taken from the folder in which rundown
    enqueue runs, and is opened by the worker, on its machine and as its user.
    """,
    "RD0401":
      "Save the sheet as CSV (UTF-8). file gig.csv says what it is; iconv -f WINDOWS-1252 -t UTF-8 converts an old one.",
    "RD0402": """
    A cell with a quote, a separator or a line break in it stands in quotes, and a quote in it is written twice:
      stage-a,"the ""big"" one, hall 1"
    """,
    "RD0403": """
    The columns are stream, the fields of a manifest by their path or short name, and label.NAME; docs/manifests.md has them.
    Cells behind the last column usually come from a separator in a cell without quotes.
    """,
    "RD0404": "Split it; several may be applied one after the other, and may share buckets and CDN targets.",
    "RD0405": "docs/manifests.md says what each field takes. Names and paths are checked as the jobs check them.",
    "RD0406": """
    A time is written 2026-12-05T18:00 with a time zone beside it, such as Europe/Berlin, or with its offset from UTC:
    2026-12-05T18:00:00+01:00. A span of time is 2026-11-21T13:00/2026-11-21T23:00 Europe/Berlin.
    """,
    "RD0407": "Rename one of them. Under streams, merge: true corrects the stream of that name instead of adding one.",
    "RD0408": "The error names the nearest name. generate gives streams their names: {n:03} makes 001 of 1.",
    "RD0410": """
    rundown apply --explain-values STREAM FILE shows every value of a stream and who gave it. The layers, the weakest first:
    profile, defaults, regions, engines, groups, streams. See docs/manifests.md.
    """,
    "RD0411": "docs/manifests.md lists what is refused. rundown enqueue --help lists the kinds of jobs that there are.",
    "RD0412": """
    The name is made from target.entryName, which is "{stream}-s3" where nothing else is given. What it names must differ
    from stream to stream: {stream}, {n}, {rendition}.
    """,
    "RD0413":
      "rundown apply --explain-values STREAM FILE shows for each of the two streams where its value comes from.",
    "RD0414": "Write objectOwnership: ObjectWriter, and leave blockPublicAccess out.",
    "RD0416": """
    A profile NAME is NAME.yaml in ./profiles/, in $XDG_CONFIG_HOME/rundown/profiles/ or in /etc/rundown/profiles/; a word with
    a slash in it is a path.
    """,
    "RD0417":
      "Of a time that is skipped the next one is taken, of two the first. 2026-10-25T02:30:00+01:00 means one of the two.",
    "RD0418": "rundown apply --no-rollout FILE enqueues all jobs at once, as if the manifest had no rollout.",
    "RD0215":
      "Look at the spelling. If it is right nothing is to be done: the region goes into the address and the signature as it is.",
    "RD0216": """
    rundown --config FILE is how a command is given a configuration, as in rundown worker --config config/rundown.yaml; without
    it rundown.yaml in the current folder is taken. A file of jobs has the keys apiVersion, kind: Jobs and jobs.
    """,
    "RD0301": "rundown --help lists the commands, and each command's --help its options, beginning with an example.",
    "RD0302": "Units are ms, s, m, h and d; several may follow each other: 1h30m. The longest is 100 years.",
    "RD0303": "The command's --help says what each option takes.",
    "RD0304": "Each kind of job has its queue; rundown jobs list shows them. worker.queues and --queues name them.",
    "RD0305": "Leave one of the two out.",
    "RD0306":
      "rundown jobs retry 12 13, or rundown jobs retry --state dead --kind upload-recording. A filter asks first.",
    "RD0307": "Look first with the same filter: rundown jobs list --state dead. Then repeat the command with --yes.",
    "RD0310":
      "A file of an old share may have such a name: convmv -f latin1 -t utf8 renames it. ls -b shows the bytes.",
    "RD0311": "cd to a folder that exists, or write the path from the root.",
    "RD0312":
      "Nothing was changed. Edit the file, or move it away and run rundown init again; rundown doctor checks it as it is.",
    "no-such-store": """
    rundown config show --origin says who set database: a flag, a variable, a file, or nobody. Without any it is rundown.db
    beside the project's rundown.yaml, else ~/.local/state/rundown/rundown.db. A file of no bytes holds no queue either.
    """,
    "no-such-job": "rundown jobs list --limit 10 shows the newest; config show says which queue file is used.",
    "exposed":
      "Whoever can read it can read every parameter; who can write it can make workers do anything that they may.",
    "store-group":
      "getent group lists the groups, id those of this user. A new membership counts from the next login on.",
    "corrupt": """
    Is the path right? rundown config show --origin says who set it. If it is the queue: copy the file and everything beside
    it, then restore a backup. sqlite3 COPY .recover may save what a damaged file still holds.
    """,
    "too-new": "rundown --version tells which program you run; which rundown tells where it lies.",
    "busy": "lsof FILE names the processes. A shell with an open transaction (sqlite3) is the usual one.",
    "full": "df -h FOLDER shows the space, df -i the inodes, quota -s your share.",
    "no-file":
      "ls -l PATH as the worker's user, on the worker's machine. rundown jobs retry NUMBER runs it when the file is there.",
    "no-asset":
      "rundown jobs show NUMBER has the account's answer. A name is compared exactly, capitals and blanks included.",
    "crash-limit":
      "journalctl -k | grep -i 'out of memory' finds the usual one. rundown jobs retry NUMBER counts anew.",
    "connect": "rundown doctor asks every connection once, and says what to correct.",
    "name-resolution": "getent hosts NAME asks as this program does. rundown doctor says which connection it is.",
    "connect-timeout": "A firewall that drops packets looks so. curl -v URL from the same machine tells the same.",
    "tls": """
    rundown doctor says which it is: a port that speaks HTTP (write http://), an unknown authority (name it with caFile:), or
    another host's certificate.
    """,
    "no-credentials": "rundown doctor names the place that was looked at.",
    "findings": "0 means that nothing is broken; warnings alone do not change that.",
    "exists":
      "--on-existing says what becomes of an object that is there; docs/jobs/upload-recording.md lists the words.",
    "differs":
      "Change the job, change the thing, or let the job replace it: --on-existing replace, where the kind has it.",
    "outcome-unknown":
      "rundown jobs list shows whether it is there. Enqueued again, an unfinished job is found by its unique key.",
  ]
}
