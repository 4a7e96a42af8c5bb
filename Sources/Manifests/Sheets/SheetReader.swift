import JobQueue
import Settings

/// Reads the streams of a sheet: a heading with known columns, then one stream per row. A row that starts with `#` is a
/// comment.
struct SheetReader {
  private enum Column {
    case stream
    case field(ManifestField)
    case label(String)
    /// A stream's status from an export; it is ignored.
    case told(ToldColumn)
    /// A column without a name.
    case unnamed
    /// An unknown column, which has already been reported.
    case unknown

    var name: String {
      switch self {
      case .unnamed, .unknown: ""
      case .stream: "stream"
      case .field(let field): field.path
      case .label(let name): "label.\(name)"
      case .told(let column): column.rawValue
      }
    }
  }

  private let table: CSVTable
  private var columns: [Column] = []
  private var diagnostics: [Diagnostic] = []
  private var streams: [Onboarding.Stream] = []
  private var rowsByName: [String: Int] = [:]
  /// Whether lines are quoted in errors; not if the sheet seems to contain secrets.
  private var shows = true

  /// Reads a sheet and collects all errors.
  static func read(_ table: CSVTable) -> (streams: [Onboarding.Stream], diagnostics: [Diagnostic]) {
    var reader = SheetReader(table)
    reader.read()
    return (reader.streams, Array(reader.diagnostics.prefix(CSVTable.mostDiagnostics)))
  }

  private init(_ table: CSVTable) { self.table = table }

  private mutating func read() {
    let rows = table.rows.filter { row in
      row.cells.first.map { $0.text.hasPrefix("#") && !Self.formulaErrors.contains($0.text) } != true
    }
    guard let heading = rows.first else {
      diagnostics.append(
        Diagnostic(
          code: "RD0403", message: "\(table.text.file) is empty", help: "rundown template csv writes a header"))
      return
    }
    readHeading(heading)
    for row in rows.dropFirst() where diagnostics.count < CSVTable.mostDiagnostics { readRow(row) }
    if rows.count == 1, diagnostics.isEmpty, let cell = heading.cells.first {
      diagnostics.append(
        table.diagnostic("RD0403", "the sheet has a header and no rows", at: cell, help: "add a row for each stream")
      )
    }
  }

  // MARK: The heading

  private mutating func readHeading(_ heading: CSVTable.Row) {
    var seen: Set<String> = []
    for cell in heading.cells {
      let words = ["password", "secret", "token", "apikey", "accesskey"]
      if words.contains(where: { Self.plain(cell.text).contains($0) }) { shows = false }
      guard !cell.text.isEmpty else {
        columns.append(.unnamed)
        continue
      }
      let column = Self.column(cell.text)
      columns.append(column ?? .unknown)
      if let column {
        guard !seen.insert(column.name).inserted else { continue }
        report("RD0403", "the sheet has two columns named \(column.name)", at: cell, help: "delete one of them")
      } else {
        let known = Self.names
        let near = Suggestion.nearest(to: cell.text, among: known)
        report(
          "RD0403", "unknown column \"\(cell.text)\"", at: cell,
          help: near.map { "did you mean \"\($0)\"?" }
            ?? "docs/manifests.md lists the columns; for a label of your own write label.\(cell.text)")
      }
    }
    guard !seen.contains("stream"), let cell = heading.cells.first else { return }
    report(
      "RD0403", "the sheet has no column \"stream\"", at: cell,
      help: "the first row names the columns; add one named stream")
  }

  /// The names of all columns; the short one if there is one.
  static let names = ["stream"] + ManifestField.all.filter(\.isColumn).map { $0.column ?? $0.path }

  private static func column(_ text: String) -> Column? {
    for prefix in ["label.", "labels."] where text.lowercased().hasPrefix(prefix) {
      let name = String(text.dropFirst(prefix.count))
      return name.isEmpty ? nil : .label(name)
    }
    if plain(text) == "stream" || plain(text) == "name" { return .stream }
    if let field = byName[plain(text)] { return .field(field) }
    return ToldColumn.allCases.first { plain($0.rawValue) == plain(text) }.map { .told($0) }
  }

