import FoundationEssentials

/// A page of the documentation.
struct Page: Sendable {
  /// A fenced block.
  struct Block: Sendable {
    /// What stands behind the fence.
    var language: String
    /// The last line before it that is not empty.
    var caption: String
    var text = ""
  }

  /// The repository.
  static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

  /// Its path in the repository.
  let path: String
  /// Its blocks.
  private(set) var blocks: [Block] = []
  /// The lines around them.
  private(set) var prose: [String] = []

  init(_ path: String) throws {
    self.path = path
    var open: Block?
    for line in try Self.text(path).split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      let isFence = line.drop { $0 == " " }.hasPrefix("```")
      if let block = open {
        if isFence {
          blocks.append(block)
          open = nil
        } else {
          open?.text += line + "\n"
        }
      } else if isFence {
        let caption = prose.last { $0.contains { $0 != " " } } ?? ""
        open = Block(language: String(line.drop { $0 == " " || $0 == "`" }), caption: caption)
      } else {
        prose.append(line)
      }
    }
  }

  /// README.md, CONTRIBUTING.md and every page under docs/.
  static func all() throws -> [Page] {
    let below = try FileManager.default.subpathsOfDirectory(atPath: "\(root)/docs").filter { $0.hasSuffix(".md") }
    return try (["README.md", "CONTRIBUTING.md"] + below.sorted().map { "docs/\($0)" }).map { try Page($0) }
  }

  /// A file of the repository.
  static func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: "\(root)/\(path)")), as: UTF8.self)
  }

  /// Where its links lead that stay in the repository.
  var links: [String] {
    let text = prose.joined(separator: "\n").replacing(/`[^`\n]*`/, with: "")
    return text.matches(of: /\]\(([^)\s]+)\)/).map { String($0.output.1) }.filter { !$0.contains("://") }
  }

  /// The names under which its headings can be linked to, as GitHub makes them.
  var anchors: Set<String> {
    Set(
      prose.filter { $0.hasPrefix("#") }.map { line in
        let heading = line.drop { $0 == "#" || $0 == " " }.lowercased()
        return String(
          heading.compactMap { sign -> Character? in
            if sign == " " { return "-" }
            return sign.isLetter || sign.isNumber || sign == "-" || sign == "_" ? sign : nil
          })
      })
  }

  /// The path in the repository that a link of this page leads to, and the heading there.
  func target(of link: String) -> (path: String, anchor: String?) {
    let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let anchor = parts.count > 1 ? parts[1] : nil
    guard !parts[0].isEmpty else { return (path, anchor) }
    var steps = path.split(separator: "/").dropLast().map(String.init)
    for step in parts[0].split(separator: "/") {
      switch step {
      case ".": break
      case "..": _ = steps.popLast()
      default: steps.append(String(step))
      }
    }
    return (steps.joined(separator: "/"), anchor)
  }
}
