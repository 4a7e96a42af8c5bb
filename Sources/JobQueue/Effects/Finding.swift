/// The result of looking for an effect's thing: the thing, or what must be known before it is requested.
///
/// What `find` saw is passed to `perform`, so that both work from the same look:
///
/// ```swift
/// try await context.effect(
///   "publish",
///   find: { _ -> Finding<PageID, Version> in
///     guard let page = try await site.page(path) else { return .absent(.none) }
///     return page.text == text ? .found(page.id) : .absent(page.version)
///   },
///   perform: { version in try await site.publish(text, at: path, replacing: version) })
/// ```
public enum Finding<Result: Sendable, Seen: Sendable>: Sendable {
  /// It exists, and it is ours.
  case found(Result)
  /// It does not exist. `Seen` is what is there instead, and what the request for it depends on.
  case absent(Seen)

  /// The finding, with the found thing converted by `transform`.
  public func map<New: Sendable>(_ transform: (Result) throws -> New) rethrows -> Finding<New, Seen> {
    switch self {
    case .found(let result): .found(try transform(result))
    case .absent(let seen): .absent(seen)
    }
  }
}

extension Finding where Seen == Void {
  /// It does not exist, and nothing else matters.
  public static var absent: Self { .absent(()) }

  /// Found, or absent if it is nil.
  public init(_ result: Result?) {
    self = result.map { .found($0) } ?? .absent
  }
}
