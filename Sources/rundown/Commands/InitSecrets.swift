import Settings

/// The secrets that `rundown init` stores in files: taken from where the options say, else typed on a terminal, else
/// left to be filled in.
struct InitSecrets {
  private static let limit = 65_536
  private let sources: [String: String]

  /// - Parameter sources: the names of files, each with `env:VARIABLE` or the path of a file to copy.
  init(_ sources: [NameAndValue]) {
    self.sources = NameAndValue.dictionary(sources)
  }

  /// The value of each, by the name of its file; none if it is left to be filled in.
  func values(of secrets: [StarterConfiguration.Secret], asking: Bool) throws -> [String: String] {
    let known = secrets.map(\.file)
    for name in sources.keys.sorted() where !known.contains(name) {
      let near = Suggestion.nearest(to: name, among: known)
      throw CommandError.input(
        "RD0303", "no connection has a secret '\(name)'", flag: "--secret",
        help: near.map { "did you mean '\($0)'?" } ?? "known: \(known.joined(separator: ", "))")
    }
    var values: [String: String] = [:]
    for secret in secrets {
      if let source = sources[secret.file] {
        values[secret.file] = try read(source)
      } else if asking {
        let typed = try InitQuestions.answer(secret.what, isHidden: secret.isHidden)
        if !typed.isEmpty { values[secret.file] = typed }
      }
    }
    return values
  }

  private func read(_ source: String) throws -> String {
    if source.hasPrefix("env:") {
      let name = String(source.dropFirst(4))
      guard let value = ProcessContext.environment[name], !value.isEmpty else {
        throw CommandError.input(
          "RD0303", "the variable \(name) is not set", flag: "--secret", help: "set it, or use a file")
      }
      return value
    }
    do {
      if let text = try TextFile.read(source, limit: Self.limit) { return text }
    } catch let failure as TextFile.Failure {
      throw CommandError.input("RD0111", "cannot read \(source): \(failure)", flag: "--secret", help: failure.help)
    }
    // Not quoted: someone may have pasted the secret itself there.
    throw CommandError.input(
      "RD0111", "the file named after '=' does not exist", flag: "--secret",
      help: "write FILE=env:VARIABLE, or FILE=PATH; a secret itself does not belong on the command line")
  }
}
