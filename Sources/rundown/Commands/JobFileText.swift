import Glibc
import Settings
import StreamingJobs

/// The text of a file of jobs, by the word given to `rundown enqueue`.
struct JobFileText {
  private static let limit = 16 << 20

  /// The text.
  let text: String
  /// Its name in messages.
  let name: String

  /// Reads a file or, with `-`, standard input.
  /// - Throws: ``CommandError`` that says what is there instead, and what was probably meant.
  init(_ word: String) throws {
    name = word == "-" ? "standard input" : word
    do {
      if word == "-" {
        text = try TextFile.read(STDIN_FILENO, limit: Self.limit)
      } else if let found = try TextFile.read(word, limit: Self.limit) {
        text = found
      } else {
        throw Self.nothing(named: word)
      }
    } catch let failure as TextFile.Failure {
      throw CommandError.input("RD0111", "cannot read \(name): \(failure)", flag: name, help: failure.help)
    }
  }

  /// Neither a file nor a kind; the form of the word shows which was meant.
  private static func nothing(named word: String) -> CommandError {
    let kinds = JobKinds.streaming.all.map(\.kind)
    if let kind = Suggestion.nearest(to: word, among: kinds) {
      return .input(
        "RD0202", "unknown job kind '\(word)', and no such file", flag: word,
        help: "did you mean 'rundown enqueue \(kind)'?")
    }
    let isPath = word.contains("/") || word.contains(".")
    if let near = Neighbours.nearest(to: word) {
      return .input("RD0111", "no such file: \(word)", flag: word, help: "did you mean \(near)?")
    }
    if isPath {
      return .input(
        "RD0111", "no such file: \(ProcessContext.absolute(word))", flag: word,
        help: word.hasPrefix("/") ? "check the path" : "the path is relative to the current folder")
    }
    return .input(
      "RD0202", "'\(word)' is not a file or a job kind", flag: word,
      help: "job kinds: \(kinds.joined(separator: ", "))")
  }
}

/// The files in the folder of the missing one.
private enum Neighbours {
  private static let endings = [".yaml", ".yml", ".json", ".jsonl"]
  /// In a folder with more files than this, no suggestion is made.
  private static let most = 2_000

  /// The path of the file with the most similar name; nil if none is similar.
  static func nearest(to path: String) -> String? {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? ""
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    let names = names(in: folder.isEmpty ? "." : folder)
    let completed = endings.map { name + $0 }.first { names.contains($0) }
    return (completed ?? Suggestion.nearest(to: name, among: names)).map { folder + $0 }
  }

  private static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while names.count < most, let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
      }
      if let name, name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
