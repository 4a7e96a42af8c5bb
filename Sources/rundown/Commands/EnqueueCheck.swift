import Settings

/// `rundown enqueue --check`: prints what was found instead of receipts.
enum EnqueueCheck {
  private struct View: Encodable {
    struct Warning: Encodable {
      var code: String
      var message: String
      var place: String?
    }
    var jobs: Int
    var warnings: [Warning]
  }

  /// Reports that the jobs could be enqueued as they are. It does not check what only the queue file knows, such as the
  /// numbers of other jobs.
  static func print(_ jobs: Int, warnings: [Diagnostic], json: Bool) throws {
    if json {
      let told = warnings.map {
        View.Warning(code: $0.code, message: $0.message, place: $0.location.map { "\($0)" } ?? $0.flag)
      }
      return try JSONOutput.print("check", View(jobs: jobs, warnings: told))
    }
    let found =
      warnings.isEmpty ? "no errors" : "no errors, \(warnings.count) \(warnings.count == 1 ? "warning" : "warnings")"
    try Output.line("\(jobs) \(jobs == 1 ? "job" : "jobs"), \(found); nothing was enqueued")
  }
}
