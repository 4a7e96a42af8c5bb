import JobQueue
package import Settings

/// Named defaults for many sheets: the usual settings for one organization's streams.
package struct Profile: Sendable {
  /// Its name.
  package var name: String
  /// Its values, which manifests and sheets override.
  package var values: GivenValues
  /// Its document, for quoting lines in errors.
  package var document: YAMLDocument

  /// Reads a profile: `kind: Profile`, its name, and fields as under `defaults` of an Onboarding, either there or
  /// beside the name; `engine`, `region` and `bucket` are among them.
  /// - Throws: all errors in it.
  package static func read(_ text: String, file: String) throws(JobFileProblems) -> Profile {
    let document: YAMLDocument
    do {
      document = try YAMLDocument(text: text, file: file)
    } catch {
      throw JobFileProblems(diagnostics: [error])
    }
    guard let root = document.root else {
      throw JobFileProblems(diagnostics: [
        Diagnostic(code: "RD0410", message: "\(file) is empty", help: "see docs/manifests.md for an example")
      ])
    }
    var reader = YAMLReader(document)
    let profile = read(root, document, by: &reader)
    guard reader.diagnostics.isEmpty else { throw JobFileProblems(diagnostics: reader.diagnostics) }
    return profile
  }

  private static func read(_ root: YAMLNode, _ document: YAMLDocument, by reader: inout YAMLReader) -> Profile {
    var profile = Profile(name: "", values: GivenValues(), document: document)
    if case .mapping(let pairs) = root.content {
      let keys = Dictionary(pairs.map { ($0.key.text ?? "", $0.value) }, uniquingKeysWith: { first, _ in first })
      var name = keys["name"]
      if case .mapping(let metadata)? = keys["metadata"]?.content {
        name = name ?? metadata.first { $0.key.text == "name" }?.value
      }
      if let name {
        profile.name = reader.text(name, "name") ?? ""
      } else {
        reader.missing("name", in: "the profile", at: root)
      }
      ManifestHead.check(keys["apiVersion"], keys["kind"], is: "Profile", at: root, by: &reader)
    }
    let layer = ManifestLayer.profile(profile.name)
    let (values, others) = LayerReader.read(
      root, "the profile", layer, others: ["apiVersion", "kind", "name", "metadata", "defaults", "spec"], by: &reader)
    if let metadata = others["metadata"] {
      for (key, node) in reader.mapping(metadata, "metadata", known: ["name", "labels"]) where key == "labels" {
        for (name, value) in reader.mapping(node, "metadata.labels") {
          guard let text = reader.text(value, "metadata.labels.\(name)") else { continue }
          profile.values.labels[name] = GivenValue(value: .string(text), layer: layer, place: value.location)
        }
      }
    }
    if let node = others["defaults"] {
      profile.values.merge(LayerReader.read(node, "defaults", layer, by: &reader).values)
    }
    if let node = others["spec"] {
      let (values, others) = LayerReader.read(node, "spec", layer, others: ["defaults"], by: &reader)
      if let node = others["defaults"] {
        profile.values.merge(LayerReader.read(node, "defaults", layer, by: &reader).values)
      }
      profile.values.merge(values)
    }
    profile.values.merge(values)
    return profile
  }
}

/// The first two keys of each of our documents.
enum ManifestHead {
  static func check(
    _ version: YAMLNode?, _ kind: YAMLNode?, is word: String, at root: YAMLNode, by reader: inout YAMLReader
  ) {
    for (node, key, word) in [(version, "apiVersion", "rundown/v1"), (kind, "kind", word)] {
      if let node {
        if node.text != word {
          reader.report("RD0107", "\(key) must be \(word)", at: node, help: "write \(key): \(word)")
        }
      } else {
        reader.missing(key, in: "the document", at: root)
      }
    }
  }
}
