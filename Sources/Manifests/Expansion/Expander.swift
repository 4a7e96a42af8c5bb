import JobQueue
import Settings
import StreamingJobs
import Wire

/// Turns the streams of a manifest into jobs, one after the other.
struct Expander {
  private let onboarding: Onboarding
  private let known: [String: [String]]
  private let kinds: JobKinds
  private let zones: ZoneDirectory
  private let now: Timestamp
  private var layers: StreamLayers
  private var problems = ManifestProblems()
  private var warnings = ManifestProblems()
  private var shared = SharedResources()
  private var entries = EntryNames()
  private var later: [String: Int] = [:]
  private var used: Set<ConnectionUse> = []
  private(set) var expansion: Expansion

  init(_ onboarding: Onboarding, known: [String: [String]], kinds: JobKinds, zones: ZoneDirectory, now: Timestamp) {
    self.onboarding = onboarding
    self.known = known
    self.kinds = kinds
    self.zones = zones
    self.now = now
    layers = StreamLayers(onboarding)
    expansion = Expansion(name: onboarding.name, rollout: onboarding.rollout)
  }

  /// Adds a stream, or nothing of a stream that has errors.
  mutating func add(_ stream: Onboarding.Stream) {
    let before = problems.count
    guard let values = layers.values(of: stream, &problems) else { return }
    noteLater(values)
    refuseWithoutJob(values)
    guard let bucket = bucket(values) else {
      // Checked here so that errors in its times are reported in the same round.
      _ = StreamTimes(values, zones, &problems, &warnings)
      return
    }
    let target = target(values, bucket)
    let entries = mapEntries(values, bucket)
    guard problems.count == before else { return }
    expansion.streams.append(
      Expansion.Stream(
        name: stream.name, engine: values.engine, application: values.names["application"] ?? "",
        region: values.region, labels: labels(values), resources: [bucket] + (target.map { [$0] } ?? []) + entries))
  }

  /// Ends the expansion.
  /// - Returns: all errors.
  mutating func settle() -> [Diagnostic] {
    let place = { [onboarding] (name: String) in onboarding.streams.first { $0.name == name }?.place }
    expansion.warnings = warnings.diagnostics(place).map { diagnostic in
      var warning = diagnostic
      warning.severity = .warning
      return warning
    }
    expansion.later = later.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    return problems.diagnostics(place) + entries.diagnostics
  }

  // MARK: What no job does

  private mutating func noteLater(_ values: StreamValues) {
    var areas: Set<String> = []
    for (path, _) in values.given.fields where ManifestField.at(path)?.isLater == true {
      areas.insert(
        path.hasPrefix("bucket.lifecycle.expire") ? "bucket.lifecycle.expire" : String(path.prefix { $0 != "." }))
    }
    for area in areas { later[area, default: 0] += 1 }
  }

  private mutating func refuseWithoutJob(_ values: StreamValues) {
    func refuse(_ path: String, _ message: String, _ help: String) {
      problems.report("RD0411", message, at: values.place(path), stream: values.stream.name, help: help)
    }
    let kind = values.given.text("target.kind") ?? "s3-hls"
    if kind != "s3-hls" {
      refuse("target.kind", "no job kind creates targets of kind \(kind)", "write s3-hls, or leave the stream out")
    }
  }

  // MARK: Resources

  private mutating func bucket(_ values: StreamValues) -> Int? {
    guard let name = required("bucket.name", values, "the bucket to push to"),
      let region = awsRegion(values), let connection = connection("bucket.connection", "aws", values)
    else { return nil }
    checkAccess(values)
    var parameters = ResourceParameters(.bucket, values)
    parameters.set("connection", connection, "bucket.connection")
    parameters.set("bucket", name, "bucket.name")
    parameters.set("region", region, "awsRegion")
    parameters.take("ownership", "bucket.objectOwnership")
    parameters.take("blockPublicAccess", "bucket.blockPublicAccess")
    parameters.take("publicRead", "bucket.publicRead")
    parameters.take("corsOrigins", "bucket.cors.origins")
    parameters.take("corsMethods", "bucket.cors.methods")
    parameters.take("corsAllowedHeaders", "bucket.cors.allowedHeaders")
    parameters.take("corsExposedHeaders", "bucket.cors.exposedHeaders")
    parameters.take("abortIncompleteDays", "bucket.lifecycle.abortIncompleteMultipartDays")
    parameters.take("tags", "bucket.tags")
    parameters.take("skipUnsupported", "bucket.skipUnsupported")
    return sharedResource(parameters, name: name, bucket: name, region: region, parents: [])
  }

