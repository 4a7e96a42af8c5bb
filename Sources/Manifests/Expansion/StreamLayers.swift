import AWSClient
import JobQueue
import Settings

/// The values of one stream from all layers, and the names that its texts may use.
struct StreamValues {
  let stream: Onboarding.Stream
  let given: GivenValues
  /// The values of the placeholders.
  var names: [String: String]
  var engine: String
  var region: String
  var awsRegion: String?

  /// The place where a field was set, else the place of the stream.
  func place(_ path: String) -> SourceLocation { given.fields[path]?.place ?? stream.place }

  /// The text of a field with its placeholders filled in; nil if it is not set or not valid.
  func text(_ path: String, _ problems: inout ManifestProblems) -> String? {
    given.text(path).flatMap { fill($0, path, place(path), &problems) }
  }

  /// A text of this stream with its placeholders filled in.
  func fill(_ text: String, _ path: String, _ place: SourceLocation, _ problems: inout ManifestProblems) -> String? {
    do throws(Template.Problem) {
      let filled = try Template(values: names).filled(text)
      if filled.utf8.count <= ManifestValue.textBytes { return filled }
      problems.report(
        "RD0203", "\(path) expands to more than \(ManifestValue.textBytes) bytes", at: place, stream: stream.name)
    } catch {
      problems.report(
        "RD0203", "\(path): \(error.message)", at: place, stream: stream.name, help: error.help, width: text.count)
    }
    return nil
  }

  func bool(_ path: String) -> Bool? {
    if case .bool(let value)? = given.fields[path]?.value { value } else { nil }
  }

  func number(_ path: String) -> Int? {
    if case .int(let value)? = given.fields[path]?.value { Int(value) } else { nil }
  }

  func texts(_ path: String) -> [String]? {
    guard case .array(let values)? = given.fields[path]?.value else { return nil }
    return values.compactMap { if case .string(let text) = $0 { text } else { nil } }
  }

  func map(_ path: String) -> [String: String]? {
    guard case .object(let values)? = given.fields[path]?.value else { return nil }
    return values.compactMapValues { if case .string(let text) = $0 { text } else { nil } }
  }
}

/// Merges the layers of a manifest: profile, defaults, region, engine, group, stream.
struct StreamLayers {
  private struct Base: Hashable {
    let engine: String
    let region: String
    let group: String?
  }

  private let onboarding: Onboarding
  /// Most streams have the lower layers in common.
  private var bases: [Base: GivenValues] = [:]

  init(_ onboarding: Onboarding) { self.onboarding = onboarding }

  /// The values of a stream; nil if something is wrong that all others depend on.
  mutating func values(of stream: Onboarding.Stream, _ problems: inout ManifestProblems) -> StreamValues? {
    var names = ["stream": stream.name, "manifest": onboarding.name]
    names["n"] = stream.number.map(String.init)
    names["group"] = stream.group
    guard let engine = name(onboarding.engine(of: stream), "engine", stream, names, &problems) else { return nil }
    names["engine"] = engine
    if !onboarding.engines.isEmpty, onboarding.engines[engine] == nil {
      refuse("engine", engine, onboarding.engines.keys.sorted(), onboarding.engine(of: stream), stream, &problems)
      return nil
    }
    let given = onboarding.region(of: stream)
    let region = given == nil ? "" : name(given, "region", stream, names, &problems)
    guard let region else { return nil }
    let isRegion = AWSRegion.canBeOfAWS(region)
    // Without regions, an awsRegion beside it may explain the name.
    if !region.isEmpty, !isRegion, !onboarding.regions.isEmpty, onboarding.regions[region] == nil {
      refuse("region", region, onboarding.regions.keys.sorted(), given, stream, &problems)
      return nil
    }
    names["region"] = region.isEmpty ? nil : region
    let all = base(Base(engine: engine, region: region, group: stream.group)).merged(with: stream.values)
    var values = StreamValues(stream: stream, given: all, names: names, engine: engine, region: region)
    nameRest(&values, isRegion ? region : nil, &problems)
    return values
  }

  /// What later texts may refer to: the AWS region, the application, the labels, the bucket.
  private func nameRest(_ values: inout StreamValues, _ region: String?, _ problems: inout ManifestProblems) {
    values.awsRegion = values.text("awsRegion", &problems) ?? region
    values.names["awsRegion"] = values.awsRegion
    values.names["application"] = values.text("application", &problems) ?? "live"
    var labels = onboarding.labels
    for (name, label) in values.given.labels {
      guard case .string(let text) = label.value else { continue }
      labels[name] = values.fill(text, "labels.\(name)", label.place, &problems)
    }
    // A label never hides a built-in name.
    for (name, text) in labels {
      values.names["label.\(name)"] = text
      if values.names[name] == nil { values.names[name] = text }
    }
    if let bucket = values.text("bucket.name", &problems) { values.names["bucket"] = bucket }
  }

  private mutating func base(_ key: Base) -> GivenValues {
    if let base = bases[key] { return base }
    var base = onboarding.profile.merged(with: onboarding.defaults)
    for layer in [
      onboarding.regions[key.region], onboarding.engines[key.engine], key.group.flatMap { onboarding.groups[$0] },
    ] {
      if let layer { base.merge(layer) }
    }
    bases[key] = base
    return base
  }

  private func name(
    _ given: GivenValue?, _ field: String, _ stream: Onboarding.Stream, _ names: [String: String],
    _ problems: inout ManifestProblems
  ) -> String? {
    guard let given, case .string(let text) = given.value else {
      problems.report(
        "RD0410", "\(field) is not set", at: stream.place, stream: stream.name,
        help: "set \(field) on the stream, its group, in defaults or in a profile (--profile NAME)")
      return nil
    }
    let values = StreamValues(stream: stream, given: GivenValues(), names: names, engine: "", region: "")
    return values.fill(text, field, given.place, &problems)
  }

  private func refuse(
    _ field: String, _ name: String, _ known: [String], _ given: GivenValue?, _ stream: Onboarding.Stream,
    _ problems: inout ManifestProblems
  ) {
    let near = Suggestion.nearest(to: name, among: known)
    problems.report(
      "RD0408", "no \(field) \"\(name)\" under \(field)s", at: given?.place ?? stream.place,
      stream: stream.name,
      help: near.map { "did you mean \"\($0)\"?" } ?? "known: \(known.joined(separator: ", "))", width: name.count)
  }
}