  /// A name in a normal form, because people vary it: `Source Stream`, `source_stream`.
  private static func plain(_ text: String) -> String {
    String(text.lowercased().filter { !"_- ".contains($0) })
  }

  private static let byName: [String: ManifestField] = {
    var fields: [String: ManifestField] = [:]
    for field in ManifestField.all where field.isColumn {
      fields[plain(field.path)] = field
      if let column = field.column { fields[plain(column)] = field }
    }
    for (short, path) in ManifestField.shortForms where fields[short] == nil { fields[short] = ManifestField.at(path) }
    return fields
  }()

  /// What a spreadsheet saves in place of a formula's result. In the first cell it must not pass for a note, or the stream
  /// would be lost without a word.
  private static let formulaErrors: Set<String> = [
    "#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#BEZUG!", "#NV", "#WERT!",
    "#ZAHL!",
  ]

  // MARK: Rows

  private mutating func readRow(_ row: CSVTable.Row) {
    var values = GivenValues()
    var nameCell: CSVTable.Cell?
    // Whose name is wrong, as was said already.
    var isNameless = false
    for (index, cell) in row.cells.enumerated() where !cell.text.isEmpty {
      guard index < columns.count else {
        report(
          "RD0403", "row \(row.number): '\(cell.text)' is beyond the last column", at: cell,
          help: "name its column, or quote the cell that contains a separator")
        break
      }
      let column = columns[index]
      if case .told = column { continue }
      guard cell.text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
        reportValue(row, column, "contains a line break or another control character", nil, cell)
        continue
      }
      guard !Self.formulaErrors.contains(cell.text) else {
        reportValue(
          row, column, "'\(cell.text)' is an error of the spreadsheet", "correct its formula, and save again", cell)
        if case .stream = column { isNameless = true }
        continue
      }
      let place = SourceLocation(file: table.text.file, line: cell.line, column: cell.column)
      let layer = ManifestLayer.row(row.number)
      switch column {
      case .unknown, .told: break
      case .unnamed:
        report(
          "RD0403", "row \(row.number): the column of '\(cell.text)' has no name", at: cell,
          help: "name it in the first row")
      case .stream: nameCell = cell
      case .label(let name): values.labels[name] = GivenValue(value: .string(cell.text), layer: layer, place: place)
      case .field(let field):
        do throws(FieldProblem) {
          let value = try ManifestValue.value(cell.text, field)
          values.fields[field.path] = GivenValue(value: value, layer: layer, place: place)
        } catch {
          reportValue(row, column, error.message, error.help, cell)
        }
      }
    }
    if !isNameless { add(row, nameCell, values) }
  }

  private mutating func add(_ row: CSVTable.Row, _ cell: CSVTable.Cell?, _ values: GivenValues) {
    guard let cell else {
      guard columns.contains(where: { if case .stream = $0 { true } else { false } }), let first = row.cells.first
      else {
        return
      }
      return report("RD0403", "row \(row.number), column stream: empty", at: first, help: "name the stream")
    }
    if let first = rowsByName.updateValue(row.number, forKey: cell.text) {
      return report(
        "RD0407", "row \(row.number), column stream: \"\(cell.text)\" is already in row \(first)", at: cell,
        help: "rename one of them")
    }
    streams.append(
      Onboarding.Stream(
        name: cell.text, values: values,
        place: SourceLocation(file: table.text.file, line: cell.line, column: cell.column)))
  }

  private mutating func reportValue(
    _ row: CSVTable.Row, _ column: Column, _ message: String, _ help: String?, _ cell: CSVTable.Cell
  ) {
    report("RD0405", "row \(row.number), column \(column.name): \(message)", at: cell, help: help)
  }

  private mutating func report(_ code: String, _ message: String, at cell: CSVTable.Cell, help: String?) {
    diagnostics.append(table.diagnostic(code, message, at: cell, shows: shows, help: help))
  }
}
