/// Paging and filtering of a list, as Wowza Video does both.
struct ListQuery: Sendable {
  private struct Filter {
    var field: String?
    var conditions: [(operation: String, value: String)] = []
  }

  private let page: Int
  private let perPage: Int
  /// The requested page size, within the limits.
  private let askedPerPage: Int
  private let settings: VideoSettings
  private let filters: [Filter]

  /// Reads `page`, `per_page` and `filter[n][field]` with `filter[n][<operator>]`.
  init(_ request: Request, _ settings: VideoSettings, perPage standard: Int = 1000) {
    var page = 1
    var perPage = standard
    var filters: [String: Filter] = [:]
    for (name, value) in request.query {
      if name == "page" { page = max(1, Int(value) ?? 1) }
      if name == "per_page" { perPage = min(max(1, Int(value) ?? standard), 1000) }
      let parts = name.split(whereSeparator: { $0 == "[" || $0 == "]" }).map(String.init)
      guard parts.count == 3, parts[0] == "filter" else { continue }
      if parts[2] == "field" {
        filters[parts[1], default: Filter()].field = value
      } else {
        filters[parts[1], default: Filter()].conditions.append((parts[2], value))
      }
    }
    // Clamped so that the index arithmetic below cannot overflow.
    self.page = settings.ignoresPage ? 1 : min(page, 1_000_000)
    askedPerPage = perPage
    self.perPage = settings.ignoresPerPage ? .max >> 24 : min(perPage, settings.mostPerPage)
    self.settings = settings
    self.filters = Array(filters.values)
  }

  /// The requested page of `items`, under `name`, with its `pagination`.
  func answer(_ items: [JSONValue], as name: String, payloadVersion: Double = 1.0) throws(VideoError) -> Reply {
    let matching = items.filter { item in filters.allSatisfy { Self.matches(item, $0) } }
    let pages = (matching.count + perPage - 1) / perPage
    let page = settings.repeatsLastPage ? min(page, max(1, pages)) : page
    let first = (page - 1) * perPage
    let shown = Array(matching.dropFirst(first).prefix(perPage))
    if settings.refusesPagesBehind, shown.isEmpty, page > 1 { throw .notFound }
    let pagination: [String: JSONValue] = [
      "payload_version": .number(payloadVersion), "total_records": .integer(matching.count), "page": .integer(page),
      "per_page": .integer(settings.echoesPerPage ? askedPerPage : perPage),
      "total_pages": .integer(pages),
      "page_first_index": .integer(first), "page_last_index": .integer(max(first, first + shown.count - 1)),
    ]
    var body: [String: JSONValue] = [name: .array(shown)]
    body["pagination"] = told(pagination, total: matching.count, shown: shown.count)
    return Reply(200, json: .object(body))
  }

  private func told(_ whole: [String: JSONValue], total: Int, shown: Int) -> JSONValue? {
    let totals = { (records: Int, pages: Int) -> JSONValue in
      .object(whole.merging(["total_records": .integer(records), "total_pages": .integer(pages)]) { _, new in new })
    }
    return switch settings.pagination {
    case .full: .object(whole)
    case .noTotals: .object(whole.filter { !$0.key.hasPrefix("total_") })
    case .empty: .object([:])
    case .null: .null
    case .missing: nil
    case .zero: .object(whole.mapValues { _ in 0 })
    case .tooSmall: totals(1, 1)
    case .tooLarge: totals(total + 1, (total + perPage) / perPage + 1)
    case .ownPage: totals(shown, 1)
    }
  }

  private static func matches(_ item: JSONValue, _ filter: Filter) -> Bool {
    guard let field = filter.field else { return true }
    let value = item[field]?.string ?? ""
    return filter.conditions.allSatisfy { operation, wanted in
      switch operation {
      case "eq": value == wanted
      case "neq": value != wanted
      // All sortable fields are texts; times have one length and one zone, so text order is time order.
      case "gt": value > wanted
      case "gte": value >= wanted
      case "lt": value < wanted
      case "lte": value <= wanted
      case "like": like(value[...], wanted[...])
      default: true
      }
    }
  }

  /// `*` and `%` stand for any text. Greedy with a single backtrack point, so that no pattern takes exponential time.
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
