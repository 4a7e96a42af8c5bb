import Dispatch
import Glibc
public import Wire

/// Resolves references into secrets when they are used.
public actor SecretResolver {
  /// The largest secret: 64 KiB.
  public static let maximumBytes = 65_536

  private let environment: [String: String]
  private let readFile: @Sendable (String) throws -> SecretFile
  private let runCommand: @Sendable ([String]) throws -> SecretCommand.Result
  private let onSecret: @Sendable (Secret) -> Void
  private let now: @Sendable () -> ContinuousClock.Instant
  /// Increases when the cache is dropped: the results of earlier runs are no longer cached.
  private var generation = 0
  private var kept: [SecretReference: (secret: Secret, until: ContinuousClock.Instant)] = [:]

  /// Creates a resolver.
  ///
  /// - Parameters:
  ///   - environment: The process's environment.
  ///   - now: The clock for the age of cached command output and for the time limit of commands.
  ///   - readFile: Blocking read; called outside the cooperative pool.
  ///   - runCommand: Blocking run; called outside the cooperative pool. By default ``SecretCommand`` in this
  ///     environment and by this clock, 30 s at most.
  ///   - onSecret: called with each secret that is returned, so that it can be redacted from what is shown.
  public init(
    environment: [String: String], now: @escaping @Sendable () -> ContinuousClock.Instant,
    readFile: @escaping @Sendable (String) throws -> SecretFile = { try SecretFile.read($0) },
    runCommand: (@Sendable ([String]) throws -> SecretCommand.Result)? = nil,
    onSecret: @escaping @Sendable (Secret) -> Void = { _ in }
  ) {
    self.onSecret = onSecret
    self.environment = environment
    self.now = now
    self.readFile = readFile
    self.runCommand =
      runCommand ?? { try SecretCommand.run($0, environment: environment, timeoutSeconds: 30, now: now) }
  }

  /// The secret, without blanks and line breaks at both ends.
  ///
  /// - Throws: ``SecretError``.
  public func resolve(_ reference: SecretReference) async throws -> Secret {
    try await diagnose(reference).secret
  }

  /// Drops everything that is cached, so that it is read again.
  public func forget() {
    kept = [:]
    generation += 1
  }

  /// The secret, and what is unwise about where it is kept, for `doctor`.
  ///
  /// - Throws: ``SecretError``.
  public func diagnose(_ reference: SecretReference) async throws -> (secret: Secret, warnings: [String]) {
    switch reference {
    case .file(let path): return try await file(path, reference)
    case .credential(let name):
      guard let directory = environment["CREDENTIALS_DIRECTORY"], !directory.isEmpty else {
        throw SecretError(
          code: .missing, reference: "\(reference)", cause: "CREDENTIALS_DIRECTORY is not set",
          hint: "add LoadCredential=\(name):/path to the unit, or set CREDENTIALS_DIRECTORY for a test")
      }
      return try await file("\(directory)/\(name)", reference)
    case .environment(let name):
      guard let value = environment[name] else {
        throw SecretError(
          code: .missing, reference: "\(reference)", cause: "\(name) is not set",
          hint: "set it, or better, use credential:NAME")
      }
      let warning = "\(reference): other processes of this user can read the environment; prefer credential:NAME"
      return (try secret(Array(value.utf8), reference), [warning])
    case .command(let arguments, let ttl): return (try await command(arguments, ttl: ttl, reference), [])
    case .awsProfile:
      throw SecretError(
        code: .notAValue, reference: "\(reference)", cause: "a profile is a pair of keys, not a single value",
        hint: "use it as the source of an AWS connection")
    }
  }

  private func file(_ path: String, _ reference: SecretReference) async throws -> (Secret, [String]) {
    let read = readFile
    let file: SecretFile
    do {
      file = try await Self.blocking { try read(path) }
    } catch let error as SystemError {
      // 2 is ENOENT on Linux.
      throw SecretError(
        code: error.number == 2 ? .missing : .unreadable, reference: "\(reference)", cause: "\(path): \(error)",
        hint: "check the path, and that the user of this process can read it")
    }
    let warning = "\(reference): \(path) is readable by group or others; run chmod 600 on it"
    return (try secret(file.bytes, reference), file.isReadableByOthers ? [warning] : [])
  }

  private func command(_ arguments: [String], ttl: Int?, _ reference: SecretReference) async throws -> Secret {
    if let known = kept[reference], now() < known.until { return known.secret }
    let run = runCommand
    let begun = generation
    let result: SecretCommand.Result
    do {
      result = try await Self.blocking { try run(arguments) }
    } catch let error as SystemError {
      throw SecretError(
        code: .commandFailed, reference: "\(reference)", cause: "it cannot be started: \(error)",
        hint: "check that the program is installed and in PATH")
    }
    if result.output.count > Self.maximumBytes { return try secret(result.output, reference) }
    guard result.succeeded else {
      // None of its output is shown: a program may well print the secret that it could not return.
      throw SecretError(
        code: .commandFailed, reference: "\(reference)", cause: "\(result.end)",
        hint: "run it by hand as the user of this process to see what it says")
    }
    let secret = try secret(result.output, reference)
    if let ttl, ttl > 0, begun == generation { kept[reference] = (secret, now() + .seconds(ttl)) }
    return secret
  }

  private func secret(_ bytes: [UInt8], _ reference: SecretReference) throws -> Secret {
    guard bytes.count <= Self.maximumBytes else {
      throw SecretError(
        code: .tooLarge, reference: "\(reference)", cause: "it is larger than 64 KiB",
        hint: "check what the reference points to")
    }
    do {
      let secret = try Secret(reading: bytes)
      onSecret(secret)
      return secret
    } catch {
      throw SecretError(
        code: error.isEmpty ? .empty : .unusable, reference: "\(reference)", cause: error.cause, hint: error.hint)
    }
  }

  private static let queue = DispatchQueue(label: "rundown.secrets", attributes: .concurrent)

  /// Blocking calls hold a thread; the cooperative pool has only as many threads as there are cores.
  private static func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try work() }) }
    }
  }
}

/// A bounded read of one file; its mode shows who else can read it.
public struct SecretFile: Sendable {
  /// The content, at most ``SecretResolver/maximumBytes`` + 1 bytes; the additional byte shows that it is too large.
  public var bytes: [UInt8]
  /// Whether group or others may read it.
  public var isReadableByOthers: Bool

  /// Creates a file's reading.
  public init(bytes: [UInt8], isReadableByOthers: Bool) {
    self.bytes = bytes
    self.isReadableByOthers = isReadableByOthers
  }

  /// Reads a regular file. Blocks.
  ///
  /// - Throws: ``SystemError``.
  public static func read(_ path: String) throws(SystemError) -> SecretFile {
    let file = try SmallFile.read(path, limit: SecretResolver.maximumBytes)
    return SecretFile(bytes: file.bytes, isReadableByOthers: file.mode & (S_IRGRP | S_IROTH) != 0)
  }
}