  private mutating func target(_ values: StreamValues, _ bucket: Int) -> Int? {
    guard values.given.text("cdn.kind") ?? "none" != "none",
      let connection = connection("cdn.connection", "wowzaVideo", values)
    else { return nil }
    let of = expansion.resources[bucket]
    var parameters = ResourceParameters(.cdnTarget, values)
    parameters.set("connection", connection, "cdn.connection")
    parameters.set("bucket", of.bucket, "bucket.name")
    parameters.set("region", of.region, "awsRegion")
    let name = values.text("cdn.name", &problems)
    parameters.set("name", name, "cdn.name")
    parameters.take("originRegion", "cdnOrigin")
    parameters.set("originURL", values.text("cdn.originURL", &problems), "cdn.originURL")
    parameters.take("forceSSL", "cdn.forceSSL")
    parameters.take("allowSameOrigin", "cdn.allowSameOrigin")
    return sharedResource(
      parameters, name: name ?? "cdn-\(of.bucket)", bucket: of.bucket, region: of.region, parents: [bucket])
  }

  /// A resource that streams may share: one job, however many streams need it.
  private mutating func sharedResource(
    _ parameters: ResourceParameters, name: String, bucket: String, region: String, parents: [Int]
  ) -> Int? {
    if let index = shared.index(ofSame: parameters) { return share(index) }
    guard let typed = typed(parameters) else { return nil }
    if let index = shared.index(of: parameters, key: typed.uniqueKey, &problems) { return share(index) }
    guard let job = job(typed, parameters, parents: parents, isShared: true) else { return nil }
    let values = parameters.stream
    let index = append(
      Expansion.Resource(
        role: parameters.role, name: name, bucket: bucket, region: region, job: job, stream: values.stream.name,
        streams: 1, place: values.place(parameters.role == .bucket ? "bucket.name" : "cdn.name")))
    shared.add(parameters, key: typed.uniqueKey, index)
    return index
  }

  /// One entry for each rendition; a single one without renditions.
  private mutating func mapEntries(_ values: StreamValues, _ bucket: Int) -> [Int] {
    use("engines", values.engine, onboarding.engine(of: values.stream)?.place ?? values.stream.place, nil)
    guard let credential = connection("target.credential", "pushCredentials", values) else { return [] }
    let group = values.text("abr.group", &problems)
    if group != nil, values.given.fields["renditions"] != nil {
      problems.report(
        "RD0405", "renditions: an adaptive entry already includes all of them", at: values.place("renditions"),
        stream: values.stream.name, help: "set renditions or abr, not both")
      return []
    }
    let times = StreamTimes(values, zones, &problems, &warnings)
    warnOfPast(times, values)
    let renditions = values.texts("renditions") ?? []
    return (renditions.isEmpty ? [""] : renditions).flatMap { rendition in
      guard let entry = mapEntry(values, bucket, credential, group, times, rendition: rendition) else { return [Int]() }
      let switches = [
        mapEntrySwitch(
          .enableMapEntry, at: times.isOver(at: now) ? nil : times.start, notAfter: times.stop, entry, values),
        mapEntrySwitch(.disableMapEntry, at: times.stop, notAfter: nil, entry, values),
      ]
      return [entry] + switches.compactMap { $0 }
    }
  }

  private mutating func warnOfPast(_ times: StreamTimes, _ values: StreamValues) {
    guard !times.isOver(at: now) else {
      return warnings.report(
        "RD0213", "stop is in the past: nothing enables the entry, and the job that disables it is ready at once",
        at: values.place("stop"), stream: values.stream.name, help: "set later times, or leave the stream out")
    }
    guard let start = times.start, start < now else { return }
    warnings.report(
      "RD0213", "start is in the past: its job is ready at once", at: values.place("start"),
      stream: values.stream.name, help: "set a later time, or leave it out")
  }

