import JobQueue
import JobQueueTestKit
import SQLiteFaultKit
import SQLiteJobStore

/// One point: the file before the verb, the fault, what comes after it, and the moments at which the power is lost.
struct PointTrial {
  let vfs: FaultVFS
  let bug: PlantedBug?
  let folder: Folder
  let verb: FaultVerb
  let point: FaultPoint
  private var store: SQLiteJobStore?
  /// What must be found, one after each thing that somebody did.
  private(set) var history: [Expectation] = []
  /// What went wrong while the processes were still there.
  private(set) var problems: [String] = []
  /// What was said of writes that failed.
  private(set) var said: [String: Int] = [:]
  /// How many times a process of its own went on.
  private(set) var separate = 0

  init(_ vfs: FaultVFS, bug: PlantedBug?, in folder: Folder, _ verb: FaultVerb, _ point: FaultPoint) {
    self.vfs = vfs
    self.bug = bug
    self.folder = folder
    self.verb = verb
    self.point = point
  }

  /// Opens the file and does the verb's preparation, without faults.
  mutating func prepare(_ files: [String: [UInt8]]) async throws {
    try folder.write(files)
    vfs.watch(folder.path, durable: files)
    vfs.arm(nil)
    try expect(at: folder.database)
    guard !opens else { return }
    store = try await open()
    if point.isWarm { try await store?.enqueue("warm") }
    if let store { try await verb.preparation?(store) }
    try expect(at: folder.database)
  }

  /// Does the verb while the fault is armed; returns how many faults fired.
  mutating func act(_ fault: Fault?) async throws -> Int {
    vfs.arm(fault)
    switch verb.action {
    case .verb(let run): try await tryOut(Attempt(name: verb.name, run: run))
    case .open:
      // That a file was opened promises nothing about its content.
      begin(Attempt(name: verb.name) { _ in })
      store = try? await open()
    case .close:
      await store?.close()
      store = nil
    }
    return vfs.fired
  }

  /// What comes after it, until the power is lost.
  mutating func goOn(_ random: SeededRandom) async throws {
    // The same process under the same fault, which may last. One that dies at a fault that does not goes on with nothing.
    let diesAtOnce = point.aftermath == .dies && !point.fault.isForever
    if store != nil, !diesAtOnce { try await tryOut(Self.point) }
    vfs.arm(nil)
    vfs.keepMoment(in: 1 + random.below(60))
    switch point.aftermath {
    case .goesOn:
      if store == nil { store = try await opened() }
      try await must(Self.later)
    case .dies:
      vfs.vanish(true)
      await store?.close()
      store = nil
      vfs.vanish(false)
      try await next()
    case .closes:
      await store?.close()
      store = nil
      try await next()
    case .beside:
      let first = store
      try await next()
      let second = store
      store = first ?? second
      try await must(Self.later)
      store = second
      if let first { await vanish(first) }
    }
  }

  /// Ends what is still open without another write.
  mutating func end() async {
    vfs.arm(nil)
    if let store { await vanish(store) }
    store = nil
  }

  private func vanish(_ store: SQLiteJobStore) async {
    vfs.vanish(true)
    await store.close()
    vfs.vanish(false)
  }

  /// Another process, which is asked for the job that the first one tried to enqueue.
  private mutating func next() async throws {
    if bug == .logUsedAfterFailedSync {
      let writer = try CarelessWriter(folder.database)
      begin(Attempt(name: "careless") { _ in })
      try writer.enqueue("careless")
      return try expect(at: folder.database)
    }
    if isSeparate {
      store = nil
      return try nextSeparately()
    }
    store = try await opened()
    try await must(Self.point)
  }

