import Foundation
import Glibc
import TestServers
import Testing

@testable import StreamingJobs

@Suite("On every S3 server") struct S3MatrixTests {
  @Test("each case holds, and the page tells what is seen", arguments: S3MatrixCase.all, S3Server.Kind.inUse)
  func holds(_ one: S3MatrixCase, kind: S3Server.Kind) async throws {
    let told: String
    do {
      told = try await one.run(kind)
    } catch {
      told = "no: \(error)"
      Issue.record("\(kind.title): \(one.name): \(error)")
    }
    if let file = getenv("RUNDOWN_S3_CELLS") {
      // scripts/s3-matrix writes them into the page.
      try append("\(one.name)\t\(told.replacing("\n", with: " "))\n", to: String(cString: file))
    } else if let cell = try page().cell(one.name, kind.title) {
      #expect(told == cell, "docs/providers.md: '\(one.name)' on \(kind.title)")
    } else {
      #expect(kind == .named, "docs/providers.md has no cell for '\(one.name)' on \(kind.title)")
    }
  }

  @Test("the page has these cases as its rows, and a cell for each server")
  func rows() throws {
    let page = try page()
    #expect(page.rows.map(\.name) == S3MatrixCase.all.map(\.name))
    for row in page.rows {
      #expect(row.cells.count == page.servers.count, "\(row.name)")
      #expect(row.cells.allSatisfy { !$0.isEmpty && $0 != "–" }, "\(row.name)")
    }
    #expect(page.servers.starts(with: [S3Server.Kind.miniStack, .moto, .swift].map(\.title)))
  }

  @Test("the servers of the page are those that the setup installs")
  func versions() throws {
    let setup = try text("scripts/setup")
    for kind in [S3Server.Kind.miniStack, .moto] {
      let version = try #require(kind.title.split(separator: " ").last)
      #expect(setup.contains("==\(version)"), "\(kind.title)")
    }
  }

  private func page() throws -> S3MatrixPage { S3MatrixPage(page: try text("docs/providers.md")) }

  private func text(_ path: String) throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// Cases run side by side: one write of a whole line.
  private func append(_ line: String, to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT, 0o600)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let bytes = Array(line.utf8)
    try #require(write(descriptor, bytes, bytes.count) == bytes.count)
  }
}
