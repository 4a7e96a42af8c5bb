import HTTPTransport

extension WowzaVideoClient {
  /// Records per page: first the service's maximum, so that most accounts need only one page, then smaller sizes in
  /// case the answer has more bytes than are accepted.
  static let pageSizes = [1000, 100, 10]
  /// The maximum number of pages of a list.
  static let mostPages = 1000
  /// How often a list is read again from the start because it shrank while it was read.
  static let mostReadings = 3
  /// The maximum number of records of one list that are fetched in full.
  static let mostDetails = 200

  /// All wanted items of a list, or an error: an item that is silently missing would be created a second time.
  ///
  /// The server's filters are not used: one that it does not know, or interprets differently, would hide an item.
  /// - Parameters:
  ///   - names: the keys under which the items may be.
  ///   - isWanted: all other items are dropped as they arrive.
  func list<Item>(
    _ call: VideoCall, names: [String], id: (Item) -> String, where isWanted: (Item) -> Bool = { _ in true },
    _ read: (VideoValue) -> Item?
  ) async throws -> [Item] {
    let tooLarge = HTTPTransportError.Code.responseTooLarge.rawValue
    for perPage in Self.pageSizes {
      do {
        for _ in 0..<Self.mostReadings {
          if let items = try await readThrough(call, perPage, names, id, isWanted, read) { return items }
        }
        throw incomplete(call, "the list kept changing while it was read")
      } catch let error as ProviderError where error.code == tooLarge {
        continue
      } catch let error as ProviderError where perPage != Self.pageSizes.last && Self.mayRefuseSize(error) {
        continue
      }
    }
    throw tooLong(call, "a page of \(Self.pageSizes.last ?? 1) records is larger than \(Self.largestAnswer >> 20) MiB")
  }

  /// Whether the refusal of a list may mean that the requested page size is too large.
  private static func mayRefuseSize(_ error: ProviderError) -> Bool {
    error.isFromProvider && (error.status == 400 || error.status == 422)
  }

  /// One reading from the first page to the last, and back if that could show more; nil if the list reported that it
  /// shrank meanwhile.
  private func readThrough<Item>(
    _ call: VideoCall, _ perPage: Int, _ names: [String], _ id: (Item) -> String, _ isWanted: (Item) -> Bool,
    _ read: (VideoValue) -> Item?
  ) async throws -> [Item]? {
    var items: [Item] = []
    var walk = ListWalk(asked: perPage)
    for number in 1...Self.mostPages {
      let page = try await page(call, number, perPage) { VideoPage($0, names: names, read) }
      var (isNew, step) = walk.take(page.items.map(id), page.told)
      items += zip(page.items, isNew).filter { $1 && isWanted($0) }.map(\.0)
      if step == .probe {
        let behind = try await self.page(call, walk.count + 1, 1) { VideoPage($0, names: names, read) }
        step = walk.judge(behind.items.map(id), behind.told)
      }
      switch step {
      case .next, .probe: continue
      case .end:
        for number in walk.pagesBackward {
          let page = try await self.page(call, number, perPage) { VideoPage($0, names: names, read) }
          items += zip(page.items, walk.takeBackward(page.items.map(id))).filter { $1 && isWanted($0) }.map(\.0)
        }
        return items
      case .again: return nil
      case .lacks(let what): throw incomplete(call, what)
      }
    }
    throw tooLong(call, "the list has more than \(Self.mostPages) pages")
  }

  /// A page; one after the last that the service does not know, or refuses, is empty.
  private func page<Item>(
    _ call: VideoCall, _ number: Int, _ perPage: Int, _ read: (VideoValue) -> VideoPage<Item>?
  ) async throws -> VideoPage<Item> {
    var call = call
    call.query = "?page=\(number)&per_page=\(perPage)"
    guard number > 1 else { return try await send(call, read) }
    do {
      return try await find(call, read) ?? VideoPage()
    } catch let error as ProviderError where Self.mayRefuseSize(error) {
      // The same size was accepted before, so it is the page that is refused.
      return VideoPage(isRefused: true)
    }
  }

  /// The error of a list with a missing part. It may resolve itself.
  func incomplete(_ call: VideoCall, _ message: String) -> ProviderError {
    ProviderError(
      provider: Self.provider, operation: call.operation, target: call.target, code: ListFailure.incomplete,
      message: message, delivery: .refused, hint: "nothing is created while the list may be incomplete")
  }

  /// The error of a list that cannot be read to its end, however often it is tried.
  func tooLong(_ call: VideoCall, _ message: String) -> ProviderError {
    ProviderError(
      provider: Self.provider, operation: call.operation, target: call.target, code: ListFailure.tooLong,
      message: message, delivery: .refused, hint: "nothing is created while the list may be incomplete")
  }
}

/// The codes of lists that could not be read completely.
public enum ListFailure {
  /// A part is missing; this may resolve itself.
  public static let incomplete = "incomplete-list"
  /// It has more items than are read of any list.
  public static let tooLong = "list-too-long"
}

/// One page of a list.
struct VideoPage<Item> {
  let items: [Item]
  let told: ListWalk.Told

  /// A page without items.
  init(isRefused: Bool = false) {
    items = []
    told = ListWalk.Told(isRefused: isRefused)
  }

  /// Reads an answer; nil if it has no list or one of its items cannot be read.
  init?(_ value: VideoValue, names: [String], _ read: (VideoValue) -> Item?) {
    let told = names.lazy.compactMap({ value[$0]?.elements }).first
    guard let elements = told ?? (Self.tellsNone(value) ? [] : nil) else { return nil }
    items = elements.compactMap(read)
    guard items.count == elements.count else { return nil }
    let number = { (key: String) in value["pagination"]?[key]?.whole.flatMap { $0 > 0 ? $0 : nil } }
    // In the form of the usage lists, and in other forms.
    let next = ["next_page_key", "next_page", "next"].contains { value["pagination"]?[$0]?.text?.isEmpty == false }
    self.told = ListWalk.Told(total: number("total_records"), perPage: number("per_page"), hasNext: next)
  }

  /// Whether a list that is null or has no key is reported to be empty.
  private static func tellsNone(_ value: VideoValue) -> Bool {
    value["pagination"]?["total_records"]?.whole == 0
  }
}