  /// The job that enables or disables an entry at its time.
  /// - Parameter notAfter: the time after which it is too late: a start that an outage delays until after its stop
  ///   would never be ended.
  private mutating func mapEntrySwitch(
    _ role: ResourceRole, at moment: Timestamp?, notAfter: Timestamp?, _ entry: Int, _ values: StreamValues
  ) -> Int? {
    guard let moment else { return nil }
    let of = expansion.resources[entry]
    var parameters = ResourceParameters(role, values)
    parameters.set("engine", values.engine, "engine")
    parameters.set("application", values.names["application"], "application")
    parameters.set("entryName", of.name, "target.entryName")
    parameters.set("notAfter", notAfter.map { InternetTime.text($0.milliseconds / 1000) }, "stop")
    guard let typed = typed(parameters),
      let job = job(typed, parameters, parents: [entry], runAt: moment, isShared: false)
    else { return nil }
    return append(
      Expansion.Resource(
        role: role, name: of.name, engine: values.engine, bucket: of.bucket, region: of.region, job: job,
        stream: values.stream.name, streams: 1, place: values.place(role == .enableMapEntry ? "start" : "stop")))
  }

  private mutating func mapEntry(
    _ values: StreamValues, _ bucket: Int, _ credential: String, _ group: String?, _ times: StreamTimes,
    rendition: String
  ) -> Int? {
    let source = rendered("sourceStream", "{stream}", values, rendition, appends: true)
    let entryName = rendered("target.entryName", "{stream}-s3", values, rendition, appends: false)
    guard let source, let entryName else { return nil }
    let of = expansion.resources[bucket]
    var parameters = ResourceParameters(.mapEntry, values)
    parameters.set("engine", values.engine, "engine")
    parameters.set("application", values.names["application"], "application")
    parameters.set("entryName", entryName, "target.entryName")
    parameters.set("sourceStream", source, "sourceStream")
    if values.given.fields["streamName"] != nil {
      parameters.set("streamName", rendered("streamName", "", values, rendition, appends: true), "streamName")
    }
    parameters.set("bucket", of.bucket, "bucket.name")
    parameters.set("region", of.region, "awsRegion")
    parameters.set("credential", credential, "target.credential")
    parameters.set("profile", values.text("target.profile", &problems), "target.profile")
    if group != nil {
      parameters.set("groupName", group, "abr.group")
      parameters.set("profile", values.text("abr.childProfile", &problems), "abr.childProfile")
      parameters.set("streamMatcher", values.text("abr.matcher", &problems), "abr.matcher")
    }
    parameters.take("relativePlaylists", "target.options.http.relativePlaylists")
    parameters.take("transportDebug", "target.options.cloudstorage.transportDebug")
    // An entry with a start time does not push before it.
    if times.start != nil { parameters.set("enabled", false, "start") } else { parameters.take("enabled", "enabled") }
    if let word = values.given.text("onExisting.mapEntry") {
      parameters.set("onExisting", word == "fail" ? "fail" : "replace", "onExisting.mapEntry")
    }
    guard let typed = typed(parameters), let job = job(typed, parameters, parents: [bucket], isShared: false) else {
      return nil
    }
    entries.add(key: typed.uniqueKey, entryName, values)
    return append(
      Expansion.Resource(
        role: .mapEntry, name: entryName, engine: values.engine, bucket: of.bucket, region: of.region, job: job,
        stream: values.stream.name, streams: 1, place: values.place("target.entryName")))
  }

  /// A name for one rendition: `{stream}` is the stream's name with the suffix, unless the text contains `{rendition}`.
  /// A fixed name of an incoming stream gets the suffix, too, because that is how transcoders name their output.
  private mutating func rendered(
    _ path: String, _ fallback: String, _ values: StreamValues, _ rendition: String, appends: Bool
  ) -> String? {
    let text = values.given.text(path) ?? fallback
    var own = values
    own.names["rendition"] = rendition
    let isPlaced = text.contains("{rendition")
    if !isPlaced { own.names["stream"] = values.stream.name + rendition }
    let filled = own.fill(text, path, values.place(path), &problems)
    return isPlaced || !appends || text.contains("{stream") ? filled : filled.map { $0 + rendition }
  }

  private mutating func append(_ resource: Expansion.Resource) -> Int {
    expansion.resources.append(resource)
    return expansion.resources.count - 1
  }

  private mutating func share(_ index: Int) -> Int {
    expansion.resources[index].streams += 1
    return index
  }

  // MARK: Jobs

