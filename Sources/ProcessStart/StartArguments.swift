import CStart
import Glibc

/// The arguments that this process was started with, without the program's name.
public enum StartArguments {
  /// The arguments as text. They are never repaired: a name with a different byte is a different file or key.
  /// - Parameter switches: flags that take no value, so that the word after one is not treated as its value.
  /// - Throws: ``UnusableArguments``.
  public static func read(switches: Set<String> = []) throws(UnusableArguments) -> [String] {
    let count = Int(cstart_argument_count())
    guard count > 0 else { throw .none }
    var words: [String] = []
    for index in 1..<max(1, count) {
      let word = bytes(at: index)
      guard let text = String(validating: word, as: UTF8.self) else {
        throw .notUTF8(flag: flag(of: word, after: words.last, switches), shown: String(decoding: word, as: UTF8.self))
      }
      words.append(text)
    }
    return words
  }

  /// The same for a tool that has no better way to report an error: one line on standard error, status 2.
  public static func readOrExit() -> [String] {
    do throws(UnusableArguments) {
      return try read()
    } catch {
      let line = Array("error: \(error.message)\n".utf8)
      _ = write(STDERR_FILENO, line, line.count)
      exit(2)
    }
  }

  /// Makes the process end with a message, and not by a signal, if a file that it has mapped into memory is truncated.
  public static func reportLostMappings() { cstart_tell_of_lost_mapping() }

  private static func bytes(at index: Int) -> UnsafeBufferPointer<UInt8> {
    let start = UnsafeRawPointer(cstart_argument(Int32(index))).assumingMemoryBound(to: UInt8.self)
    var length = 0
    while start[length] != 0 { length += 1 }
    return UnsafeBufferPointer(start: start, count: length)
  }

  /// The flag whose value a word is: `--key=value`, or the word after `--key`.
  private static func flag(
    of word: UnsafeBufferPointer<UInt8>, after previous: String?, _ switches: Set<String>
  ) -> String? {
    if word.starts(with: "--".utf8) {
      return String(validating: word.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self)
    }
    guard let previous, previous.hasPrefix("-"), previous.count > 1, previous != "--", !previous.contains("="),
      !switches.contains(previous)
    else { return nil }
    return previous
  }
}

/// Why the arguments of this process cannot be used.
public enum UnusableArguments: Error, Sendable, Hashable {
  /// Even the program's name is missing.
  case none
  /// An argument is not UTF-8.
  /// - Parameters:
  ///   - flag: the flag whose value it is; nil for an argument by itself.
  ///   - shown: the argument with each wrong byte replaced.
  case notUTF8(flag: String?, shown: String)

  /// One sentence for a person.
  public var message: String {
    switch self {
    case .none: "the program was started without any argument, not even its own name"
    case .notUTF8(let flag?, _): "\(flag) is not valid UTF-8"
    case .notUTF8(nil, _): "an argument is not valid UTF-8"
    }
  }
}
