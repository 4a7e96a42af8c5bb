import Settings

/// Rows in columns. On a terminal a row fits into one line: wide columns give way, the last ones first.
package struct Table {
  /// A column's title and how it behaves.
  package struct Column {
    /// The title.
    var title: String
    /// Numbers stand at the right.
    var isNumber = false
    /// May be cut down to so many characters when the line is too long.
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

  private let columns: [Column]
  private var rows: [[Cell]] = []

  /// Creates a table without rows.
  package init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row with one cell per column.
  package mutating func add(_ cells: [Cell]) { rows.append(cells) }

  /// The lines for a terminal.
  package func rendered(for terminal: Terminal) -> String {
    let widths = widths(limit: terminal.width)
    var lines = [line(columns.map { Cell($0.title, .bold) }, widths, terminal)]
    lines += rows.map { line($0, widths, terminal) }
    return lines.joined(separator: "\n")
  }

  private func widths(limit: Int?) -> [Int] {
    var widths = columns.indices.map { index in
      rows.reduce(columns[index].title.count) { max($0, $1[index].text.count) }
    }
    guard let limit else { return widths }
    var excess = widths.reduce(2 * (columns.count - 1), +) - limit
    for index in columns.indices.reversed() where excess > 0 {
      guard let minimum = columns[index].minimum else { continue }
      let given = min(excess, max(0, widths[index] - max(minimum, columns[index].title.count)))
      widths[index] -= given
      excess -= given
    }
    return widths
  }

  private func line(_ cells: [Cell], _ widths: [Int], _ terminal: Terminal) -> String {
    let shown = cells.indices.map { index in
      let text = PlainText.cut(cells[index].text, to: widths[index])
      let padding = String(repeating: " ", count: widths[index] - text.count)
      let painted = terminal.paint(text, cells[index].colour)
      if columns[index].isNumber { return padding + painted }
      return index == cells.count - 1 ? painted : painted + padding
    }
    return shown.joined(separator: "  ")
  }
}
