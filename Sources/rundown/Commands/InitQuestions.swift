import Glibc
import Settings

/// What `rundown init` asks on a terminal.
enum InitQuestions {
  /// The connections that the user wants; an empty answer leaves a provider out.
  static func connections() throws -> [StarterConfiguration.Connection] {
    Output.sentence(
      "Which providers do your jobs use? Press Enter to skip one, Ctrl-D to quit without writing anything.")
    return try engines() + storage() + video() + pushCredential()
  }

  private static func engines() throws -> [StarterConfiguration.Connection] {
    var engines: [StarterConfiguration.Connection] = []
    var question = "Streaming Engine: address of its REST API, such as http://10.0.0.5:8087"
    while let url = try address(question) {
      let usual = engines.isEmpty ? "main" : "engine\(engines.count + 1)"
      var name = try name("  its name in jobs", usual: usual)
      while engines.contains(where: { $0.name == name }) {
        Output.sentence("  another engine already has this name")
        name = try Self.name("  its name in jobs", usual: usual)
      }
      let word = try choice("  authentication", of: ["digest", "basic", "none"])
      engines.append(.engine(name, url: url, authentication: word))
      question = "Another engine? Its address, or Enter to continue"
    }
    return engines
  }

  private static func storage() throws -> [StarterConfiguration.Connection] {
    let kind = try choice("S3: aws, own (your own server), or none", of: ["none", "aws", "own"])
    guard kind != "none" else { return [] }
    var endpoint: String?
    while kind == "own", endpoint == nil { endpoint = try address("  its address, such as https://s3.example.net") }
    let name = try name("  its name in jobs", usual: "media")
    let region = try answer("  region [\(endpoint == nil ? "eu-central-1" : "us-east-1")]")
    let hasKeys =
      try endpoint != nil
      || choice("  keys: found (in the usual AWS places) or typed", of: ["found", "typed"]) == "typed"
    return [
      .storage(
        name, region: region.isEmpty ? (endpoint == nil ? "eu-central-1" : nil) : region, endpoint: endpoint,
        hasKeys: hasKeys)
    ]
  }

  private static func video() throws -> [StarterConfiguration.Connection] {
    let name = try answer("Wowza Video: a name for the account, such as main")
    return name.isEmpty ? [] : [.video(name, url: nil)]
  }

  private static func pushCredential() throws -> [StarterConfiguration.Connection] {
    let name = try answer("Keys with which engines push to S3: a name for them, such as push")
    return name.isEmpty ? [] : [.pushCredential(name)]
  }

  // MARK: Asking

  /// Reads one line.
  /// - Parameter isHidden: whether to hide what is typed.
  /// - Throws: ``CommandError`` at the end of input.
  static func answer(_ question: String, isHidden: Bool = false) throws -> String {
    var shown = termios()
    let isTerminal = isHidden && tcgetattr(STDIN_FILENO, &shown) == 0
    if isTerminal {
      var hidden = shown
      // ISIG is off, too: if Ctrl-C ended the program here, the terminal would go on hiding what is typed.
      hidden.c_lflag &= ~tcflag_t(ECHO | ISIG)
      tcsetattr(STDIN_FILENO, TCSANOW, &hidden)
    }
    // Printed only now, so that what a fast typist types ahead is not shown either.
    Output.prompt("\(question): ")
    let line = readLine(strippingNewline: true)
    if isTerminal {
      tcsetattr(STDIN_FILENO, TCSANOW, &shown)
      Output.message("")
    }
    guard let line, !line.contains("\u{3}") else {
      throw CommandError(status: .interrupted, code: "interrupted", message: "nothing was written")
    }
    var text = line.drop { $0.isWhitespace }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  private static func name(_ question: String, usual: String) throws -> String {
    let name = try answer("\(question) [\(usual)]")
    return name.isEmpty ? usual : name
  }

  /// One of a few words; the first one for an empty answer.
  private static func choice(_ question: String, of words: [String]) throws -> String {
    while true {
      let word = try answer("\(question) (\(words.joined(separator: ", "))) [\(words[0])]")
      if word.isEmpty { return words[0] }
      if words.contains(word) { return word }
    }
  }

  /// An address; nil for an empty answer.
  private static func address(_ question: String) throws -> String? {
    while true {
      let text = try answer(question)
      if text.isEmpty { return nil }
      if ["http://", "https://"].contains(where: { text.hasPrefix($0) && text.count > $0.count }) { return text }
      Output.message("  an address starts with http:// or https://")
    }
  }
}
