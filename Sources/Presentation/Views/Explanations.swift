import StreamingJobs

/// What each code means that this program tells a person. A code never changes its meaning.
package enum Explanations {
  private static let queues =
    JobKinds.streaming.queues.dropLast().joined(separator: ", ") + " and " + (JobKinds.streaming.queues.last ?? "")

  /// By code.
  package static let texts = files.merging(words) { first, _ in first }
    .merging(StorageExplanations.texts) { first, _ in first }
    .merging(ManifestExplanations.texts) { first, _ in first }

  /// Errors in a person's own files and command lines.
  private static let files: [String: String] = [
    "RD0101": "The file is not valid YAML or JSON. Check indentation, colons and quotes near the place that is shown.",
    "RD0102": "A mapping has the same key twice. Which one would win is not defined, so neither is taken.",
    "RD0103":
      "The file is larger, deeper or has more values than we read: 1 MiB, 32 levels, 100,000 values, 100 documents.",
    "RD0104": "The file uses YAML anchors or aliases. They can make a small file explode; write the value out.",
    "RD0105": "The key is not known here. A key that we ignored could be a setting that you rely on.",
    "RD0106": "The value has the wrong type: a list where a text belongs, a word where a number belongs.",
    "RD0107": "apiVersion or kind is missing or another one. They say which program and which shape the file is for.",
    "RD0108": "A key that must be there is missing.",
    "RD0109": "The address is not one that we can use: http or https, a host, no user and password.",
    "RD0110": "A secret itself stands where the place of a secret belongs. Files hold references only.",
    "RD0111": "The file that was named does not exist or cannot be read.",
    "RD0112":
      "A relative path in the user's or the system's configuration would mean another file in every directory. Write it"
      + " from the root.",
    "RD0113":
      "AWS has no region of this name, or the name is nearly that of one. Other servers have their own: give the connection the endpoint of that server.",
    "RD0201": "The file of jobs is empty.",
    "RD0202": "There is no kind of job of this name. See rundown enqueue --help.",
    "RD0203": "A template names something that is not known, or generate does not count up.",
    "RD0204":
      "The time cannot be read. In a file it needs its offset from UTC, or it would mean another one elsewhere.",
    "RD0205": "A parameter's value is not one that the kind of job takes.",
    "RD0206": "Two jobs of the file have the same name, so a job that waits for it would not know for which.",
    "RD0207": "A job waits for a name that no job of the file has.",
    "RD0208": "A job waits for one that stands after it. Parents stand first, so there can be no circle.",
    "RD0209": "The file has more than 10,000 jobs. Split it; a batch is one commit.",
    "RD0210": "A job names a connection that the configuration does not have.",
    "RD0211":
      "Two jobs of the file have the same effect, such as the same map entry. The second would be taken for the first.",
    "RD0212":
      "The file is a table of a spreadsheet, and a job has parts that no column can tell, such as its parameters.",
    "RD0213": "A job was to run at a moment that is over already. It was taken, and is ready at once.",
    "RD0214": "A file that a job is to upload is not there, or cannot be read. The job was taken all the same.",
    "RD0215":
      "A job names a region of AWS that this program does not know. It was taken: new regions appear all the time.",
    "RD0216":
      "The file is a configuration. It says where the providers are, and a file of jobs says what is to be done there.",
    "RD0301":
      "The command line has a command or flag that we do not have, lacks one, or gives one a text of the wrong type.",
    "RD0302": "The duration cannot be read. It is a number and a unit: 90s, 10m, 2h, 7d.",
    "RD0303": "The value of a flag or an argument is not one that the command takes; the message says which one.",
    "RD0304": "There is no queue of this name. A worker serves \(queues).",
    "RD0305": "Two flags say the same thing in two ways. Which one would win is not defined, so neither is taken.",
    "RD0306": "The command changes jobs, and nothing says which ones: neither numbers nor a filter.",
    "RD0307":
      "A filter chose the jobs, and nobody could be asked whether it means the right ones. Nothing was changed.",
    "RD0310":
      "An argument or variable is not UTF-8 text. Repaired it would name another file or key, so nothing was done.",
    "RD0312": "There is a configuration already, and a new one would replace it.",
    "RD0311": "A relative path means nothing where the current folder was removed or has no name that can be written.",
  ]

  /// Errors of the queue file, of secrets, of connections, and of jobs.
  private static let words: [String: String] = [
    "limits":
      "The system lets this process have too few open files, threads or too little memory to begin. Raise the limit.",
    "lease-lost":
      "The job's lease went to another worker, because this one was silent for too long. It stopped and changed nothing.",
    "no-such-gate": "No gate of this key was ever closed. See rundown gates list.",
    "no-such-job":
      "No job has this number. It was never enqueued in this file, or it was finished and its time of keeping is over.",
    "no-such-store": "There is no queue file at this path. The first enqueue creates it.",
    "no-such-parent": "A job was to wait for a number that is not in the queue. Nothing was enqueued.",
    "wrong-state": "A job cannot go from the state it is in to the one that was asked for.",
    "record-exists":
      "A record that was to be new is there already, so nothing was enqueued. Look at what it says: the work may be done.",
    "unique-conflict": "Another unfinished job has the same effect. Wait for it or cancel it, then try again.",
    "changing":
      "Somebody else kept changing the thing while it was to be changed, so nothing was written. See who else writes it.",
    "claimed":
      "The provider gave us something that another job already recorded as its own. A person must look at both.",
    "unavailable": "The queue file, a library or an endpoint cannot be reached; the message says which and why.",
    "corrupt":
      "The file is not a queue of ours, or damaged. Stop every worker and keep a copy with its -wal and -shm first.",
    "too-new": "A newer program wrote the queue file. Use that one; this one has changed nothing.",
    "full": "The disk is full. What was acknowledged is safe; make room and run the same command again.",
    "outcome-unknown":
      "The disk failed while the queue file was written. What you asked for may be there; look before you do it again.",
    "replaced":
      "The queue file was moved, deleted or replaced under a running program, which stopped. Stop all before you do so.",
    "foreign-log":
      "The -wal beside the queue file belongs to another file, or to one that is no longer there, or lacks jobs that it held."
      + " Put the file and its newest -wal together again; the message says how to go on without it.",
    "missing-log":
      "The queue file was moved or copied without its -wal, which holds its newest jobs, or the -wal was taken away. Bring it"
      + " beside the file. Where there is none any more, put an empty one there (umask 077; rm -f FILE-shm; touch FILE-wal): the"
      + " file opens without those jobs.",
    "hard-linked":
      "The queue file has several names: hard links, or a mount of the file alone. Used by another one it would lack its log;"
      + " remove the others, and mount its folder.",
    "read-only": "The queue file or its directory may not be written by this user.",
    "exposed":
      "Others may read the queue file. Run chmod 600 on it; its -wal and -shm follow. A group shares it with storeGroup.",
    "store-group":
      "The group that storeGroup names does not exist here, this user is not in it, or a file could not be given to it."
      + " The message says which.",
    "busy": "Another program keeps the queue file locked for longer than we wait.",
    "invalid": "Something that was given cannot be used, such as a name that is too long; the message says what.",
    "literal": "A secret itself stands where the place of a secret belongs.",
    "missing": "Nothing is at the place that a secret reference or a credential source names.",
    "unreadable": "The secret's file cannot be read by the user of this process.",
    "too-large": "The secret has more than 64 KiB, so the reference names something else.",
    "unusable":
      "The place of the secret holds something that cannot be sent: control characters, a byte order mark, UTF-16 or lines."
      + " Write the value alone, as plain text.",
    "empty": "The place of the secret holds nothing.",
    "command-failed": "The program that prints a secret did not start, failed, or took too long.",
    "not-a-value": "A profile is a pair of keys; it can be the source of an AWS connection only.",
    "unsupported": "The AWS configuration asks for a credential source that we do not have, such as SSO.",
    "name-resolution":
      "The host's name has no address. Nothing was sent; the job comes back without losing an attempt.",
    "connect": "The host refused the connection. Nothing was sent; the job comes back without losing an attempt.",
    "connect-timeout":
      "The host did not answer in time. Nothing was sent; the job comes back without losing an attempt.",
    "tls": "The host's certificate or its encryption is not one that we trust. Nothing was sent.",
    "timeout": "It took longer than it may. Whether a request took effect is looked up before it is made again.",
    "stalled": "No byte came for too long in the middle of a transfer.",
    "connection-lost":
      "The connection ended in the middle. Whether the request took effect is looked up before it is made again.",
    "protocol-violation": "The answer is not HTTP as it should be. Look for a proxy in between.",
    "response-too-large": "The answer is larger than any right one would be.",
    "cancelled": "The request was ended from our side.",
    "invalid-request": "A request could not be put together from what was given; nothing was sent.",
    "crash-limit":
      "The job was quarantined after its worker was lost three times while running it. Look for what kills workers.",
    "differs": "The provider holds something else than was asked for. The message names each field.",
    "same-origin": "A stream target of another name serves the same origin, and a second one was not asked for.",
    "exists": "The key holds another object, and the job may not replace it.",
    "vanished": "What the job made or found was removed by somebody before it was done.",
    "no-entry": "The application has no map entry of this name. Check both names, or create the entry first.",
    "too-late":
      "The moment until which it was wanted has passed, so nothing was done. Look at what kept the job waiting.",
    "no-file": "The worker sees no regular file at the path. Uploads must run on the machine that has the recording.",
    "outside-roots":
      "The file lies outside the folders that the worker's configuration lets uploads read, or a link leads out of them.",
    "file": "A local file could not be read or written.",
    "file-changed":
      "The file changed during its upload, so what was sent would be neither the old one nor the new one.",
    "region":
      "AWS has no region of this name. Other servers have their own: give the connection the endpoint of that server.",
    "other-region": "The bucket exists in another region than the one that was asked for.",
    "no-asset":
      "The account has no asset of this id or name, or it was deleted. Look for it in the account that the connection names.",
    "asset-failed":
      "The provider could not process the asset. Upload it again, then enqueue a new job with its new id.",
    "asset-timeout": "The asset was still being processed when assetTimeoutSeconds was over. A retry waits again.",
    "ambiguous": "Several assets have the name; the message lists their ids. Enqueue the job with assetID instead.",
    "start-stuck": "The live stream did not start in time. It was left as it is.",
    "payload": "The stored parameters cannot be read by this program, and no newer one would.",
    "result-refused": "The job was done, but its result does not fit the store.",
    "unsupported-version":
      "This version of the provider's interface lacks what is asked for, or takes other credentials.",
    "no-credentials": "The credentials of the connection could not be had. Nothing was sent; the job comes back.",
    "incomplete-list": "The provider's list tells of more than it shows, or changed all the while it was read.",
    "list-too-long":
      "The provider's list has more pages, or larger ones, than we read. Remove what is not needed any more.",
    "no-live-stream": "The account has no live stream of the given id, or no longer.",
    "undecodable-answer": "The provider's answer cannot be understood. Check the connection's address.",
    "unexpected": "An error that nobody foresaw; the message has its words. A job that met it is tried again.",
    "wait-timeout": "The time that wait was given is over. The jobs go on; wait again, or longer.",
    "not-reached":
      "A job that was waited for cannot reach the state unless a person acts. Its story tells why: rundown jobs show.",
    "interrupted": "A person ended the command, or said no. Jobs that were in the queue already go on.",
    "output": "Standard output or a file takes no more, for example because its disk is full; the message says which.",
    "findings": "Doctor found something to mend; each finding says how.",
    "no-such-code": "No error has this code. List all of them with: rundown explain",
    "error": "The job failed; the message has the error's words. It is tried again.",
    "unknown": "The provider refused without a code of its own.",
  ]
}
