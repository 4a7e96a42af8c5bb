import JobQueue

extension QueryStore {
  /// Every job that matches, however many, newest first; read page by page.
  func allJobs(_ query: JobQuery) async throws -> [Job] {
    var all: [Job] = []
    try await eachPage(query) { page in
      all += page
      return true
    }
    return all
  }

  /// Reads page by page what matches, newest first, as long as `body` wants more.
  func eachPage(_ query: JobQuery, _ body: ([Job]) -> Bool) async throws {
    var query = query
    query.limit = 5000
    while true {
      let page = try await jobs(query)
      guard body(page), page.count == query.limit, let last = page.last else { return }
      query.before = last.id
    }
  }
}