  /// The parameters of the kind for a role; nil if they are not valid.
  private mutating func typed(_ parameters: ResourceParameters) -> (any JobParameters)? {
    let values = parameters.stream
    guard let kind = kinds.kind(for: parameters.role) else {
      problems.report(
        "RD0411", "no job kind has the role \(parameters.role.rawValue)", at: values.stream.place,
        stream: values.stream.name)
      return nil
    }
    let typed: any JobParameters
    do {
      typed = try kind.make(.object(parameters.values))
    } catch {
      problems.report(
        "RD0405", "these values are not valid for \(kind.kind): \(error)", at: values.stream.place,
        stream: values.stream.name)
      return nil
    }
    let issues = typed.validate()
    for issue in issues {
      let path = parameters.paths[issue.field] ?? issue.field
      problems.report(
        "RD0405", "\(path): \(issue.message)", at: values.place(path), stream: values.stream.name, help: issue.hint)
    }
    return issues.isEmpty ? typed : nil
  }

  private mutating func job(
    _ typed: any JobParameters, _ parameters: ResourceParameters, parents: [Int], runAt: Timestamp? = nil,
    isShared: Bool
  ) -> NewJob? {
    let values = parameters.stream
    var options = EnqueueOptions(runAt: runAt, parents: parents.map { .batch($0) }, labels: onboarding.labels)
    if !isShared {
      options.labels = labels(values)
      options.labels[ManifestLabel.stream] = values.stream.name
    }
    options.labels[ManifestLabel.manifest] = onboarding.name
    do {
      return try typed.newJob(options)
    } catch {
      problems.report(
        "RD0405", "these values do not form a valid job: \(error)", at: values.stream.place, stream: values.stream.name)
      return nil
    }
  }

  private func labels(_ values: StreamValues) -> [String: String] {
    var labels = onboarding.labels
    for name in values.given.labels.keys { labels[name] = values.names["label.\(name)"] }
    return labels
  }

  // MARK: Values that must be there

  private mutating func required(_ path: String, _ values: StreamValues, _ what: String) -> String? {
    guard values.given.fields[path] != nil else {
      problems.report(
        "RD0410", "\(path) is not set: \(what)", at: values.stream.place, stream: values.stream.name,
        help: "set it in defaults, the region, the engine, the group, the profile, or on the stream")
      return nil
    }
    return values.text(path, &problems)
  }

  private mutating func awsRegion(_ values: StreamValues) -> String? {
    if let region = values.awsRegion { return region }
    if values.given.fields["awsRegion"] == nil {
      problems.report(
        "RD0410", "the bucket has no AWS region", at: values.stream.place, stream: values.stream.name,
        help: "set awsRegion on the region, such as eu-central-1")
    }
    return nil
  }

  /// A connection by its name, or the only one in its section.
  private mutating func connection(_ path: String, _ section: String, _ values: StreamValues) -> String? {
    let names = known[section] ?? []
    if values.given.fields[path] != nil {
      guard let name = values.text(path, &problems) else { return nil }
      use(section, name, values.place(path), values.awsRegion)
      return name
    }
    if names.count == 1 { return names[0] }
    problems.report(
      "RD0410",
      names.isEmpty
        ? "\(path) is not set, and there are no connections under connections.\(section)"
        : "\(path) is not set, and connections.\(section) has \(names.count) to choose from", at: values.stream.place,
      stream: values.stream.name,
      help: names.isEmpty ? "set \(path)" : "set \(path) to one of \(names.joined(separator: ", "))")
    return nil
  }

  private mutating func use(_ section: String, _ name: String, _ place: SourceLocation, _ region: String?) {
    let use = ConnectionUse(
      section: section, name: name, place: place, region: section == "aws" ? region : nil,
      regionPlace: section == "aws" ? place : nil)
    if used.insert(use).inserted { expansion.connections.append(use) }
  }

  /// The engine writes each object with an ACL that lets everyone read. A bucket that refuses such objects refuses the
  /// stream.
  private mutating func checkAccess(_ values: StreamValues) {
    func refuse(_ path: String, _ message: String, _ help: String) {
      problems.report("RD0414", message, at: values.place(path), stream: values.stream.name, help: help)
    }
    if values.given.text("bucket.objectOwnership") == "BucketOwnerEnforced" {
      refuse(
        "bucket.objectOwnership", "an engine cannot push to a bucket with BucketOwnerEnforced: it sends ACLs",
        "write ObjectWriter")
    }
    if values.bool("bucket.blockPublicAccess") == true {
      refuse(
        "bucket.blockPublicAccess", "an engine cannot push to a bucket that blocks public access: its ACLs are public",
        "leave blockPublicAccess out")
    }
  }
}
