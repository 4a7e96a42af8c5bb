/// The way through a list, page by page, that is right whatever the service tells about it.
///
/// What a page holds counts, never what is told: totals may be missing, zero, too small, too large, or those of one page
/// only, and the page size may be another one than was asked for. A list ends with a page that is empty or shorter than
/// one before it, so the first page alone is never all. A page that brings nothing new proves nothing: the service may
/// not know pages, or show its last one again. Then the record behind the last one seen is asked for alone.
///
/// Pages are counted from the start, so a record that is removed in front of an unread one moves that one to a page that
/// was read already. Totals show it where they are told, and do not where another one was added at the end. So at last
/// the way is gone back (``pagesBackward``): what has moved, and moves still, moves to a page that is yet to come.
struct ListWalk {
  /// What comes after a page.
  enum Step: Equatable {
    case next
    /// This was the last page, and nothing speaks against it.
    case end
    /// The page brought nothing new: ask for the record behind the last one, then ``judge(_:_:)``.
    case probe
    /// The list shrank while it was read: pages are counted from the start, so a deletion on an earlier page moves an
    /// unread item to a page already read.
    case again
    /// Something is missing, in words.
    case lacks(String)
  }

  /// What is told with a page: of `pagination`, nil for what it does not tell, and for what is zero.
  struct Told: Sendable, Equatable {
    var total: Int?
    var perPage: Int?
    /// Whether a key or number of a next page is told.
    var hasNext = false
    /// Whether the page was refused, not shown: it is behind the last, or further than the service goes.
    var isRefused = false
  }

  /// The page size that is asked for.
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
  /// - Returns: which of its items are new, and what comes next.
  mutating func take(_ ids: [String], _ told: Told) -> (isNew: [Bool], step: Step) {
    number += 1
    if number == 1 { totals.first = told.total }
    totals.newest = told.total
    let isNew = ids.map { !seen.contains($0) }
    // No list that is on its second page has only as many records as that page.
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

  /// The pages to be read once more before what was seen is all, the last one first.
  ///
  /// None when the whole list was on one page: when both it and the page behind it tell of as many records as it holds.
  var pagesBackward: [Int] {
    let isOnePage = lastWithNew == 1 && totals.first == seen.count && totals.newest == seen.count && number > 1
    guard lastWithNew > 0, !isOnePage else { return [] }
    // A page that is shorter than the others was the end when it was read.
    return (1...max(1, endsShort ? lastWithNew - 1 : lastWithNew)).reversed()
  }

  /// Takes a page of the way back.
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

  /// Whether what was seen is all, by the answer to a page of one record behind the last one seen.
  func judge(_ ids: [String], _ told: Told) -> Step {
    let lacks = Step.lacks("page \(number) of the list contains nothing new")
    guard seen.isSuperset(of: ids) else { return lacks }
    if let total = told.total, total > seen.count { return lacks }
    // Nothing is behind the last one, or in its place the last one itself is shown again.
    if ids.isEmpty || ids == [last] { return .end }
    // A total that is not the number of what is on the page counts the list.
    if told.total == seen.count, seen.count > ids.count { return .end }
    // A service that honours the size pages its lists, and this is one page.
    guard number == 2, ids.count == seen.count, !hasNext else { return lacks }
    // One that honours neither gives everything, unless it stops where lists usually do.
    return seen.count >= min(asked, perPage ?? asked) || Self.isUsualSize(seen.count) ? lacks : .end
  }

  /// Whether a list of so many records may be one that was cut: 10, 12, 15, 16, 20, 25, 50, 64, 100 …
  private static func isUsualSize(_ count: Int) -> Bool {
    count >= 10 && (count.isMultiple(of: 5) || count.isMultiple(of: 12) || count.nonzeroBitCount == 1)
  }
}
