/// Returns when the condition holds. When the test's time limit is over it returns as well, and the test fails at what
/// it expects next.
func eventually(isolation: isolated (any Actor)? = #isolation, _ isTrue: () async -> Bool) async {
  while !Task.isCancelled, await !isTrue() { await Task.yield() }
}
