import StreamingJobs

/// What each code means that this program prints. A code never changes its meaning.
package enum Explanations {
  private static let queues =
    JobKinds.streaming.queues.dropLast().joined(separator: ", ") + " and " + (JobKinds.streaming.queues.last ?? "")

  /// By code.
  package static let texts = files.merging(words) { first, _ in first }
    .merging(StorageExplanations.texts) { first, _ in first }
    .merging(ManifestExplanations.texts) { first, _ in first }

  /// Errors in the user's files and command lines.
  private static let files: [String: String] = [
    "RD0101": "The file is not valid YAML or JSON. Check indentation, colons and quotes near the place that is shown.",
    "RD0102": "A mapping has the same key twice. It is unclear which one is meant, so neither is used.",
    "RD0103":
      "The file exceeds a limit: 1 MiB, 32 levels, 100,000 values, 100 documents.",
    "RD0104":
      "The file uses YAML anchors or aliases, which can make a small file expand enormously. Write the value out.",
    "RD0105": "The key is unknown here. It is refused rather than ignored, because you may be relying on it.",
    "RD0106": "The value has the wrong type, such as a list where text is expected, or a word where a number is.",
    "RD0107":
      "apiVersion or kind is missing or wrong. They say which program and which kind of document the file is for.",
    "RD0108": "A required key is missing.",
    "RD0109": "The address is not usable. It needs http or https and a host, and no user or password.",
    "RD0110": "A secret was written where a reference to a secret is expected. Files hold references only.",
    "RD0111": "The file does not exist or cannot be read.",
    "RD0112":
      "In the user's or the system's configuration, a relative path would mean a different file in every folder. Write an"
      + " absolute path.",
    "RD0113":
      "AWS has no region with this name, or it looks like a typo of one. For a server other than AWS, set the connection's endpoint.",
    "RD0201": "The file of jobs is empty.",
    "RD0202": "There is no job kind with this name. See rundown enqueue --help.",
    "RD0203": "A template uses an unknown placeholder, or generate does not count up.",
    "RD0204":
      "The time is not valid. In a file it needs an offset from UTC, or it would mean different times on different machines.",
    "RD0205": "A parameter has a value that the job kind does not accept.",
    "RD0206": "Two jobs in the file have the same name, so it is unclear which one a waiting job means.",
    "RD0207": "A job waits for a name that no job in the file has.",
    "RD0208": "A job waits for one that comes after it. Parents come first, which rules out cycles.",
    "RD0209": "The file has more than 10,000 jobs. Split it: all jobs of a file go into one commit.",
    "RD0210": "A job names a connection that the configuration does not have.",
    "RD0211":
      "Two jobs in the file have the same effect, such as the same map entry. The second would count as a repetition.",
    "RD0212":
      "The file is a spreadsheet table, not a file of jobs.",
    "RD0213": "A job was to run at a time that has already passed. It was enqueued and is ready at once.",
    "RD0214": "A file to upload does not exist or cannot be read. The job was enqueued anyway.",
    "RD0215":
      "A job names an AWS region that this program does not know. It was enqueued anyway, because new regions appear all the time.",
    "RD0216":
      "The file is a configuration, which says where the providers are. A file of jobs says what to do there.",
    "RD0301":
      "The command line has an unknown command or option, lacks a required one, or gives one a value of the wrong type.",
    "RD0302": "The duration is not valid. Write a number and a unit: 90s, 10m, 2h, 7d.",
    "RD0303": "An option or argument has a value that the command does not accept; the message says which one.",
    "RD0304": "There is no queue with this name. A worker serves \(queues).",
    "RD0305": "Two options contradict each other or say the same thing twice. Use only one of them.",
    "RD0306": "The command changes jobs, but neither numbers nor a filter say which ones.",
    "RD0307":
      "The command needs a confirmation, and there is no terminal to ask on. Nothing was changed.",
    "RD0310":
      "An argument or variable is not UTF-8 text. Guessing could name a different file or key, so nothing was done.",
    "RD0312": "A configuration already exists, and init never replaces one.",
    "RD0311": "A relative path cannot be resolved: the current folder was removed, or its path cannot be determined.",
  ]

  /// Errors of the queue file, secrets, connections and jobs.
  private static let words: [String: String] = [
    "limits":
      "The system does not allow this process enough open files, threads or memory to start. Raise the limit.",
    "lease-lost":
      "The job went to another worker, because this one was not heard from for too long. It stopped and recorded nothing.",
    "no-such-gate": "No gate with this name has ever been closed. See rundown gates list.",
    "no-such-schedule": "The queue file has no schedule of this name, or it was removed.",
    "no-such-event": "The schedule has no event of this name.",
    "no-time": "The schedule has no planned time there, or none is left.",
    "has-begun": "The planned time has started already, or is over, so it cannot be skipped.",
    "no-such-job":
      "No job has this number. It was never enqueued in this queue file, or it finished and was removed after the retention time.",
    "no-such-store": "There is no queue file at this path. The first enqueue creates it.",
    "no-such-parent": "A job was to wait for a job that is not in the queue. Nothing was enqueued.",
    "wrong-state": "A job cannot go from its current state to the requested one.",
    "record-exists":
      "A record that was to be created already exists, so nothing was enqueued. Read it: the work may already be done.",
    "unique-conflict": "Another unfinished job has the same effect. Wait for it or cancel it, then try again.",
    "changing":
      "Someone else kept changing it at the same time, so nothing was written. Check who else writes it.",
    "claimed":
      "The provider returned something that another job has already recorded as its own. Look at both jobs.",
    "unavailable": "The queue file, a library or an endpoint cannot be reached; the message says which and why.",
    "corrupt":
      "The file is damaged, or is not a Rundown queue file. Stop every worker and keep a copy with its -wal and -shm first.",
    "too-new": "A newer version of Rundown wrote the queue file. Use that version; this one has changed nothing.",
    "full":
      "The disk is full. Everything that was acknowledged is safe; free some space and run the same command again.",
    "outcome-unknown":
      "The disk failed while the queue file was being written. Your change may have been saved; check before you repeat it.",
    "replaced":
      "The queue file was moved, deleted or replaced while a program was using it. That program has stopped. Stop every worker before you move the file.",
    "foreign-log":
      "The -wal beside the queue file belongs to another file, or lacks jobs that it once held. Put the file and its newest"
      + " -wal back together; the message says how to continue without it.",
    "missing-log":
      "The queue file was moved or copied without its -wal, which holds its newest jobs, or the -wal was removed. Put it back"
      + " beside the file. If it is lost, create an empty one (umask 077; rm -f FILE-shm; touch FILE-wal): the file then opens"
      + " without those jobs.",
    "hard-linked":
      "The queue file has more than one name: hard links, or a mount of just the file. Opened by another name, it would lack"
      + " its log. Remove the other names, and mount the whole folder instead.",
    "read-only": "This user may not write the queue file or its folder.",
    "exposed":
      "Other users can read the queue file. Run chmod 600 on it; its -wal and -shm follow. To share it with a group, set storeGroup.",
    "store-group":
      "The group in storeGroup does not exist, this user is not a member, or a file's group could not be changed."
      + " The message says which.",
    "busy": "Another program kept the queue file locked for too long.",
    "invalid": "A value cannot be used, such as a name that is too long; the message says which one.",
    "literal": "A secret was written where a reference to a secret is expected.",
    "missing": "A secret reference or a credential source points to nothing.",
    "unreadable": "The secret's file cannot be read by the user of this process.",
    "too-large": "The secret is larger than 64 KiB, so the reference probably points to something else.",
    "unusable":
      "The secret contains something that cannot be sent: control characters, a byte order mark, UTF-16 or several lines."
      + " Store only the value, as plain text.",
    "empty": "The secret is empty.",
    "command-failed": "The command that prints a secret did not start, failed, or took too long.",
    "not-a-value": "A profile is a pair of keys, so it can only be the source of an AWS connection.",
    "unsupported": "The AWS configuration uses a credential source that Rundown does not support, such as SSO.",
    "name-resolution":
      "The host name does not resolve. Nothing was sent; the job is retried without using up an attempt.",
    "connect": "The host refused the connection. Nothing was sent; the job is retried without using up an attempt.",
    "connect-timeout":
      "The host did not answer in time. Nothing was sent; the job is retried without using up an attempt.",
    "tls": "The host's TLS certificate or protocol version is not trusted. Nothing was sent.",
    "timeout": "It took longer than its limit. Before a request is repeated, Rundown checks whether it took effect.",
    "stalled": "A transfer stalled: no data arrived for too long.",
    "connection-lost":
      "The connection was lost midway. Before the request is repeated, Rundown checks whether it took effect.",
    "protocol-violation": "The response is not valid HTTP. Check for a proxy in between.",
    "response-too-large": "The response is larger than any valid one would be.",
    "cancelled": "The request was cancelled on this side.",
    "invalid-request": "No valid request could be built from the given values; nothing was sent.",
    "crash-limit":
      "The job was stopped after three workers in a row died while running it. Find out what kills them.",
    "differs": "What exists at the provider differs from what was asked for. The message names each field.",
    "same-origin": "A stream target with another name already serves this origin, and a second one was not asked for.",
    "exists": "The key holds another object, and the job may not replace it.",
    "vanished": "Someone removed what the job had created or found before the job was done.",
    "no-entry": "The application has no map entry with this name. Check both names, or create the entry first.",
    "rollout-stopped":
      "Too many streams of a wave failed, so the next wave does not start. Retry or discard the failed jobs, then retry the check: the rollout continues.",
    "too-late":
      "Its deadline has passed, so nothing was done. Check what kept the job waiting.",
    "no-file": "The worker finds no regular file at this path. Uploads must run on the machine that has the recording.",
    "outside-roots":
      "The file is outside the folders that uploads may read (uploads.roots), or a link leads out of them.",
    "file": "A local file could not be read or written.",
    "file-changed":
      "The file changed during its upload, so the object would be a mix of the old and the new content.",
    "region":
      "AWS has no region with this name. For a server other than AWS, set the connection's endpoint.",
    "other-region": "The bucket exists, but in another region than the one that was asked for.",
    "no-asset":
      "The account has no asset with this id or name, or it was deleted. Check that the connection is for the right account.",
    "asset-failed":
      "The provider could not process the asset. Upload it again, then enqueue a new job with its new id.",
    "asset-timeout": "The asset was still being processed after assetTimeoutSeconds. A retry waits again.",
    "ambiguous": "Several assets have this name; the message lists their ids. Enqueue the job with assetID instead.",
    "start-stuck": "The live stream did not start in time. It was left as it is.",
    "payload": "The job's stored parameters cannot be read.",
    "result-refused": "The job did its work, but its result is too large to store.",
    "unsupported-version":
      "This version of the provider's API does not support what is asked for, or uses different credentials.",
    "no-credentials": "The connection's credentials are not available. Nothing was sent; the job is retried.",
    "incomplete-list": "The provider's list is incomplete, or kept changing while it was read.",
    "list-too-long":
      "The provider's list is too long to read in full. Remove what is no longer needed.",
    "no-live-stream": "The account has no live stream with this id, or it was deleted.",
    "undecodable-answer": "The provider's response cannot be understood. Check the connection's address.",
    "unexpected": "An unexpected error; the message has the details. The job is retried.",
    "wait-timeout": "The --timeout of wait has passed. The jobs continue; wait again, or longer.",
    "not-reached":
      "A job cannot reach the awaited state unless an operator acts. rundown jobs show NUMBER says why.",
    "interrupted":
      "The command was interrupted, or its question was answered with no. Jobs that are already in the queue continue.",
    "output":
      "Standard output or a file cannot be written, for example because the disk is full; the message says which.",
    "findings": "Doctor found problems; each one says how to fix it.",
    "no-such-code": "No error has this code. List all of them with: rundown explain",
    "error": "The job failed; the message has the details. It is retried.",
    "unknown": "The provider refused the request without giving a code.",
  ]
}
