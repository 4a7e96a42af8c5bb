import Foundation
import Glibc
import TestServers

/// The table of S3 servers in docs/providers.md.
struct S3MatrixPage {
  static let heading = "Other S3 servers"
  /// The servers, as the columns are headed.
  let servers: [String]
  /// The cases and their cells, server by server.
  let rows: [(name: String, cells: [String])]

  init(page: String) {
    let section = page.components(separatedBy: "\n## ").first { $0.hasPrefix(Self.heading + "\n") } ?? ""
    let lines = section.split(separator: "\n").filter { $0.hasPrefix("|") }
      .map { line in line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
    servers = lines.first.map { Array($0.dropFirst()) } ?? []
    rows = lines.dropFirst(2).map { ($0.first ?? "", Array($0.dropFirst())) }
  }

  /// What the page says of a case on a server; nil when it has no such cell.
  func cell(_ name: String, _ server: String) -> String? {
    guard let column = servers.firstIndex(of: server), let row = rows.first(where: { $0.name == name }),
      column < row.cells.count
    else { return nil }
    return row.cells[column]
  }
}
