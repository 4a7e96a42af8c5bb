import HTTPTransport

extension WowzaVideoClient {
  /// Records of one page: the service's maximum, so that most accounts need one page only.
  static let perPage = 1000
  /// Pages of the longest list that is read.
  static let mostPages = 100
  /// How often a list is begun again because it shrank while it was read.
  static let mostReadings = 3
  /// Records of one list that are fetched in full.
  static let mostDetails = 200

  /// All items of a list, or an error: an item that is silently missing would be created a second time.
  ///
  /// The server's filters stay unused: one that it does not know, or reads differently, would hide an item.
  /// - Parameter names: the keys under which the items may stand.
  func list<Item>(_ call: VideoCall, names: [String], id: (Item) -> String, _ read: (VideoValue) -> Item?)
    async throws -> [Item]
  {
    for _ in 0..<Self.mostReadings {
      if let items = try await readThrough(call, names, id, read) { return items }
    }
    throw incomplete(call, "the list kept changing while it was read")
  }

  /// One reading from the first page to the last; nil when the list shrank meanwhile, since pages are counted from the
  /// start and a deletion on an earlier page moves an unread item to a page already read.
  private func readThrough<Item>(
    _ call: VideoCall, _ names: [String], _ id: (Item) -> String, _ read: (VideoValue) -> Item?
  ) async throws -> [Item]? {
    var items: [Item] = []
    var seen: Set<String> = []
    var total: Int?
    for number in 1...Self.mostPages {
      var call = call
      call.query = "?page=\(number)&per_page=\(Self.perPage)"
      let page = try await send(call) { VideoPage($0, names: names, read) }
      if let before = total, let after = page.total, after < before { return nil }
      total = page.total ?? total
      let fresh = page.items.filter { seen.insert(id($0)).inserted }
      items += fresh
      guard page.hasNext(after: number, perPage: Self.perPage, total: total, read: items.count) else {
        if let total, items.count < total {
          throw incomplete(call, "the list tells of \(total) records and holds \(items.count)")
        }
        return items
      }
      guard !fresh.isEmpty else { throw incomplete(call, "page \(number) of the list brings nothing new") }
    }
    throw incomplete(call, "the list has more than \(Self.mostPages) pages")
  }

  /// The error of a list of which a part is missing.
  func incomplete(_ call: VideoCall, _ message: String) -> ProviderError {
    ProviderError(
      provider: Self.provider, operation: call.operation, target: call.target, code: "incomplete-list",
      message: message, delivery: .refused, hint: "nothing is created from a list that may lack an item")
  }
}

/// One page of a list.
struct VideoPage<Item> {
  let items: [Item]
  /// `total_records`, when the answer tells it.
  let total: Int?
  /// `total_pages`, when the answer tells it.
  private let pages: Int?

  /// Reads an answer; nil when it has no list or one of its items cannot be understood.
  init?(_ value: VideoValue, names: [String], _ read: (VideoValue) -> Item?) {
    guard let elements = names.lazy.compactMap({ value[$0]?.elements }).first else { return nil }
    items = elements.compactMap(read)
    guard items.count == elements.count else { return nil }
    total = value["pagination"]?["total_records"]?.whole
    pages = value["pagination"]?["total_pages"]?.whole
  }

  /// Whether another page follows. Lists without `pagination` are seen to be one page; only when such a page is full
  /// the next one is asked for.
  func hasNext(after number: Int, perPage: Int, total: Int?, read: Int) -> Bool {
    if let pages { return number < pages }
    if let total { return read < total }
    return items.count >= perPage
  }
}
