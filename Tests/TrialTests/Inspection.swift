import FoundationEssentials

/// What must hold of a queue file after every trial, and of what its processes wrote down outside of it.
struct Inspection {
  private struct Job: Decodable {
    let id: Int
    let state: String
    let token: Int
  }

  private struct Attempt: Decodable {
    let job: Int
    let number: Int
    let outcome: String?
  }

  private struct Count: Decodable, Hashable {
    let queue: String
    let state: String
    let jobs: Int
  }

  /// An attempt that began, as its worker told outside of the queue file.
  struct Run: Hashable {
    let job: Int
    let token: Int
  }

  /// Everything that is wrong; empty when nothing is.
  private(set) var problems: [String] = []
  /// How many jobs there are.
  let jobs: Int
  /// How many of them are not completed.
  let unfinished: Int
  /// How many attempts ended with a lost worker.
  let lost: Int
  /// The attempts that began, in the order of their beginning.
  let runs: [Run]

  /// Looks at the stage's queue file.
  /// - Parameter atEnd: whether every job must be completed.
  init(_ stage: Stage, atEnd: Bool = true) throws {
    try self.init(
      stage.database, acknowledged: stage.lines("acknowledged").compactMap { Int($0) }, tally: stage.lines("tally"),
      atEnd: atEnd)
  }

  /// - Parameter tally: what the workers wrote down outside; nil of workers that write nothing down.
  init(_ file: String, acknowledged: [Int] = [], tally: [String]?, atEnd: Bool = true) throws {
    runs = (tally ?? []).compactMap { line in
      let words = line.split(separator: " ").compactMap { Int($0) }
      return words.count == 3 ? Run(job: words[0], token: words[1]) : nil
    }
    let view = try QueueFile(file)
    let jobs = try view.rows(
      Job.self, "SELECT json_group_array(json_object('id', id, 'state', state, 'token', token)) FROM job")
    let attempts = try view.rows(
      Attempt.self,
      """
      SELECT json_group_array(json_object('job', job, 'number', number, 'outcome', outcome)) FROM (
        SELECT job, number, outcome FROM attempt
        UNION ALL SELECT id, token, NULL FROM job WHERE state = 'running')
      """)
    self.jobs = jobs.count
    unfinished = jobs.filter { $0.state != "completed" }.count
    lost = attempts.filter { $0.outcome == "lost" }.count
    try check(view)
    check(jobs, acknowledged, atEnd: atEnd)
    check(jobs, Dictionary(grouping: attempts, by: \.job))
    if tally != nil { check(runs, attempts) }
  }

  private mutating func expect(_ holds: Bool, _ problem: @autoclosure () -> String) {
    if !holds { problems.append(problem()) }
  }

  /// The file is whole, and what it counts is what it holds.
  private mutating func check(_ view: QueueFile) throws {
    let integrity = try view.value("SELECT group_concat(integrity_check) FROM pragma_integrity_check")
    expect(integrity == "ok", "integrity: \(integrity)")
    let orphans = try view.value("SELECT count(*) FROM pragma_foreign_key_check")
    expect(orphans == "0", "\(orphans) rows belong to no job")
    let list = "SELECT json_group_array(json_object('queue', queue, 'state', state, 'jobs', jobs)) FROM"
    let kept = try view.rows(Count.self, "\(list) counter WHERE jobs <> 0")
    let counted = try view.rows(
      Count.self, "\(list) (SELECT queue, state, count(*) AS jobs FROM job GROUP BY queue, state)")
    expect(Set(kept) == Set(counted), "the counters say \(kept), there are \(counted)")
  }

  /// Nothing that was acknowledged is lost.
  private mutating func check(_ jobs: [Job], _ acknowledged: [Int], atEnd: Bool) {
    let missing = Set(acknowledged).subtracting(jobs.map(\.id))
    expect(missing.isEmpty, "acknowledged and lost: \(missing.sorted())")
    expect(Set(acknowledged).count == acknowledged.count, "a number was given to two jobs")
    expect(!atEnd || unfinished == 0, "not completed: \(jobs.filter { $0.state != "completed" })")
  }

  /// Attempts are numbered without a gap, one at most completed its job, and then it is the last one.
  private mutating func check(_ jobs: [Job], _ attempts: [Int: [Attempt]]) {
    for job in jobs {
      let numbers = attempts[job.id, default: []].map(\.number).sorted()
      expect(numbers == Array(1..<(job.token + 1)), "job \(job.id) with token \(job.token) has attempts \(numbers)")
      let completions = attempts[job.id, default: []].filter { $0.outcome == "completed" }.map(\.number)
      let expected = job.state == "completed" ? [job.token] : []
      expect(completions == expected, "job \(job.id), \(job.state), was completed by \(completions) of \(numbers)")
    }
  }

  /// What ran is what the file says: no attempt twice, none that the file does not know, and no completion of what never
  /// ran. None begins after a later one, but for a worker's that had lost the job before it began and did not know yet.
  private mutating func check(_ runs: [Run], _ attempts: [Attempt]) {
    let outcomes = Dictionary(
      attempts.map { (Run(job: $0.job, token: $0.number), $0.outcome) }, uniquingKeysWith: { first, _ in first })
    expect(Set(runs).count == runs.count, "an attempt began twice")
    var last: [Int: Int] = [:]
    for run in runs {
      let before = last[run.job, default: 0]
      expect(outcomes[run] != nil, "\(run) is not in the file")
      expect(before <= run.token || outcomes[run] == "lost", "\(run) began after attempt \(before)")
      last[run.job] = max(before, run.token)
    }
    for attempt in attempts where attempt.outcome == "completed" {
      expect(
        last[attempt.job] == attempt.number, "\(attempt) completed, the last that ran is \(last[attempt.job] ?? 0)")
    }
  }
}
