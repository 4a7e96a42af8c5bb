import JobQueue
import Manifests
import Settings

/// All errors and warnings about jobs to be enqueued, from every layer, reported in one round: nobody corrects one
/// mistake only to be told of the next.
struct EnqueueFindings {
  private(set) var errors: [Diagnostic] = []
  private(set) var warnings: [Diagnostic] = []

  /// Adds what was found.
  mutating func add(_ diagnostics: [Diagnostic]) {
    errors += diagnostics.filter { $0.severity == .error }
    warnings += diagnostics.filter { $0.severity == .warning }
  }

  /// The settings; nil if they are wrong, which is reported with everything else.
  mutating func settings(_ options: GlobalOptions) throws -> Settings? {
    do {
      return try ProcessContext.settings(options)
    } catch let error as CommandError {
      errors += error.diagnostics
      return nil
    }
  }

  /// Checks the connections and files that the jobs name.
  mutating func look(at connections: [ConnectionUse], _ files: [FileUse], _ settings: Settings?) {
    if let settings { add(ConnectionCheck(settings).diagnostics(on: connections)) }
    warnings += FileCheck.warnings(files)
  }

  /// Checks whether a store would accept the jobs, before a queue file is created for them.
  /// - Parameter places: where each job is in its file.
  mutating func look(at jobs: [NewJob], places: [SourceLocation] = []) throws {
    for (index, job) in jobs.enumerated() {
      do {
        try JobLimits.check([job])
      } catch let error as JobStoreError {
        errors.append(
          Diagnostic(
            code: error.code.rawValue, message: "\(error.operation) \(error.target): \(error.cause)",
            location: places.indices.contains(index) ? places[index] : nil, help: error.hint))
      }
    }
  }

  /// Checks whether the jobs that these wait for exist.
  /// - Parameter isCheck: whether nothing else will check this. If not, only a missing queue file is looked for,
  ///   because a refused enqueue must not leave one behind.
  mutating func look(atParentsOf jobs: [NewJob], _ settings: Settings?, isCheck: Bool, flag: String?) async {
    var wanted: Set<JobID> = []
    for job in jobs { for case .job(let id) in job.parents { wanted.insert(id) } }
    guard let settings, !wanted.isEmpty else { return }
    if !Queue.isMissing(settings) {
      // Whether the file can be read is reported by the command that needs it.
      guard isCheck, let there = try? await Queue.jobs(wanted, in: settings) else { return }
      wanted.subtract(there)
    }
    for id in wanted.sorted() {
      errors.append(
        Diagnostic(
          code: JobStoreError.Code.noSuchParent.rawValue,
          message: "enqueue after job \(id): no such job", flag: flag,
          help: "enqueue that job first, or correct the number"))
    }
  }

  /// Prints the warnings, then throws the errors, if there are any.
  func report() throws {
    Warnings.tell(warnings)
    guard !errors.isEmpty else { return }
    if !warnings.isEmpty { Output.message("") }
    throw CommandError(status: status, diagnostics: errors)
  }

  private var status: ExitStatus {
    errors.allSatisfy { $0.code == JobStoreError.Code.noSuchParent.rawValue } ? .notFound : .input
  }
}
