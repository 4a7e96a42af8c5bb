import Glibc
import Manifests
import Settings
import Wire

/// The manifest or sheet given on the command line, with the profile and the files that it needs.
struct ManifestInput {
  private static let limit = SheetText.maximumBytes

  /// Reads a manifest or a sheet.
  /// - Parameters:
  ///   - file: the file as it was given.
  ///   - profile: the name of a profile, or its path.
  ///   - files: records each file that is read.
  /// - Throws: ``CommandError``, or ``JobFileProblems`` with everything that is wrong with the file.
  static func read(_ file: String, profile: String?, noting files: ReadFiles = ReadFiles()) throws -> Manifest {
    let bytes = try self.bytes(file, noting: files)
    let profile = try profile.map { try ProfilePlace.read($0, noting: files) }
    guard isManifest(bytes, file) else {
      return try Manifest.sheet(bytes, file: file, name: name(of: file), profile: profile)
    }
    let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
    let sources = ManifestSources(zones: .system()) { name in
      try optionalBytes(name.hasPrefix("/") ? name : folder + name, noting: files)
    }
    return try Manifest.read(try TextFile.text(bytes, of: file), file: file, sources, profile: profile)
  }

  /// A sheet is recognized by its extension, or because it is not one of our YAML files.
  private static func isManifest(_ bytes: [UInt8], _ file: String) -> Bool {
    let ending = file.split(separator: ".").last.map { $0.lowercased() } ?? ""
    if ["csv", "tsv"].contains(ending) { return false }
    if ["yaml", "yml", "json"].contains(ending) { return true }
    return String(decoding: bytes.prefix(4096), as: UTF8.self).contains("apiVersion")
  }

  /// A sheet's manifest is named after its file, without the extension.
  private static func name(of file: String) -> String {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    return name.lastIndex(of: ".").map { String(name[..<$0]) }.flatMap { $0.isEmpty ? nil : $0 } ?? name
  }

  private static func bytes(_ file: String, noting files: ReadFiles) throws -> [UInt8] {
    guard let bytes = try optionalBytes(file, noting: files) else {
      throw CommandError.input(
        "RD0111", "no such file: \(file)", flag: file, help: "give a manifest (YAML) or a sheet (CSV)")
    }
    return bytes
  }

  /// The bytes of a file; nil if it does not exist.
  /// - Parameter files: records the file.
  static func optionalBytes(_ file: String, noting files: ReadFiles) throws -> [UInt8]? {
    do throws(SystemError) {
      let bytes = try SmallFile.read(file, limit: limit).bytes
      files.note(file, bytes)
      return bytes
    } catch {
      if error.number == ENOENT || error.number == ENOTDIR { return nil }
      let words = error.number == EINVAL ? "not a regular file" : "\(error)"
      throw CommandError.input("RD0111", "cannot read \(file): \(words)", flag: file)
    }
  }
}

/// Where profiles are: in the current folder, then the user's, then the system's.
enum ProfilePlace {
  private static let endings = [".yaml", ".yml", ".json"]

  /// Reads a profile by its name or its path.
  static func read(_ word: String, noting files: ReadFiles = ReadFiles()) throws -> Profile {
    let paths = self.paths(word)
    for path in paths {
      guard let bytes = try ManifestInput.optionalBytes(path, noting: files) else { continue }
      return try Profile.read(try TextFile.text(bytes, of: path), file: path)
    }
    throw CommandError(
      status: .input,
      diagnostics: [
        Diagnostic(
          code: "RD0416", message: "no such profile: \(word)", flag: "--profile",
          notes: ["looked for: \(paths.joined(separator: ", "))"], help: "write one: see docs/manifests.md")
      ])
  }

  private static func paths(_ word: String) -> [String] {
    guard !word.contains("/"), !endings.contains(where: word.hasSuffix) else { return [word] }
    let environment = ProcessContext.environment
    let user =
      environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? environment["HOME"].map { "\($0)/.config" }
    let folders = ["profiles"] + (user.map { ["\($0)/rundown/profiles"] } ?? []) + ["/etc/rundown/profiles"]
    return folders.flatMap { folder in endings.map { "\(folder)/\(word)\($0)" } }
  }
}
