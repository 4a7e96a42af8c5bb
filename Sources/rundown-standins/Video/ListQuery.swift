/// Paging and filtering of a list, as Wowza Video does both.
struct ListQuery: Sendable {
  private struct Filter {
    var field: String?
    var conditions: [(operation: String, value: String)] = []
  }

  private static let maximumPerPage = 1000

  private let page: Int
  private let perPage: Int
  private let filters: [Filter]

  /// Reads `page`, `per_page` and `filter[n][field]` with `filter[n][<operator>]`.
  init(_ ask: Ask, perPage standard: Int = maximumPerPage) {
    var page = 1
    var perPage = standard
    var filters: [String: Filter] = [:]
    for (name, value) in ask.query {
      if name == "page" { page = max(1, Int(value) ?? 1) }
      if name == "per_page" { perPage = min(max(1, Int(value) ?? standard), Self.maximumPerPage) }
      let parts = name.split(whereSeparator: { $0 == "[" || $0 == "]" }).map(String.init)
      guard parts.count == 3, parts[0] == "filter" else { continue }
      if parts[2] == "field" {
        filters[parts[1], default: Filter()].field = value
      } else {
        filters[parts[1], default: Filter()].conditions.append((parts[2], value))
      }
    }
    // Clamped so that the index arithmetic below cannot overflow.
    self.page = min(page, 1_000_000)
    self.perPage = perPage
    self.filters = Array(filters.values)
  }

  /// The page of `items` that was asked for, under `name`, with its `pagination`.
  func answer(_ items: [JSONValue], as name: String, payloadVersion: Double = 1.0) -> Answer {
    let matching = items.filter { item in filters.allSatisfy { Self.matches(item, $0) } }
    let first = (page - 1) * perPage
    let shown = Array(matching.dropFirst(first).prefix(perPage))
    let pagination: JSONValue = [
      "payload_version": .number(payloadVersion), "total_records": .integer(matching.count), "page": .integer(page),
      "per_page": .integer(perPage), "total_pages": .integer((matching.count + perPage - 1) / perPage),
      "page_first_index": .integer(first), "page_last_index": .integer(max(first, first + shown.count - 1)),
    ]
    return Answer(200, json: [name: .array(shown), "pagination": pagination])
  }

  private static func matches(_ item: JSONValue, _ filter: Filter) -> Bool {
    guard let field = filter.field else { return true }
    let value = item[field]?.string ?? ""
    return filter.conditions.allSatisfy { operation, wanted in
      switch operation {
      case "eq": value == wanted
      case "neq": value != wanted
      // All sortable fields are texts; instants have one length and one zone, so text order is time order.
      case "gt": value > wanted
      case "gte": value >= wanted
      case "lt": value < wanted
      case "lte": value <= wanted
      case "like": like(value[...], wanted[...])
      default: true
      }
    }
  }

  /// `*` and `%` stand for any text. Greedy with one way back, so that no pattern takes exponential time.
  private static func like(_ text: Substring, _ pattern: Substring) -> Bool {
    var text = text
    var pattern = pattern
    var retry: (text: Substring, pattern: Substring)?
    while true {
      if let next = pattern.first, next == "*" || next == "%" {
        pattern = pattern.dropFirst()
        retry = (text, pattern)
      } else if let next = pattern.first, let character = text.first, next == character {
        text = text.dropFirst()
        pattern = pattern.dropFirst()
      } else if pattern.isEmpty, text.isEmpty {
        return true
      } else if let (from, rest) = retry, !from.isEmpty {
        text = from.dropFirst()
        pattern = rest
        retry = (text, pattern)
      } else {
        return false
      }
    }
  }
}
