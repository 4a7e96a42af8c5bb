import Settings

/// Rows in columns. On a terminal, each row fits its width: wide columns are cut, the last ones first. A column of
/// addresses is never cut; if it makes a row too long, the row runs over.
///
/// A table may have a note in each row, such as the reason for a state. The note gets the width that the columns leave,
/// on as many lines as it needs; if that is too narrow to read, it goes below its row.
package struct Table {
  /// A column's title and how it behaves.
  package struct Column {
    /// The title.
    var title: String
    /// Numbers are aligned to the right.
    var isNumber = false
    /// The width to which the column may be cut if a line is too long; nil if it is never cut.
    var minimum: Int?

    /// Describes a column.
    package init(_ title: String, isNumber: Bool = false, minimum: Int? = nil) {
      self.title = title
      self.isNumber = isNumber
      self.minimum = minimum
    }
  }

  /// A cell's text and colour.
  package struct Cell: ExpressibleByStringInterpolation {
    var text: String
    var colour: Colour?

    package init(_ text: String, _ colour: Colour? = nil) {
      self.text = PlainText.oneLine(text)
      self.colour = colour
    }
    package init(stringLiteral value: String) { self.init(value) }
  }

  private struct Row {
    var cells: [Cell]
    var note: Cell
  }

  /// The widths of the columns, and where notes go.
  private struct Layout {
    var widths: [Int]
    var gap = 2
    /// The width of notes beside their rows; nil if they go below, or if there are none.
    var beside: Int?

    /// The width of a row without its note.
    var total: Int { widths.reduce(gap * max(0, widths.count - 1), +) }

    /// Narrows a column while a row is too wide.
    mutating func shrink(_ index: Int, to minimum: Int, _ limit: Int) {
      widths[index] -= min(max(0, total - limit), max(0, widths[index] - minimum))
    }
  }

  /// Notes stand beside their rows only if they get at least this many cells.
  private static let narrowestNote = 44
  /// The maximum number of lines of a note.
  private static let mostLines = 3
  /// How far a note below its row is indented.
  private static let indent = "    "

  private let columns: [Column]
  private let note: String?
  private var rows: [Row] = []

  /// Creates a table without rows.
  /// - Parameter note: the title of the notes; nil when rows have none.
  package init(_ columns: [Column], note: String? = nil) {
    self.columns = columns
    self.note = note
  }

  /// Adds a row with one cell per column.
  package mutating func add(_ cells: [Cell], note: Cell = "") { rows.append(Row(cells: cells, note: note)) }

  /// The lines for a terminal.
  package func rendered(for terminal: Terminal) -> String {
    let layout = layout(limit: terminal.width)
    let title = layout.beside == nil ? "" : note ?? ""
    var lines = lines(of: Row(cells: columns.map { Cell($0.title, .bold) }, note: Cell(title, .bold)), layout, terminal)
    for row in rows { lines += self.lines(of: row, layout, terminal) }
    return lines.joined(separator: "\n")
  }

  private func layout(limit: Int?) -> Layout {
    var layout = Layout(
      widths: columns.indices.map { index in
        rows.reduce(DisplayWidth.of(columns[index].title)) { max($0, DisplayWidth.of($1.cells[index].text)) }
      })
    let longest = rows.reduce(0) { max($0, DisplayWidth.of($1.note.text)) }
    guard let limit else {
      layout.beside = longest > 0 ? longest : nil
      return layout
    }
    let left = limit - layout.total - layout.gap
    if longest > 0, left >= min(longest, Self.narrowestNote) {
      layout.beside = left
    } else {
      shrink(&layout, to: limit)
    }
    return layout
  }

  private func shrink(_ layout: inout Layout, to limit: Int) {
    // Columns that may be cut are cut first, starting with the last one; then the gaps shrink, then all other columns.
    let narrower = columns.indices.reversed().filter { index in
      !rows.contains { DisplayWidth.holdsAddress($0.cells[index].text) }
    }
    for index in narrower {
      guard let minimum = columns[index].minimum else { continue }
      layout.shrink(index, to: max(minimum, DisplayWidth.of(columns[index].title)), limit)
    }
    if layout.total > limit { layout.gap = 1 }
    var least = layout
    for index in narrower { least.shrink(index, to: 3, limit) }
    // If a row runs over anyway, there is no point in cutting.
    if least.total <= limit || narrower.count == columns.count { layout = least }
  }

  private func lines(of row: Row, _ layout: Layout, _ terminal: Terminal) -> [String] {
    guard let width = layout.beside else {
      let own = line(row.cells, layout, terminal)
      guard let limit = terminal.width, !row.note.text.isEmpty else { return [own] }
      let notes = DisplayWidth.wrapped(row.note.text, to: limit - Self.indent.count, most: Self.mostLines)
      return [own] + notes.map { Self.indent + terminal.paint($0, row.note.colour) }
    }
    let notes =
      terminal.width == nil ? [row.note.text] : DisplayWidth.wrapped(row.note.text, to: width, most: Self.mostLines)
    let gap = String(repeating: " ", count: layout.gap)
    let margin = String(repeating: " ", count: layout.total)
    guard !row.note.text.isEmpty else { return [line(row.cells, layout, terminal)] }
    return notes.enumerated().map { index, note in
      let columns = index == 0 ? line(row.cells, layout, terminal, isPadded: true) : margin
      return columns + gap + terminal.paint(note, row.note.colour)
    }
  }

  private func line(_ cells: [Cell], _ layout: Layout, _ terminal: Terminal, isPadded: Bool = false) -> String {
    let shown = cells.indices.map { index in
      let text = DisplayWidth.cut(cells[index].text, to: layout.widths[index])
      let padding = String(repeating: " ", count: max(0, layout.widths[index] - DisplayWidth.of(text)))
      let painted = terminal.paint(text, cells[index].colour)
      if columns[index].isNumber { return padding + painted }
      return index == cells.count - 1 && !isPadded ? painted : painted + padding
    }
    var line = shown.joined(separator: String(repeating: " ", count: layout.gap))
    // Behind the last text stands nothing, not even what fills empty cells.
    if !isPadded { while line.last == " " { line.removeLast() } }
    return line
  }
}
