/// The way through a list, page by page, that is right whatever the service tells about it.
///
/// What a page holds counts, never what is told: totals may be missing, zero, too small or too large, and the page size
/// may be another one than was asked for. A list ends with a page that is empty or shorter than one before it. One page
/// is all only when everything that is told agrees on it. What is told and contradicts is never taken for the whole.
struct ListWalk {
  /// What comes after a page.
  enum Step: Equatable {
    case next
    /// This was the last page, and nothing speaks against it.
    case end
    /// The list shrank while it was read: pages are counted from the start, so a deletion on an earlier page moves an
    /// unread item to a page already read.
    case again
    /// Something is missing, in words.
    case lacks(String)
  }

  /// What `pagination` tells; nil for what it does not, and for what is zero.
  struct Told: Sendable, Equatable {
    var total: Int?
    var pages: Int?
    var perPage: Int?
  }

  /// The page size that is asked for.
  let asked: Int
  private var seen: Set<String> = []
  private var largest = 0
  private var total: Int?
  private var number = 0

  init(asked: Int) { self.asked = asked }

  /// Takes the next page.
  /// - Returns: which of its items are new, and what comes next.
  mutating func take(_ ids: [String], _ told: Told) -> (isNew: [Bool], step: Step) {
    number += 1
    if let before = total, let after = told.total, after < before { return ([], .again) }
    total = told.total ?? total
    let isNew = ids.map { seen.insert($0).inserted }
    let isShort = number > 1 && ids.count < largest
    largest = max(largest, ids.count)
    return (isNew, step(after: ids.count, bringsNew: isNew.contains(true), isShort: isShort, told))
  }

  private func step(after count: Int, bringsNew: Bool, isShort: Bool, _ told: Told) -> Step {
    let missing = total.map { $0 > seen.count } ?? false
    if count == 0 { return end }
    if !bringsNew {
      // A service that knows no pages gives everything each time. Of one that shows its first page again there may be more.
      let isFull = count >= (told.perPage ?? asked)
      return isFull && !missing ? .lacks("page \(number) of the list brings nothing new") : end
    }
    if isShort, !missing { return .end }
    let isAll = number == 1 && told.total == count && told.pages == 1 && told.perPage.map { count < $0 } == true
    return isAll ? .end : .next
  }

  private var end: Step {
    guard let total, total > seen.count else { return .end }
    return .lacks("the list tells of \(total) records and holds \(seen.count)")
  }
}
