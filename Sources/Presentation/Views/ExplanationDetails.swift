import StreamingJobs

/// What the page of a code adds to the error itself: the correct form, where to look, what to run.
enum ExplanationDetails {
  /// By code.
  static let texts: [String: String] = [
    "RD0101": """
    In YAML, indent with spaces and leave a space after each colon. Put a value in double quotes if it starts with one of
    @ ` % & * ! | > or contains ': ' or ' #':
      jobs:
        - kind: restream-asset
          with: {connection: main, assetID: "a: b"}
    In JSON, put names and texts in double quotes, and no comma after the last value of a list. rundown enqueue --check
    FILE reads a file without enqueuing it.
    """,
    "RD0102":
      "Remove or rename one of them. Two jobs are two items of the list under jobs, each starting with '- '.",
    "RD0103":
      "Split the file and enqueue the parts one after the other. JSON Lines on standard input may be longer.",
    "RD0104": "To set values for all jobs of a kind, use defaults: in a file of jobs.",
    "RD0105": """
    The error suggests the closest key, or lists all valid ones. docs/configuration.md lists the keys of a configuration,
    rundown enqueue KIND --help the parameters of a job kind.
    """,
    "RD0106": """
    A file of jobs starts like this:
      apiVersion: rundown/v1
      kind: Jobs
      jobs:
        - kind: restream-asset
          with: {connection: main, assetID: a1}
    A configuration starts with apiVersion: rundown/v1 and kind: Config.
    """,
    "RD0107":
      "Write apiVersion: rundown/v1, and kind: Jobs in a file of jobs, Config in a configuration, Onboarding or Connections"
      + " in a manifest, Profile in a profile.",
    "RD0108":
      "A null value counts as missing: null in JSON; null, ~ or nothing after the colon in YAML. In quotes it is text.",
    "RD0109":
      "Write https://host:port or http://host:port. User and password go into the keys user: and password:.",
    "RD0110": """
    Put the secret in a file of mode 600 and write the path of that file:
      password: {file: /etc/rundown/secrets/fra1_password}
    or {credential: NAME} for systemd's LoadCredential=, {env: NAME}, {command: [program, argument]}. If the file was
    committed with the secret in it, replace the secret.
    """,
    "RD0111":
      "A relative path is relative to the current folder. A file of jobs is UTF-8 text: YAML, JSON or JSON Lines.",
    "RD0112":
      "For example: database: /var/lib/rundown/rundown.db, or password: {file: /etc/rundown/secrets/fra1_password}",
    "RD0113": """
    For AWS, write region: eu-central-1. For another server, add its address:
      aws:
        media: {endpoint: "https://s3.example.net", region: fr-par, source: static, accessKeyId: {file: …}, secretAccessKey: {file: …}}
    """,
    "RD0201": "rundown enqueue --help has examples; docs/cli.md has one with every key.",
    "RD0202":
      "The kinds are \(JobKinds.streaming.all.map(\.kind).joined(separator: ", ")).",
    "RD0203": """
    generate makes one job for each number:
      - kind: create-map-entry
        generate: {stream: "pitch-{n:02}", from: 1, to: 12}
        with: {entryName: "{stream}-s3", sourceStream: "{stream}", …}
    Write {{ for a literal brace. Without generate, braces are plain text.
    """,
    "RD0204": "Write 2026-12-05T20:15:00+01:00 (Z for UTC), or +10m, +2h, +1d from now. --run-at and --until also take"
      + " '2026-12-05 20:15', by this machine's clock.",
    "RD0205": "rundown enqueue KIND --help lists every parameter and its values.",
    "RD0206": "With generate, use {n} or {stream} in the name, so that each job gets its own.",
    "RD0207":
      "after: takes names of jobs further up in the same file, and numbers of jobs that are already in the queue.",
    "RD0208": "Move the job that is waited for above the one that waits.",
    "RD0209": "For JSON Lines, head -n 10000 jobs.jsonl | rundown enqueue - enqueues the first part.",
    "RD0210": """
    rundown config show --origin lists the connections and the file that each comes from. A job uses only the name:
      connections: {aws: {media: {…}}}     with: {connection: media, …}
    """,
    "RD0211":
      "Remove one of them, or change its name, key or target. To run the same job again later, enqueue it again then.",
    "RD0212": """
    Rundown reads YAML, JSON and JSON Lines. One row of a table becomes one line:
      {"kind": "KIND", "with": {"PARAMETER": "value", …}}
    rundown enqueue --help lists the kinds, rundown enqueue KIND --help the parameters of one. For a sheet of streams there
    is rundown apply. This makes such lines from a CSV file whose columns are named after the parameters:
      python3 -c 'import csv, json, sys; [print(json.dumps({"kind": "KIND", "with": row}))
        for row in csv.DictReader(sys.stdin)]' < gig.csv | rundown enqueue -
    """,
    "RD0213": "The job was enqueued and runs at once. Check the year and the offset: 20:15+01:00 is 19:15 UTC.",
    "RD0214": """
    The job was enqueued; if the file is still missing when it runs, the job ends dead with no-file. A relative path is
    relative to the folder in which rundown enqueue runs. The worker opens the file, on its own machine and as its own user.
    """,
    "RD0401":
      "Save the sheet as CSV (UTF-8). The command file gig.csv shows its encoding; iconv -f WINDOWS-1252 -t UTF-8 converts an old one.",
    "RD0402": """
    Put a cell that contains a quote, a separator or a line break in quotes, and double each quote inside it:
      stage-a,"the ""big"" one, hall 1"
    """,
    "RD0403": """
    The columns are stream, any manifest field by its path or short name, and label.NAME; docs/manifests.md lists them.
    Cells beyond the last column usually come from a separator in a cell without quotes.
    """,
    "RD0404": "Split it and apply the parts one after the other; they may share buckets and CDN targets.",
    "RD0405": "docs/manifests.md lists the values of each field. Names and paths follow the same rules as in jobs.",
    "RD0406": """
    Write 2026-12-05T18:00 and set timezone, such as Europe/Berlin, or write the time with its offset from UTC:
    2026-12-05T18:00:00+01:00. A time range is 2026-11-21T13:00/2026-11-21T23:00 Europe/Berlin.
    """,
    "RD0407":
      "Rename one of them. Under streams, merge: true changes the existing stream of that name instead of adding one.",
    "RD0408": "The error suggests the closest name. In the names that generate makes, {n:03} turns 1 into 001.",
    "RD0410": """
    rundown apply --explain-values STREAM FILE shows every value of a stream and where it comes from. Later layers override
    earlier ones: profile, defaults, regions, engines, groups, streams. See docs/manifests.md.
    """,
    "RD0411": "docs/manifests.md lists what is refused. rundown enqueue --help lists the job kinds.",
    "RD0412": """
    The name comes from target.entryName, "{stream}-s3" by default. It needs a placeholder that differs from stream to
    stream: {stream}, {n} or {rendition}.
    """,
    "RD0413":
      "rundown apply --explain-values STREAM FILE shows where a stream's values come from. Run it for both streams.",
    "RD0414": "Write objectOwnership: ObjectWriter, and leave blockPublicAccess out.",
    "RD0416": """
    A profile NAME is the file NAME.yaml in ./profiles/, $XDG_CONFIG_HOME/rundown/profiles/ or /etc/rundown/profiles/. A value
    with a slash in it is a path.
    """,
    "RD0417":
      "A skipped time becomes the next one that exists; of two, the first is used. 2026-10-25T02:30:00+01:00 names one of the two.",
    "RD0430": "Add the connections to the configuration, or pass a file of them with --connections.",
    "RD0431": "rundown doctor checks every connection and says what to fix. Then run rundown plan again.",
    "RD0432": """
    Set onExisting on the stream (docs/manifests.md), use another name, or remove what is there. The plan lists the fields that
    differ, with both values.
    """,
    "RD0433": "rundown plan FILE --out PLAN saves it again. A saved plan is not meant to be edited.",
    "RD0434":
      "The notes list what changed. rundown plan FILE --out PLAN saves a new plan, which shows what is still to do.",
    "RD0440": "Use letters, digits, '-', '_' and '.': the name becomes part of the keys and labels of its jobs.",
    "RD0441": "Check the year, and the zone. rundown schedule next NAME lists the times of a schedule that exists.",
    "RD0442": "Write an IANA name such as Europe/Berlin; on Debian the rules come with the package tzdata.",
    "RD0443": "Add --stop-after 2h, counted from the planned time; or --no-stop if it is meant to go on for ever.",
    "RD0444": "Five fields: minute, hour, day of month, month, day of week, such as '30 18 * * MON-FRI'.",
    "RD0445": "Add --event NAME; rundown schedule show NAME lists the events.",
    "RD0438":
      "A second apply would enqueue a second check, but the jobs of the later waves wait for the first one. Repair and"
      + " retry what failed, or discard it; then retry the check's job, and the rollout continues. Or cancel all jobs of"
      + " the manifest and apply it again.",
    "RD0435": "rundown apply PLAN takes no other options. To plan with other options, run rundown plan again.",
    "RD0421":
      "Choose another name, or leave -o out: rundown template csv then writes to standard output.",
    "RD0422":
      "rundown export without -l shows all streams. A stream is in the inventory once the job of its map entry has completed.",
    "RD0423": "rundown batches list shows them, newest first.",
    "RD0215":
      "Check the spelling. If it is right, nothing needs to be done: the region is used in the address and the signature as it is.",
    "RD0216": """
    Pass a configuration with --config, as in rundown worker --config config/rundown.yaml; without it, rundown.yaml in the
    current folder is used. A file of jobs has the keys apiVersion, kind: Jobs and jobs.
    """,
    "RD0301": "rundown --help lists the commands; each command's --help has examples and options.",
    "RD0302": "Units are ms, s, m, h and d, and can be combined: 1h30m. The maximum is 100 years.",
    "RD0303": "The command's --help lists the values of each option.",
    "RD0304":
      "Each job kind belongs to a queue; rundown status lists the queues. Set the ones to serve with worker.queues or --queues.",
    "RD0305": "Remove one of them.",
    "RD0306":
      "rundown jobs retry 12 13, or rundown jobs retry --state dead --kind upload-recording. A filter asks first.",
    "RD0307": "Check first with the same filter: rundown jobs list --state dead. Then repeat the command with --yes.",
    "RD0310":
      "Files on an old share may have such names: convmv -f latin1 -t utf8 renames them. ls -b shows the bytes.",
    "RD0311": "cd to a folder that exists, or write an absolute path.",
    "RD0312":
      "Nothing was changed. Edit the file, or move it away and run rundown init again. rundown doctor checks the existing one.",
    "no-such-store": """
    rundown config show --origin says what sets database: an option, a variable or a file. By default it is rundown.db
    beside the project's rundown.yaml, or else ~/.local/state/rundown/rundown.db. An empty file is not a queue file either.
    """,
    "no-such-schedule": "rundown schedule list shows the schedules; rundown schedule list --runs the history of all.",
    "no-such-event": "rundown schedule show NAME lists its events.",
    "no-time": "rundown schedule next NAME lists the times to come, by the schedule's clock.",
    "has-begun": "rundown schedule show NAME says how it stands; to stop its job, rundown jobs cancel N.",
    "no-such-job":
      "rundown jobs list --limit 10 shows the newest jobs; rundown config show says which queue file is used.",
    "exposed":
      "Whoever can read it can read every parameter. Whoever can write it can make workers do anything they are allowed to.",
    "store-group":
      "getent group lists the groups, id those of this user. A new membership takes effect at the next login.",
    "corrupt": """
    Is the path right? rundown config show --origin says what sets it. If it is the queue file, copy it and its -wal and -shm,
    then restore a backup. sqlite3 COPY .recover may rescue what is left in a damaged file.
    """,
    "too-new": "rundown --version says which version you run; which rundown says where it is installed.",
    "busy": "lsof FILE lists the processes. Usually it is an sqlite3 shell with an open transaction.",
    "full": "df -h FOLDER shows the space, df -i the inodes, quota -s your share.",
    "no-file":
      "Run ls -l PATH on the worker's machine, as the worker's user. Once the file is there: rundown jobs retry NUMBER",
    "no-asset":
      "rundown jobs show NUMBER has the account's response. Names must match exactly, including capitals and spaces.",
    "crash-limit":
      "Often it is memory: journalctl -k | grep -i 'out of memory'. rundown jobs retry NUMBER starts the count over.",
    "connect": "rundown doctor tries every connection once and says what to fix.",
    "name-resolution": "getent hosts NAME looks it up the same way. rundown doctor says which connection it is.",
    "connect-timeout": "A firewall that drops packets looks like this. Compare with curl -v URL on the same machine.",
    "tls": """
    rundown doctor says which it is: a port that speaks plain HTTP (write http://), an unknown certificate authority (set
    caFile:), or a certificate for another host.
    """,
    "no-credentials": "rundown doctor says where it looked.",
    "findings": "Exit status 0 means that nothing is broken; warnings do not change it.",
    "exists":
      "--on-existing says what to do with an existing object; docs/jobs/upload-recording.md lists the choices.",
    "differs":
      "Change the job, change what exists, or let the job replace it: --on-existing replace, if the kind has that option.",
    "outcome-unknown":
      "rundown jobs list shows whether it was saved. Enqueuing an unfinished job again is safe: its unique key finds it.",
  ]
}
