import ArgumentParser
import Connections
import Presentation
import Settings

/// `rundown doctor`.
struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check the configuration, the queue file, the workers, the disk, the clock, each secret and endpoint.",
    discussion: """
      EXAMPLE:
        rundown doctor

      It changes nothing. It exits with 0 when all is well, 12 when the queue file
      cannot be used, 4 when a credential is refused, and 1 otherwise.
      """)

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let settings = try ProcessContext.settings(options)
    ProcessContext.pointOutSecrets(settings)
    if let bad = try await Self.look(settings, json: options.json) { throw bad }
  }

  /// Runs all checks and prints what they find.
  /// - Returns: how the command ends; nil if nothing is broken.
  static func look(_ settings: Settings, json: Bool) async throws -> CommandError? {
    var findings: [CheckResult] = []
    func add(_ new: [CheckResult]) throws {
      findings += new
      guard !json else { return }
      for finding in new { try Output.painted(finding.rendered(for: .output)) }
    }
    let queue = await QueueFileCheck(settings).findings()
    let machine = MachineCheck(settings, absolute: ProcessContext.absolute)
    try add(machine.configuration() + queue.all + machine.findings())
    let check = ConnectionsCheck(settings, environment: ProcessContext.environment)
    for one in check.all { try add(await one()) }
    await check.shutdown()
    if json { try JSONOutput.print("findings", findings) }
    let bad = findings.filter { $0.state == .bad || $0.state == .refused }
    guard bad.isEmpty else {
      let refused = bad.contains { $0.state == .refused }
      return CommandError(
        status: queue.status ?? (refused ? .notAllowed : .failed), code: "findings",
        message: "\(bad.count) of \(findings.count) checks failed",
        help: "fix each of them as it says, then run rundown doctor again")
    }
    guard !json else { return nil }
    let unwise = findings.count { $0.state == .unwise }
    Output.message("\(findings.count) checks, nothing broken" + (unwise == 0 ? "" : "; \(unwise) with a warning"))
    return nil
  }
}

extension CheckResult {
  /// What precedes the text of a finding: the mark and two spaces.
  private static let margin = "         "

  /// One line for a terminal, and a second one if there is something to fix.
  fileprivate func rendered(for terminal: Terminal) -> String {
    let mark: String =
      switch state {
      case .good: terminal.paint("ok     ", .green)
      case .unwise: terminal.paint("warn   ", .yellow)
      case .bad: terminal.paint("FAIL   ", .red)
      case .refused: terminal.paint("REFUSED", .red)
      }
    let found = terminal.paragraph(Self.margin + "\(subject): \(words)", indent: 0).dropFirst(Self.margin.count)
    let line = "\(mark)  \(found)"
    return fix.map { "\(line)\n" + terminal.paragraph("\(Self.margin)fix: \($0)", indent: 5) } ?? line
  }
}
