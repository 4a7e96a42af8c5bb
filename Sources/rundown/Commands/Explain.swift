import ArgumentParser
import Settings

/// `rundown explain`.
struct Explain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explain the code of an error.", discussion: "EXAMPLE:\n  rundown explain RD0207")

  @Argument(help: "The code, such as RD0207.")
  var code: String

  func run() async throws {
    let wanted = code.uppercased().hasPrefix("RD") ? code.uppercased() : code.lowercased()
    guard let text = Self.texts[wanted] else {
      let near = Suggestion.nearest(to: wanted, among: Array(Self.texts.keys))
      throw CommandError(
        status: .notFound, message: "there is no code '\(code)'", help: near.map { "did you mean \($0)?" })
    }
    try Output.line("\(wanted): \(text)")
  }

  /// Every code that a file of a person's own can meet. A code never changes its meaning.
  static let texts: [String: String] = [
    "RD0101": "The file is not valid YAML or JSON. Check indentation, colons and quotes near the place that is shown.",
    "RD0102": "A mapping has the same key twice. Which one would win is not defined, so neither is taken.",
    "RD0103": "The file is larger, deeper or has more values than we read: 1 MiB, 32 levels, 100,000 values.",
    "RD0104": "The file uses YAML anchors or aliases. They can make a small file explode; write the value out.",
    "RD0105": "The key is not known here. A key that we ignored could be a setting that you rely on.",
    "RD0106": "The value has the wrong type: a list where a text belongs, a word where a number belongs.",
    "RD0107": "apiVersion or kind is missing or another one. They say which program and which shape the file is for.",
    "RD0108": "A key that must be there is missing.",
    "RD0109": "The address is not one that we can use: http or https, a host, no user and password.",
    "RD0110": "A secret itself stands where the place of a secret belongs. Files hold references only.",
    "RD0111": "The file that was named does not exist or cannot be read.",
    "RD0201": "The file of jobs is empty.",
    "RD0202": "There is no kind of job of this name. See rundown enqueue --help.",
    "RD0203": "A template names something that is not known, or generate does not count up.",
    "RD0204": "The moment cannot be read. A time needs its offset from UTC, or it would mean another one elsewhere.",
    "RD0205": "A parameter's value is not one that the kind of job takes.",
    "RD0206": "Two jobs of the file have the same name, so a job that waits for it would not know for which.",
    "RD0207": "A job waits for a name that no job of the file has.",
    "RD0208": "A job waits for one that stands after it. Parents stand first, so there can be no circle.",
    "RD0209": "The file has more than 10,000 jobs. Split it; a batch is one commit.",
    "RD0210": "A job names a connection that the configuration does not have.",

    // Of the queue file.
    "no-such-store": "There is no queue file at this path. The first enqueue creates it.",
    "no-such-job": "No job has this number. Finished jobs are removed after the retention time.",
    "no-such-parent": "A job is to wait for one that is not in the queue. Nothing was added.",
    "unavailable": "The queue file cannot be opened or reached: its directory, its permissions, the disk. A retry may help.",
    "corrupt": "The file is damaged or not a queue file. Stop every worker, keep a copy with its -wal and -shm, restore a backup.",
    "too-new": "The file was written by a newer program. Use that one; an older one could lose what it does not know.",
    "full": "The disk is full. Nothing of this write was kept, everything acknowledged before is. Make room, then repeat it.",
    "read-only": "The file or its directory may not be written by this user.",
    "exposed": "Others may read the queue file. It holds what your jobs are about: chmod 600 it.",
    "busy": "Another program keeps the file locked for longer than we wait. Look for it with lsof.",
    "invalid": "The store does not take this: too large, too many. The message names the limit.",
    "unique-conflict": "An unfinished job has the same unique key, so this one cannot run again beside it.",
    "lease-lost": "A worker's lease was taken by another one. The job goes on there; nothing was written by the first.",
    "wrong-state": "A job may not go from its state to the one asked for. This is an error of the program: please report it.",
    "claimed": "Two jobs found the same thing at a provider; it belongs to the one that claimed it first.",
  ]
}