  /// Whether the next process is a real one. The others are stores of this process, which are faster and differ in nothing
  /// that is known: the locks of SQLite and of the turn are between open files, not between processes, and the index of
  /// the log is made anew by whoever opens it when nobody has it. These are the test of that.
  private var isSeparate: Bool {
    if case .longLog = verb.base { return false }
    return point.words.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) % 10_007 } % 5 == 0
  }

  private mutating func nextSeparately() throws {
    separate += 1
    begin(Attempt(name: "open") { _ in })
    begin(Self.point)
    let told = try NextProcess.run(folder.database, dies: point.fault.position.isMultiple(of: 2))
    vfs.enter(told.operations.prefix(told.acknowledged ?? told.operations.count))
    guard let acknowledged = told.acknowledged else {
      problems.append("a process of its own cannot go on without faults: \(told.problem ?? "")")
      return
    }
    try expect(at: folder.database)
    vfs.enter(told.operations.dropFirst(acknowledged))
  }

  private var opens: Bool { if case .open = verb.action { true } else { false } }

  private func open() async throws -> SQLiteJobStore { try await vfs.openStore(at: folder.database) }

  private mutating func opened() async throws -> SQLiteJobStore? {
    begin(Attempt(name: "open") { _ in })
    do {
      return try await open()
    } catch {
      problems.append("the file cannot be opened without faults: \(error)")
      return nil
    }
  }

  /// Does something that must succeed, now that nothing fails.
  private mutating func must(_ attempt: Attempt) async throws {
    guard store != nil else { return }
    if let error = try await tryOut(attempt) { problems.append("'\(attempt.name)' failed without faults: \(error)") }
  }

  @discardableResult
  private mutating func tryOut(_ attempt: Attempt) async throws -> (any Error)? {
    guard let store else { return nil }
    begin(attempt)
    do {
      try await attempt.run(store)
    } catch {
      judge(error)
      return error
    }
    try expect(at: folder.database)
    return nil
  }

  /// Takes an error at its word: what is said not to have been written must never be found, by nobody.
  private mutating func judge(_ error: any Error) {
    guard let error = error as? JobStoreError else { return }
    let words = error.cause + "; " + (error.hint ?? "")
    let sentence = ["nothing was written", "is unknown whether"].first { words.contains($0) } ?? "neither"
    said[sentence, default: 0] += 1
    if sentence == "nothing was written" || Self.surelyDidNothing(error) { takeBack() }
  }

  private mutating func begin(_ attempt: Attempt) {
    guard var expectation = history.last else { return }
    expectation.attempts.append(attempt)
    note(expectation)
  }

  /// Whether an error promises that the verb is not there, nor ever turns up.
  private static func surelyDidNothing(_ error: JobStoreError) -> Bool {
    error.code != .outcomeUnknown && error.code != .replaced
  }

  /// What was begun last is not there, as its caller was told.
  private mutating func takeBack() {
    guard var expectation = history.last, !expectation.attempts.isEmpty else { return }
    expectation.attempts.removeLast()
    note(expectation)
  }

  /// What is there now was acknowledged.
  private mutating func expect(at path: String) throws {
    let (view, pages) = try DatabaseView.copy(of: path)
    note(Expectation(view: view, pages: pages))
  }

  private mutating func note(_ expectation: Expectation) {
    vfs.mark(history.count)
    history.append(expectation)
  }

  private static let point = Attempt(name: "point") { try await $0.enqueue("point") }
  private static let later = Attempt(name: "later") { try await $0.enqueue("later") }
}

/// Starts of the machine: that of the processes before the loss of power, and the next one.
enum MachineStarts {
  static let before: UInt64 = 1
  static let after: UInt64 = 2
}

extension FaultVFS {
  /// Opens a store whose every way to the disk is watched.
  func openStore(at path: String) async throws -> SQLiteJobStore {
    var options = SQLiteJobStore.Options()
    options.machineStart = MachineStarts.before
    options.longLog = FaultBases.longLog
    // The store syncs the folder itself, for SQLite does not say when its own sync of it fails, and leaves marks.
    let (syncFolder, writeMark) = (options.syncFolder, options.writeMark)
    options.syncFolder = { self.syncFolder($0, syncFolder) }
    options.writeMark = { path, descriptor, bytes in
      self.writeMark(path, bytes) { writeMark(path, descriptor, $0) }
    }
    return try await SQLiteJobStore.open(at: path, options: options)
  }
}

extension SQLiteJobStore {
  /// Enqueues a job whose key is its kind; one that is there already is acknowledged as well.
  func enqueue(_ kind: String) async throws {
    _ = try await enqueue([NewJob(kind: kind, queue: "default", uniqueKey: kind)], at: at(2100))
  }
}
