import Glibc
import Presentation

/// Shows a text that is longer than the terminal through `$PAGER`, or `less`.
enum Pager {
  /// Writes the text to standard output, page by page if that is a terminal on which it does not fit.
  static func show(_ text: String) throws {
    let lines = text.utf8.count { $0 == UInt8(ascii: "\n") } + 1
    guard let height = Terminal.output.height, lines >= height, isatty(STDIN_FILENO) == 1 else {
      return try Output.painted(text)
    }
    let named = ProcessContext.environment["PAGER"] ?? ""
    // As git does: exit if everything fits, show our colours, keep the screen.
    let command = named.isEmpty ? "LESS=${LESS-FRX} less" : named
    guard named != "cat", let pipe = popen(command, "w") else { return try Output.painted(text) }
    var fit = Terminal.output.fit(text) + "\n"
    fit.withUTF8 { _ = fwrite($0.baseAddress, 1, $0.count, pipe) }
    // The shell's status for a program that it does not find. A pager that is left early is not an error.
    if pclose(pipe) >> 8 & 0xFF == 127 { try Output.painted(text) }
  }
}
