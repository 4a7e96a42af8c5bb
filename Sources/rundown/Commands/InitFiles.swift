import Glibc
import Settings

/// The files that `rundown init` creates. It never replaces an existing one.
struct InitFiles {
  /// A secret's file that was created.
  struct Written {
    let path: String
    let what: String
    /// Whether it is empty, to be filled in.
    let isEmpty: Bool
  }

  /// The configuration's absolute path.
  let path: String
  private let secretFolder: String

  /// - Parameter config: the value of `--config`.
  /// - Throws: ``CommandError`` RD0312 if there already is a configuration.
  init(_ config: String?) throws {
    let named = config ?? ProcessContext.environment["RUNDOWN_CONFIG"]
    let target = named ?? "rundown.yaml"
    try ProcessContext.requireFolder(for: target)
    for file in named.map({ [$0] }) ?? ["rundown.yaml", "config/rundown.yaml"] where access(file, F_OK) == 0 {
      throw CommandError.input(
        "RD0312", "a configuration already exists: \(ProcessContext.absolute(file))", flag: file,
        help: "edit it, or write another file with --config; rundown doctor checks it")
    }
    path = ProcessContext.absolute(target)
    secretFolder = path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/secrets"
  }

  /// Reads the configuration as every command will, before anything is written.
  /// - Throws: ``CommandError`` for invalid names and addresses.
  func check(_ configuration: StarterConfiguration) throws {
    var seen: Set<String> = []
    for connection in configuration.connections {
      let name = connection.name
      guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }), !name.hasPrefix("."),
        !name.isEmpty
      else {
        throw CommandError.input(
          "RD0303", "'\(name)' is not a valid connection name", help: "use letters, digits, '-', '_' and '.'")
      }
      guard seen.insert("\(connection.section) \(name)").inserted else {
        throw CommandError.input("RD0303", "two connections are named '\(name)'", help: "give each its own name")
      }
    }
    let text = configuration.text(secretsIn: secretFolder)
    let loader = SettingsLoader(environment: [:], directory: "/") { [path] in $0 == path ? text : nil }
    // Errors are located in a file that does not exist yet.
    let errors = loader.load(config: path).diagnostics.map { error in
      Diagnostic(code: error.code, message: error.message, notes: error.notes, help: error.help)
    }
    guard errors.isEmpty else { throw CommandError.files(errors) }
  }

  /// Writes the secrets first, so that a configuration that exists is complete.
  /// - Parameter values: the content of each secret's file, by its name.
  func write(_ configuration: StarterConfiguration, _ values: [String: String]) throws -> [Written] {
    var written: [Written] = []
    if !configuration.secrets.isEmpty {
      mkdir(secretFolder, 0o700)
      // A configuration may be committed to Git; the secrets that it refers to must never be.
      _ = try create("\(secretFolder)/.gitignore", "*\n")
    }
    for secret in configuration.secrets {
      let value = values[secret.file]
      let file = "\(secretFolder)/\(secret.file)"
      if try create(file, value.map { $0.hasSuffix("\n") ? $0 : $0 + "\n" } ?? "") {
        written.append(Written(path: file, what: secret.what, isEmpty: value == nil))
      } else {
        Output.sentence("\(file) already exists and is left as it is")
      }
    }
    guard try create(path, configuration.text(secretsIn: secretFolder)) else {
      throw CommandError.input("RD0312", "a configuration already exists: \(path)", flag: path)
    }
    return written
  }

  /// Creates a file that only its owner may read.
  /// - Returns: false if it already exists.
  private func create(_ file: String, _ text: String) throws -> Bool {
    let descriptor = open(file, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
    if descriptor < 0, errno == EEXIST { return false }
    guard descriptor >= 0 else { throw Self.failure(file, errno) }
    defer { close(descriptor) }
    // Independent of the umask.
    fchmod(descriptor, 0o600)
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.failure(file, errno) }
      bytes = bytes.dropFirst(count)
    }
    return true
  }

  private static func failure(_ file: String, _ number: Int32) -> CommandError {
    CommandError(
      status: .failed, code: "output", message: "cannot write \(file): \(String(cString: strerror(number)))",
      flag: file, help: "check that its folder exists and that this user may write to it")
  }
}
