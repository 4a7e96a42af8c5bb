/// The profiles of the shared files; for the same profile, the credentials file takes precedence over the config file.
struct AWSProfiles: Sendable {
  /// The profile that is used if none is named: `AWS_PROFILE`, otherwise `default`.
  let selected: String
  /// Where profiles were looked for, for error messages.
  let places: String
  private var settings: [String: [String: String]] = [:]

  static let largestFile = 1 << 20

  /// Reads both files; one that does not exist is empty.
  /// - Throws: ``AWSCredentialError`` if a file exists but cannot be read.
  init(_ environment: AWSEnvironment) throws {
    selected = environment.variable("AWS_PROFILE") ?? "default"
    let config = try Self.read(environment, variable: "AWS_CONFIG_FILE", standard: "config")
    let credentials = try Self.read(environment, variable: "AWS_SHARED_CREDENTIALS_FILE", standard: "credentials")
    places = "\(credentials.place) and \(config.place)"
    for (section, values) in config.file?.sections ?? [:] {
      if section.hasPrefix("profile ") {
        settings[String(section.dropFirst(8)), default: [:]].merge(values) { $1 }
      } else if section == "default" {
        // `[profile default]` is the more exact spelling of the two.
        settings[section, default: [:]].merge(values) { exact, _ in exact }
      }
    }
    for (section, values) in credentials.file?.sections ?? [:] {
      settings[section, default: [:]].merge(values) { $1 }
    }
  }

  /// The settings of a profile; nil if there is none of this name.
  subscript(name: String) -> [String: String]? { settings[name] }

  private static func read(
    _ environment: AWSEnvironment, variable: String, standard: String
  ) throws -> (file: AWSConfigurationFile?, place: String) {
    guard let path = environment.path(environment.variable(variable) ?? "~/.aws/\(standard)") else {
      return (nil, "~/.aws/\(standard) (no home directory)")
    }
    guard let bytes = try environment.bytes(of: path, limit: largestFile) else {
      return (nil, "\(path) (no such file)")
    }
    return (AWSConfigurationFile(bytes), path)
  }
}

extension AWSEnvironment {
  /// The path with `~/` replaced by the home directory; nil if that is needed and there is none.
  func path(_ path: String) -> String? {
    guard path.hasPrefix("~/") else { return path }
    return home.map { $0 + path.dropFirst() }
  }

  /// Reads a file whose errors name it.
  func bytes(of path: String, limit: Int) throws(AWSCredentialError) -> [UInt8]? {
    do {
      return try file(path, limit)
    } catch let error as AWSCredentialError {
      throw error
    } catch {
      throw AWSCredentialError(
        code: .invalid, cause: "cannot read \(path): \(error)",
        hint: "make it readable for the user that runs this program")
    }
  }
}
