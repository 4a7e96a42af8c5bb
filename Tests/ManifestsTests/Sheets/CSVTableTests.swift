import Manifests
import Settings
import Testing

@Suite("A table as spreadsheets save it")
struct CSVTableTests {
  static func rows(_ bytes: [UInt8]) throws -> [[String]] {
    try CSVTable(try SheetText(bytes, file: "gig.csv")).rows.map { $0.cells.map(\.text) }
  }

  static func rows(_ text: String) throws -> [[String]] { try rows(Array(text.utf8)) }

  static func problems(_ bytes: [UInt8]) -> [String] {
    do {
      _ = try CSVTable(try SheetText(bytes, file: "gig.csv"))
      return []
    } catch let problems as JobFileProblems {
      return problems.diagnostics.map { "\($0.code) \($0.location.map { "\($0.line):\($0.column)" } ?? "-")" }
    } catch let problem as Diagnostic {
      return ["\(problem.code) \(problem.location.map { "\($0.line):\($0.column)" } ?? "-")"]
    } catch {
      return ["\(error)"]
    }
  }

  static func utf16(_ text: String, bigEndian: Bool, mark: Bool = true) -> [UInt8] {
    ((mark ? [0xFEFF] : []) + Array(text.utf16)).flatMap { unit in
      let pair = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
      return bigEndian ? pair : pair.reversed()
    }
  }

  private static let plain = "stream,engine\nbühne-1,fra1\n"
  private static let wanted = [["stream", "engine"], ["bühne-1", "fra1"]]

  @Test("is the same in UTF-8 and UTF-16, with a byte order mark or without")
  func encodings() throws {
    #expect(try Self.rows(Self.plain) == Self.wanted)
    #expect(try Self.rows([0xEF, 0xBB, 0xBF] + Array(Self.plain.utf8)) == Self.wanted)
    for bigEndian in [true, false] {
      for mark in [true, false] {
        #expect(try Self.rows(Self.utf16(Self.plain, bigEndian: bigEndian, mark: mark)) == Self.wanted)
      }
    }
  }

  @Test(
    "is the same with each separator, each line break, and a sep= line, which is no row", arguments: [",", ";", "\t"])
  func separators(separator: String) throws {
    for lineBreak in ["\n", "\r\n", "\r"] {
      let text = Self.plain.replacing(",", with: separator).replacing("\n", with: lineBreak)
      for head in ["", "sep=\(separator)\(lineBreak)", "\"sep=\(separator)\"\(lineBreak)"] {
        #expect(try Self.rows(head + text) == Self.wanted, "\((head + text).debugDescription)")
      }
    }
    #expect(try Self.rows("sep=|\na|b,c") == [["a", "b,c"]])
    #expect(try CSVTable(SheetText(Array("sep=;\na;b".utf8), file: "")).rows.map(\.number) == [1])
  }

  @Test("takes the separator of its heading, whatever stands in the cells and in a note above")
  func detection() throws {
    #expect(try Self.rows("a;b\n1,5;2,5") == [["a", "b"], ["1,5", "2,5"]])
    #expect(try Self.rows("\"a,b,c\";d\n1;2") == [["a,b,c", "d"], ["1", "2"]])
    #expect(try Self.rows("# one, two, three\na;b").last == ["a", "b"])
    #expect(try Self.rows("\n\n;;\na;b").last == ["a", "b"])
    #expect(try Self.rows("stream\npitch-1") == [["stream"], ["pitch-1"]])
  }

  @Test("keeps what quotes hold: separators, doubled quotes and line breaks; a row is not a line")
  func quotes() throws {
    let table = try CSVTable(
      SheetText(Array("a,b\n\"x \"\"y\"\"\r\nz\",1\n \"q,\" ,\"\"\nlast,2\n".utf8), file: "gig.csv"))
    #expect(
      table.rows.map { $0.cells.map(\.text) } == [["a", "b"], ["x \"y\"\nz", "1"], ["q,", ""], ["last", "2"]])
    #expect(table.rows.map(\.number) == [1, 2, 3, 4])
    #expect(table.rows[3].cells[0].line == 5)
    #expect(try Self.rows("a,b\n5\" disk,x\"y\"\n") == [["a", "b"], ["5\" disk", "x\"y\""]])
  }

  @Test("has no rows without a text; trailing separators are empty cells; numbers keep their zeros")
  func emptiness() throws {
    let table = try CSVTable(SheetText(Array("a,b,,,\n,,,,\n\n007,0.50,,\n   ,\t\n,x".utf8), file: ""))
    #expect(table.rows.map { $0.cells.map(\.text) } == [["a", "b", "", "", ""], ["007", "0.50", "", ""], ["", "x"]])
    #expect(table.rows.map(\.number) == [1, 4, 6])
    #expect(try Self.rows("").isEmpty)
  }

  @Test("gives back what was guarded against formulas, and takes white space off the ends")
  func guards() throws {
    #expect(try Self.rows("'=a,'+1,'-x,'@y,'plain,''=z") == [["=a", "+1", "-x", "@y", "'plain", "'=z"]])
    #expect(try Self.rows(" a ,\"b\n\",\u{A0}c") == [["a", "b", "c"]])
  }

  @Test("all unbalanced quotes are reported at once, each with its place")
  func brokenQuotes() {
    #expect(
      Self.problems(Array("a,b\n\"x\"y,1\n2,\"ü\" z\n3,\"open\n4,5".utf8)) == [
        "RD0402 2:4", "RD0402 3:7", "RD0402 4:3",
      ])
    #expect(Self.problems(Array("sep=\na".utf8)) == ["RD0402 1:1"])
  }

  @Test("a file that is not text is refused, with the place of the first invalid character")
  func foreign() {
    #expect(Self.problems(Array("a,b\nü,".utf8) + [0xE4] + Array("\n".utf8)) == ["RD0401 2:3"])
    #expect(Self.problems([0x50, 0x4B, 0x03, 0x04]) == ["RD0401 -"])
    #expect(Self.problems([0xFF, 0xFE, 0x61]) == ["RD0401 -"])
    #expect(Self.problems([0xFF, 0xFE, 0x00, 0xD8]) == ["RD0401 -"])
    #expect(Self.problems(Array("a,b\n1,x\0y".utf8)) == ["RD0402 2:3"])
  }

  @Test("exceeded limits are reported: bytes, rows, cells of a row, bytes of a cell")
  func bounds() {
    #expect(Self.problems([UInt8](repeating: 0x61, count: SheetText.maximumBytes + 1)) == ["RD0404 1:1"])
    let rows = String(repeating: "a\n", count: CSVTable.maximumRows)
    #expect(Self.problems(Array(rows.utf8)).isEmpty)
    #expect(Self.problems(Array((rows + "b").utf8)) == ["RD0404 20001:1"])
    let cells = String(repeating: "a,", count: CSVTable.maximumCells)
    #expect(Self.problems(Array(cells.utf8)).isEmpty)
    #expect(Self.problems(Array((cells + "b,c").utf8)) == ["RD0404 1:1025"])
    let cell = String(repeating: "a", count: CSVTable.maximumCellBytes + 1)
    #expect(Self.problems(Array("b,\(cell)".utf8)) == ["RD0404 1:3"])
  }
}
