/// Walks through a list, page by page, correctly whatever the service reports about it.
///
/// Only the items of a page count, never the reported numbers: totals may be missing, zero, too small, too large, or
/// those of one page only, and the page size may differ from the requested one. A list ends with a page that is empty
/// or shorter than an earlier one, so the first page alone is never proof of the end. A page without new items proves
/// nothing: the service may not know pages, or show its last one again. Then the record after the last one seen is
/// requested alone.
///
/// Pages are counted from the start, so if a record is removed before an unread one, the unread one moves to a page
/// that was already read. Totals, where they are reported, show this, unless another record was added at the end. So
/// finally the pages are read again backward (``pagesBackward``): whatever has moved, or still moves, moves to a page
/// that is yet to be read.
struct ListWalk {
  /// The next step after a page.
  enum Step: Equatable {
    case next
    /// This was the last page, and nothing contradicts it.
    case end
    /// The page had no new items: request the record after the last one, then ``judge(_:_:)``.
    case probe
    /// The list shrank while it was read: pages are counted from the start, so a deletion on an earlier page moves an
    /// unread item to a page that was already read.
    case again
    /// Something is missing, with a description.
    case lacks(String)
  }

  /// What a page reports about the list: from `pagination`, nil for missing and zero values.
  struct Told: Sendable, Equatable {
    var total: Int?
    var perPage: Int?
    /// Whether a key or number of a next page is given.
    var hasNext = false
    /// Whether the page was refused, not shown: it is after the last one, or further than the service goes.
    var isRefused = false
  }

  /// The requested page size.
  let asked: Int
  private var seen: Set<String> = []
  private var last: String?
  private var largest = 0
  private var perPage: Int?
  private var total: Int?
  private var countsItsPage = false
  private var hasNext = false
  private var number = 0
  private var lastWithNew = 0
  private var endsShort = false
  private var totals: (first: Int?, newest: Int?)

  init(asked: Int) {
    self.asked = asked
    totals = (nil, nil)
  }

  /// How many records were seen.
  var count: Int { seen.count }

  /// Takes the next page.
  /// - Returns: which of its items are new, and the next step.
  mutating func take(_ ids: [String], _ told: Told) -> (isNew: [Bool], step: Step) {
    number += 1
    if number == 1 { totals.first = told.total }
    totals.newest = told.total
    let isNew = ids.map { !seen.contains($0) }
    // If a list has a second page, it has more records than that page alone.
    if number > 1, isNew.contains(true), told.total == ids.count { countsItsPage = true }
    if countsItsPage {
      total = nil
    } else {
      if let before = total, let after = told.total, after < before { return ([], .again) }
      total = told.total ?? total
    }
    seen.formUnion(ids)
    let isShort = number > 1 && ids.count < largest
    largest = max(largest, ids.count)
    perPage = told.perPage ?? perPage
    hasNext = told.hasNext
    if isNew.contains(true) { (last, lastWithNew, endsShort) = (ids.last, number, isShort) }
    return (isNew, step(after: ids.count, bringsNew: isNew.contains(true), isShort: isShort, told))
  }

  /// The pages to be read again before the seen items count as complete, the last one first.
  ///
  /// None if the whole list was on one page: if both that page and the one after it report as many records as it holds.
  var pagesBackward: [Int] {
    let isOnePage = lastWithNew == 1 && totals.first == seen.count && totals.newest == seen.count && number > 1
    guard lastWithNew > 0, !isOnePage else { return [] }
    // A page that is shorter than the others was the end when it was read.
    return (1...max(1, endsShort ? lastWithNew - 1 : lastWithNew)).reversed()
  }

  /// Takes a page on the way back.
  /// - Returns: which of its items are new.
  mutating func takeBackward(_ ids: [String]) -> [Bool] {
    let isNew = ids.map { !seen.contains($0) }
    seen.formUnion(ids)
    return isNew
  }

  private func step(after count: Int, bringsNew: Bool, isShort: Bool, _ told: Told) -> Step {
    if let total, total > seen.count {
      return bringsNew ? .next : .lacks("the list announces \(total) records but has \(seen.count)")
    }
    if told.isRefused, total == nil, Self.isUsualSize(seen.count) {
      return .lacks("page \(number) of the list was refused, after \(seen.count) records")
    }
    if count == 0 { return .end }
    if !bringsNew { return .probe }
    return isShort ? .end : .next
  }

  /// Whether everything was seen, by the answer to a page of one record after the last one seen.
  func judge(_ ids: [String], _ told: Told) -> Step {
    let lacks = Step.lacks("page \(number) of the list contains nothing new")
    guard seen.isSuperset(of: ids) else { return lacks }
    if let total = told.total, total > seen.count { return lacks }
    // Nothing comes after the last one, or the last one itself is shown again instead.
    if ids.isEmpty || ids == [last] { return .end }
    // A total that differs from the number of items on the page counts the list.
    if told.total == seen.count, seen.count > ids.count { return .end }
    // A service that respects the size has pages, and this list is a single page.
    guard number == 2, ids.count == seen.count, !hasNext else { return lacks }
    // A service that respects neither returns everything, unless it stops at a usual size.
    return seen.count >= min(asked, perPage ?? asked) || Self.isUsualSize(seen.count) ? lacks : .end
  }

  /// Whether a list of this length may have been cut off: 10, 12, 15, 16, 20, 25, 50, 64, 100 …
  private static func isUsualSize(_ count: Int) -> Bool {
    count >= 10 && (count.isMultiple(of: 5) || count.isMultiple(of: 12) || count.nonzeroBitCount == 1)
  }
}
