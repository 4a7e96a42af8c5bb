import ArgumentParser
import Connections
import Presentation
import Settings

/// `rundown doctor`.
struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check the queue file, the disk, the clock, each secret, each endpoint and its credentials.",
    discussion: """
      EXAMPLE:
        rundown doctor

      It changes nothing anywhere. It ends with 0 when all is well, 4 when a
      credential is refused, 1 otherwise.
      """)

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let settings = try ProcessContext.settings(options)
    var findings: [CheckResult] = []
    func add(_ new: [CheckResult]) throws {
      findings += new
      guard !options.json else { return }
      for finding in new { try Output.painted(finding.rendered(for: .output)) }
    }
    try add(await MachineCheck(settings).findings())
    let check = ConnectionsCheck(settings, environment: ProcessContext.environment)
    for one in check.all { try add(await one()) }
    await check.shutdown()
    if options.json { try JSONOutput.print("findings", findings) }
    let bad = findings.filter { $0.state == .bad || $0.state == .refused }
    guard bad.isEmpty else {
      throw CommandError(
        status: bad.contains { $0.state == .refused } ? .notAllowed : .failed,
        code: "findings", message: "\(bad.count) of \(findings.count) checks found something to mend",
        help: "each says how to mend it; then run it again")
    }
    guard !options.json else { return }
    let unwise = findings.count { $0.state == .unwise }
    Output.message("\(findings.count) checks, nothing broken" + (unwise == 0 ? "" : "; \(unwise) with a warning"))
  }
}

extension CheckResult {
  /// One line for a terminal, and a second one when there is something to mend.
  fileprivate func rendered(for terminal: Terminal) -> String {
    let mark: String =
      switch state {
      case .good: terminal.paint("ok     ", .green)
      case .unwise: terminal.paint("warn   ", .yellow)
      case .bad: terminal.paint("FAIL   ", .red)
      case .refused: terminal.paint("REFUSED", .red)
      }
    let line = "\(mark)  \(PlainText.oneLine("\(subject): \(words)"))"
    return fix.map { "\(line)\n         fix: \(PlainText.oneLine($0))" } ?? line
  }
}
