import JobQueue

/// What the words mean that lists and stories show beside codes: states of jobs, ends of attempts, states of gates.
package enum StateExplanations {
  /// What a word means; nothing when it is none of these.
  static func of(_ word: String) -> [String] {
    let word = word.lowercased()
    return [
      JobState(rawValue: word).map { "As the state of a job: \(text($0))" },
      // The others end as the state of the same name.
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
      "it waits for other jobs to complete. It becomes ready when all of them are. When one of them is dead, cancelled or"
        + " held, it waits until an operator retries that one: rundown jobs show NUMBER names it."
    case .scheduled:
      "it waits for a moment: the one that was asked for, the next try after a failure, or its turn within an account's"
        + " limit. rundown jobs show NUMBER says which. rundown jobs retry NUMBER makes it ready now."
    case .ready:
      "a worker may take it now. When it stays ready, its gate is closed (rundown gates list), no running worker serves its"
        + " queue (rundown status), or other jobs of the same kind are served first."
    case .running: "a worker has it. rundown jobs show NUMBER says which one, since when, and what it has asked so far."
    case .held:
      "it needs an operator: something was found that no program can judge. rundown jobs show NUMBER says what to look at."
        + " Then run rundown jobs retry NUMBER, or rundown jobs cancel NUMBER."
    case .completed: "it is done, and what it made was read back from the provider."
    case .dead:
      "it was given up: the provider refused it for good, or it failed as often as it may. The cause is in rundown jobs show"
        + " NUMBER. Correct it, then run rundown jobs retry NUMBER; what was made already is found and not made again."
    case .cancelled:
      "an operator cancelled it. rundown audit says who; rundown jobs retry NUMBER runs it all the same, at its moment when"
        + " that is still ahead."
    }
  }

  private static func text(_ outcome: AttemptOutcome) -> String? {
    switch outcome {
    case .failed: "it failed and counts as one of the job's failures; the job is tried again after a growing pause."
    case .snoozed:
      "it had to wait for something outside, such as a closed gate or an account's limit; nothing is counted."
    case .handedBack: "its worker was stopped and gave the job back; nothing is counted."
    case .lost:
      "its worker was lost: the process is gone, or was not heard of until its lease was over. Three in a row end the job"
        + " with crash-limit."
    case .completed, .held, .dead, .cancelled: nil
    }
  }

  private static func text(_ state: Gate.State) -> String {
    switch state {
    case .open: "its jobs may run. rundown gates close NAME --reason WHY closes it, for maintenance."
    case .closed:
      "the account or host behind it cannot be used for now. Its jobs wait and lose no attempt. rundown gates list says why,"
        + " and when a single job tries again; rundown gates open NAME opens it now."
    case .halfOpen: "a single job, the probe, is trying whether the others would get through."
    }
  }
}
