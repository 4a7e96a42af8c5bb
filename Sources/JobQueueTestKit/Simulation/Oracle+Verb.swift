import JobQueue

// MARK: What the oracle hears of

extension Oracle {
  /// One of the ends that a worker recorded in one call, and its receipt.
  struct End {
    let completion: Completion
    let receipt: CompletionReceipt

    /// The job, if the end was recorded.
    var recorded: JobID? {
      receipt.state == nil ? nil : completion.lease.job
    }
  }

  /// The jobs that a worker got in one call, and what it asked for.
  struct Grant {
    let request: LeaseRequest
    let leased: [LeasedJob]
  }

  /// A verb of the store that has just returned, with its arguments and its answer.
  enum Verb {
    case enqueue
    case lease(Grant)
    /// A worker was heard from.
    case extend(WorkerID)
    case refused
    case complete([End], then: Grant?)
    /// Entries that prove an answer: the result of an effect, or only an answer.
    case write(Lease, isResult: Bool)
    case promote(told: Int)
    case reap(WorkerSightings)
    case prune(before: Timestamp)
    case cancel(JobID)
    case retry(JobID)
    /// All unfinished jobs are held.
    case hold
    case discard(JobID)
    case closeGate(String, until: Timestamp?)
    case openGate(String)

    /// The jobs that it leased.
    var grant: Grant? {
      switch self {
      case .lease(let grant): grant
      case .complete(_, let grant): grant
      default: nil
      }
    }

    /// Whether it must have changed a job, so that leaving the job unchanged would be wrong too.
    func concerns(_ id: JobID) -> Bool {
      switch self {
      case .lease(let grant): grant.leased.contains { $0.lease.job == id }
      case .complete(let ends, let grant):
        ends.contains { $0.recorded == id } || grant?.leased.contains { $0.lease.job == id } ?? false
      case .cancel(let job), .retry(let job), .discard(let job): job == id
      case .hold: true
      case .enqueue, .extend, .refused, .write, .promote, .reap, .prune, .closeGate, .openGate: false
      }
    }
  }
}
