import ArgumentParser
import JobQueue
import StreamingJobs

/// `rundown enqueue KIND`: one job, by options for its kind's parameters.
struct EnqueueKind<Kind: JobKind>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    let kind = JobKindDescription(Kind.self)
    return CommandConfiguration(
      commandName: kind.kind, abstract: kind.summary, usage: usage(kind),
      discussion: "EXAMPLE:\n  " + shellLines(kind.example))
  }

  @OptionGroup var flags: KindFlags<Kind>
  @OptionGroup var job: JobOptions
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    try await EnqueueOne(options: options, job: job).run(
      try flags.reading(), JobKindDescription(Kind.self), stopAfter: flags.stopAfter)
  }

  /// The required options. The parser treats all of them as optional, so that everything that is missing is reported at
  /// once.
  private static func usage(_ kind: JobKindDescription) -> String {
    let required = kind.fields.filter(\.isRequired).map { "--\($0.flag) <\($0.flag)>" }
    return (["rundown enqueue \(kind.kind)"] + required + ["[<options>]"]).joined(separator: " ")
  }

  /// A command line broken into lines for a narrow terminal, which can be copied as it is.
  private static func shellLines(_ example: String) -> String {
    var lines = [""]
    for word in example.split(separator: " ") {
      if word.hasPrefix("--"), let line = lines.last, line.count > 50 { lines.append("   ") }
      lines[lines.count - 1] += (lines.last == "" ? "" : " ") + word
    }
    return lines.joined(separator: " \\\n  ")
  }
}

extension JobKindDescription {
  /// The command that enqueues a job of this kind.
  var command: any ParsableCommand.Type { Self.opened(self.type) }

  private static func opened<Kind: JobKind>(_ kind: Kind.Type) -> any ParsableCommand.Type { EnqueueKind<Kind>.self }
}
