/// A value behind a ``Lock``.
///
/// @unchecked Sendable, proof: `state` is touched only inside `withLock`, while `lock` is held.
package final class MutexBox<State: Sendable>: @unchecked Sendable {
  @usableFromInline package let lock = Lock()
  @usableFromInline package var state: State

  /// A box around `state`.
  package init(_ state: State) { self.state = state }

  /// Runs `body` on the value while no other thread does.
  @inlinable
  package func withLock<Result>(_ body: (inout State) throws -> Result) rethrows -> Result {
    try lock.locked { try body(&state) }
  }
}
