import JobQueue

extension JobStore {
  /// Every job that matches, however many, newest first; read page by page.
  func allJobs(_ query: JobQuery) async throws -> [Job] {
    var query = query
    query.limit = 5000
    var all: [Job] = []
    while true {
      let page = try await jobs(query)
      all += page
      guard page.count == query.limit, let last = page.last else { return all }
      query.before = last.id
    }
  }
}
