import JobQueue

/// What the words mean that lists and histories show besides codes: states of jobs, outcomes of attempts, states of
/// gates.
package enum StateExplanations {
  /// What a word means; empty for other words.
  static func of(_ word: String) -> [String] {
    let word = word.lowercased()
    return [
      JobState(rawValue: word).map { "As the state of a job: \(text($0))" },
      // The other outcomes have the name of the state that they lead to.
      AttemptOutcome(rawValue: word).flatMap { outcome in text(outcome).map { "As the end of an attempt: \($0)" } },
      Gate.State(rawValue: word).map { "As the state of a gate: \(text($0))" },
    ].compactMap { $0 }
  }

  /// All of the words.
  package static let words =
    JobState.allCases.map(\.rawValue) + AttemptOutcome.allCases.map(\.rawValue) + Gate.State.allCases.map(\.rawValue)

  private static func text(_ state: JobState) -> String {
    switch state {
    case .blocked:
      "it waits for other jobs, and becomes ready when all of them have completed. If one of them is dead, cancelled or"
        + " held, it waits until an operator retries that one: rundown jobs show NUMBER names it."
    case .scheduled:
      "it waits for its time: the one that was asked for, the next try after a failure, or its turn within an account's"
        + " limit. rundown jobs show NUMBER says which. rundown jobs retry NUMBER makes it ready now."
    case .ready:
      "a worker may start it now. If it stays ready, its gate is closed (rundown gates list), no running worker serves its"
        + " queue (rundown status), or other jobs come first."
    case .running:
      "a worker is running it. rundown jobs show NUMBER says which one, since when, and which requests it has sent so far."
    case .held:
      "it needs an operator's decision. rundown jobs show NUMBER says what to look at."
        + " Then run rundown jobs retry NUMBER, or rundown jobs cancel NUMBER."
    case .completed: "it is done, and what it created was read back from the provider."
    case .dead:
      "it was given up: the provider refused it for good, or it reached its limit of failures. rundown jobs show NUMBER says"
        + " why. Fix the cause, then run rundown jobs retry NUMBER; what already exists is found and not created again."
    case .cancelled:
      "an operator cancelled it, as rundown audit says, or it was called off, as rundown jobs show NUMBER says."
        + " rundown jobs retry NUMBER runs it after all, at its planned time if that is still ahead."
    }
  }

  private static func text(_ outcome: AttemptOutcome) -> String? {
    switch outcome {
    case .failed: "it failed, which counts as one of the job's failures; the job is retried after a growing pause."
    case .snoozed:
      "it had to wait for something, such as a closed gate or an account's limit; it does not count as a failure."
    case .handedBack: "its worker was stopped and returned the job to the queue; it does not count as a failure."
    case .lost:
      "its worker was lost: the process is gone, or was not heard from before its lease expired. Three in a row end the job"
        + " with crash-limit."
    case .completed, .held, .dead, .cancelled: nil
    }
  }

  private static func text(_ state: Gate.State) -> String {
    switch state {
    case .open: "its jobs may run. rundown gates close NAME --reason WHY closes it, for maintenance."
    case .closed:
      "its account or host cannot be used for now. Its jobs wait without using up attempts. rundown gates list says why,"
        + " and when a single job tries again; rundown gates open NAME opens it now."
    case .halfOpen: "a single job, the probe, is testing whether the others would get through."
    }
  }
}
