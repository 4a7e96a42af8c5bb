package import JobQueue
package import Settings
package import StreamingJobs

/// A plan that was saved, to be applied as it is: lines of JSON, the first of which says what it is. It holds no secret.
package struct SavedPlan: Sendable {
  /// What a saved plan begins with.
  package static let mark = #"{"rundown":"plan""#
  /// The version of the lines' shape.
  package static let version = 2

  /// A file that the plan was made of, as it was.
  package struct File: Sendable, Hashable, Codable {
    /// As it was named, seen from the folder in which the plan was made.
    package var path: String
    /// The digest of its bytes.
    package var digest: String

    /// Names a file.
    package init(path: String, digest: String) {
      self.path = path
      self.digest = digest
    }
  }

  /// What the plan was made of, as it was named on the command line.
  package struct Source: Sendable, Hashable, Codable {
    /// The manifest or the sheet.
    package var file: String
    /// The profile.
    package var profile: String?
    /// The file of connections.
    package var connections: String?

    /// Describes a command line.
    package init(file: String, profile: String?, connections: String?) {
      self.file = file
      self.profile = profile
      self.connections = connections
    }
  }

  /// The waves of the rollout; which wave a resource comes with stands in its own line.
  package struct Waves: Sendable, Hashable, Codable {
    /// How many streams each has.
    package var streams: [Int]
    /// How many streams of a hundred may fail in one; more stop the rollout.
    package var failedPercent: Int
    /// When no job starts, as the label of jobs says it.
    package var notDuring: String?
    /// The labels of the checks between the waves.
    package var labels: [String: String]
  }

  /// The first line.
  package struct Head: Sendable, Hashable, Codable {
    /// When the plan was made.
    package var madeAt: Timestamp
    /// The manifest's name.
    package var manifest: String
    /// How many streams it has.
    package var streams: Int
    /// How many lines follow.
    package var resources: Int
    /// The waves in which it is brought in; nil for all at once.
    package var rollout: Waves?
    /// What the manifest asks for and no job does yet, with the number of streams.
    package var later: [String: Int]
    /// What the plan was made of.
    package var source: Source
    /// The files that were read for it.
    package var files: [File]
  }

  /// The first line.
  package var head: Head
  /// The resources with what is to be done about each.
  package private(set) var plan: Plan
  /// The waves of what is to be done; nil for all at once.
  private let places: WavePlaces?

  /// Saves a plan in which everything is known and nothing refused.
  /// - Parameters:
  ///   - plan: the plan.
  ///   - expansion: what the manifest comes to.
  ///   - source: what it was made of.
  ///   - files: the files that were read for it.
  ///   - now: when it was made.
  package init(_ plan: Plan, of expansion: Expansion, source: Source, files: [File], at now: Timestamp) {
    self.plan = plan
    places = plan.places(in: expansion)
    head = Head(
      madeAt: now, manifest: plan.manifest, streams: expansion.streams.count, resources: plan.entries.count,
      rollout: places.map {
        Waves(
          streams: $0.sizes, failedPercent: $0.failedPercent,
          notDuring: $0.blackouts.isEmpty ? nil : Blackout.text(of: $0.blackouts), labels: $0.labels)
      },
      later: Dictionary(expansion.later.map { ($0.what, $0.streams) }, uniquingKeysWith: +), source: source,
      files: files)
  }

  /// The lines.
  package func text() throws -> String {
    // The mark stands first, whatever the order of the rest.
    let rest = try JSONText.encode(head).dropFirst()
    let first = "\(Self.mark),\"version\":\(Self.version),\(rest)"
    var waves = (places?.waves ?? [])[...]
    let lines = try plan.entries.map { entry in
      try JSONText.encode(SavedResource(entry, wave: entry.action.isToDo ? waves.popFirst().map { $0 + 1 } : nil))
    }
    return ([first] + lines).joined(separator: "\n") + "\n"
  }

  /// Whether a file is a saved plan.
  package static func isBegun(by bytes: some Sequence<UInt8>) -> Bool { bytes.starts(with: mark.utf8) }

  /// Reads a saved plan.
  /// - Parameters:
  ///   - text: the lines.
  ///   - file: the file as the person named it.
  ///   - kinds: the kinds of jobs that there are.
  package init(reading text: String, file: String, kinds: JobKinds = .streaming) throws(Diagnostic) {
    func wrong(_ what: String, line: Int) -> Diagnostic {
      Diagnostic(
        code: "RD0433", message: "the saved plan cannot be used: \(what)",
        location: SourceLocation(file: file, line: line, column: 1), help: "save it again: rundown plan … --out FILE")
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
    let first = lines.first ?? ""
    let noHead = wrong("its first line is not valid", line: 1)
    guard let version = try? JSONText.decode(Version.self, from: first) else { throw noHead }
    guard version.version == Self.version else {
      throw wrong("its version is \(version.version), but this program reads version \(Self.version)", line: 1)
    }
    guard let head = try? JSONText.decode(Head.self, from: first) else { throw noHead }
    guard lines.count == head.resources + 1 else {
      throw wrong("it should have \(head.resources) resources but has \(lines.count - 1)", line: lines.count)
    }
    var entries: [Plan.Entry] = []
    var waves: [Int?] = []
    for (index, line) in lines.dropFirst().enumerated() {
      let place = SourceLocation(file: file, line: index + 2, column: 1)
      guard let saved = try? JSONText.decode(SavedResource.self, from: line),
        let entry = saved.entry(at: place, index: index), kinds.named(entry.resource.job.kind) != nil,
        saved.isInWave(of: head.rollout?.streams.count, after: waves)
      else { throw wrong("this line is not valid", line: index + 2) }
      entries.append(entry)
      waves.append(saved.wave)
    }
    guard head.rollout?.isWhole(of: head.streams) ?? true else { throw wrong("its rollout is not valid", line: 1) }
    self.head = head
    plan = Plan(manifest: head.manifest, entries: entries)
    places = head.rollout.map { rollout in
      WavePlaces(
        sizes: rollout.streams, waves: waves.compactMap { $0.map { $0 - 1 } }, failedPercent: rollout.failedPercent,
        blackouts: Blackout.spans(in: rollout.notDuring ?? ""), labels: rollout.labels)
    }
  }

  private struct Version: Decodable {
    var version: Int
  }
}

extension SavedPlan {
  /// Which resources must be looked up again, by index: those that were looked up when the plan was made.
  package var toLookFor: [Int: NewJob] {
    var jobs: [Int: NewJob] = [:]
    for (index, entry) in plan.entries.enumerated() where entry.state.standing != nil {
      jobs[index] = entry.resource.job
    }
    return jobs
  }

  /// What has changed since the plan was made, one sentence each, which starts with the resource's name.
  /// - Parameters:
  ///   - states: what is known about each resource now.
  ///   - completed: the jobs that were unfinished then and are completed now.
  package func moved(_ states: [ResourceState], completed: Set<JobID>) -> [String] {
    zip(plan.entries, states).compactMap { entry, now in
      let name = "\(entry.resource.job.kind) \(entry.resource.name)"
      if let job = entry.state.job {
        let goesOn = now.job?.id == job.id || now.job == nil && completed.contains(job.id)
        return goesOn ? nil : "\(name): job \(job.id) is neither unfinished nor completed"
      }
      if let job = now.job { return "\(name): job \(job.id) is working on it now" }
      if let standing = entry.state.standing, now.standing != standing {
        return "\(name): was \(Self.words(standing)), is now \(now.standing.map(Self.words) ?? "unknown")"
      }
      guard entry.state.item?.desired != now.item?.desired || entry.state.item?.remoteID != now.item?.remoteID else {
        return nil
      }
      return "\(name): the inventory has changed"
    }
  }

  /// The jobs to enqueue: exactly what is to be done, with the checks between the waves of a rollout. Its indices are those
  /// of the resources of ``expansion``.
  package func waves() throws -> RolloutWaves {
    try RolloutWaves(expansion.resources, of: head.manifest, streams: head.streams, places)
  }

  /// What is to be done, as the report of an apply takes it: resources with the jobs of ``Plan/jobs``.
  package var expansion: Expansion {
    var expansion = Expansion(name: head.manifest)
    expansion.later = head.later.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    expansion.resources = zip(plan.entries.filter(\.action.isToDo), plan.jobs).map { entry, job in
      var resource = entry.resource
      resource.job = job
      return resource
    }
    return expansion
  }

  private static func words(_ standing: Standing) -> String {
    switch standing {
    case .missing: "missing"
    case .asAsked(let id, _): id.map { "as requested (\($0))" } ?? "as requested"
    case .changes(let differences), .refuses(let differences):
      "different (\(differences.map(\.sentence).joined(separator: "; ")))"
    case .blocked(let why): "blocked (\(why))"
    }
  }
}

extension SavedPlan.Waves {
  /// Whether it is a rollout of some of so many streams.
  fileprivate func isWhole(of streams: Int) -> Bool {
    (0...100).contains(failedPercent) && !self.streams.isEmpty && self.streams.allSatisfy { (0...streams).contains($0) }
      && self.streams.reduce(0, +) <= streams
      && (notDuring.map { Blackout.text(of: Blackout.spans(in: $0)) == $0 } ?? true)
  }
}
