/// What a look for an effect's thing found: the thing, or what is to be known before it is asked for.
///
/// What the look saw is handed to whoever asks, so that both speak of the same look:
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
  /// It is there, and it is ours.
  case found(Result)
  /// It is not there. `Seen` is what is there instead, and what asking for it depends on.
  case absent(Seen)

  /// The finding with what was found as `transform` makes it.
  public func map<New: Sendable>(_ transform: (Result) throws -> New) rethrows -> Finding<New, Seen> {
    switch self {
    case .found(let result): .found(try transform(result))
    case .absent(let seen): .absent(seen)
    }
  }
}

extension Finding where Seen == Void {
  /// It is not there, and nothing else is to be known.
  public static var absent: Self { .absent(()) }

  /// Found, or absent when it is nil.
  public init(_ result: Result?) {
    self = result.map { .found($0) } ?? .absent
  }
}
