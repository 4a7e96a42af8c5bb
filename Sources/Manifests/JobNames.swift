import JobQueue
import Settings

/// The names of the jobs of a file, and which jobs wait for which names.
struct JobNames {
  private struct Wait {
    let job: Int
    let name: String
    let node: YAMLNode
    let document: YAMLDocument
  }

  /// The index of the job with each name.
  private var indices: [String: Int] = [:]
  private var waits: [Wait] = []
  /// Whether all names are known; if not, a job may wait for the name of one that could not be read.
  var isComplete = true

  /// Gives a job its name.
  /// - Returns: false if another one has it.
  mutating func give(_ name: String, to job: Int) -> Bool {
    guard indices[name] == nil else { return false }
    indices[name] = job
    return true
  }

  /// Makes a job wait for a name, which may appear later in the file.
  mutating func wait(_ job: Int, for name: String, _ node: YAMLNode, _ document: YAMLDocument) {
    waits.append(Wait(job: job, name: name, node: node, document: document))
  }

  /// Sets the parents of every waiting job; returns the errors in the names.
  func settle(_ jobs: inout [NewJob]) -> [Diagnostic] {
    waits.compactMap { wait in
      if let parent = indices[wait.name] {
        guard parent < wait.job else { return standsLater(wait, isItself: parent == wait.job) }
        jobs[wait.job].parents.append(.batch(parent))
      } else if let id = Int64(wait.name), id > 0 {
        jobs[wait.job].parents.append(.job(JobID(id)))
      } else if isComplete {
        let near = Suggestion.nearest(to: wait.name, among: Array(indices.keys))
        return diagnostic(
          wait, "RD0207", "no job in this file is named \"\(wait.name)\"",
          near.map { "did you mean \"\($0)\"?" }
            ?? "name that job, or use the number of a job that is already in the queue")
      }
      return nil
    }
  }

  private func standsLater(_ wait: Wait, isItself: Bool) -> Diagnostic {
    isItself
      ? diagnostic(wait, "RD0208", "a job cannot wait for itself", "remove the name from after:")
      : diagnostic(wait, "RD0208", "\"\(wait.name)\" comes after the job that waits for it", "move it up")
  }

  private func diagnostic(_ wait: Wait, _ code: String, _ message: String, _ help: String) -> Diagnostic {
    wait.document.diagnostic(
      code, message, at: wait.node.location, width: wait.node.text?.count ?? 1, help: help)
  }
}
