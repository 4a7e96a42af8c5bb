import Settings

/// Makes sure that each map entry's name is unique in its application.
struct EntryNames {
  private struct Taken {
    let name: String
    let application: String
    var streams: [String]
    var count = 1
    /// How many of them are renditions of one stream.
    var renditions = 1
    var place: SourceLocation
  }

  private var taken: [String: Taken] = [:]
  private var doubled: [String] = []

  /// Records an entry.
  mutating func add(key: String?, _ name: String, _ values: StreamValues) {
    guard let key else { return }
    let place = values.place("target.entryName")
    guard var there = taken[key] else {
      let application = "engine \(values.engine) / application \(values.names["application"] ?? "")"
      taken[key] = Taken(name: name, application: application, streams: [values.stream.name], place: place)
      return
    }
    if there.count == 1 {
      doubled.append(key)
      // The second one is the one that is wrong; of one stream, it is a rendition.
      there.place = there.streams == [values.stream.name] ? values.place("renditions") : place
    }
    there.count += 1
    if there.streams == [values.stream.name] { there.renditions += 1 }
    if there.streams.count < 2, there.streams != [values.stream.name] { there.streams.append(values.stream.name) }
    taken[key] = there
  }

  /// Names that more than one stream would get.
  var diagnostics: [Diagnostic] {
    doubled.prefix(CSVTable.mostDiagnostics).compactMap { key in
      guard let there = taken[key] else { return nil }
      if there.count == there.renditions {
        return Diagnostic(
          code: "RD0412", message: "two map entries would get the same entryName", location: there.place,
          label: "gives \"\(there.name)\" \(there.count == 2 ? "twice" : "\(there.count) times")",
          notes: ["for stream \(there.streams[0])", "entryName must be unique within \(there.application)"],
          help: "give each rendition its own suffix, and use {stream} or {rendition} in entryName")
      }
      return Diagnostic(
        code: "RD0412", message: "two map entries would get the same entryName", location: there.place,
        label: "gives \"\(there.name)\" \(ManifestProblems.words(there.count, there.streams))",
        notes: ["entryName must be unique within \(there.application)"], help: "use \"{stream}-s3\"")
    }
  }
}
