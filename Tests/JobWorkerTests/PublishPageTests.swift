import JobQueue
import JobQueueTestKit
import JobWorker
import Testing

/// A page of a site says what is asked for. docs/learn/effects.md shows the handler.
private struct PublishPage: JobParameters {
  static let kind = "publish-page"
  static let queue = "pages"
  var path: String
  var text: String
}

private struct PublishPageHandler: JobHandler {
  let site: Site

  func run(_ parameters: PublishPage, context: JobContext) async throws -> Int {
    try await context.effect(
      "publish",
      find: { _ -> Finding<Int, Int> in
        let page = await site.page(parameters.path)
        return page.text == parameters.text ? .found(page.version) : .absent(page.version)
      },
      perform: { seen in try await site.publish(parameters.text, at: parameters.path, replacing: seen) }
    ).value
  }
}

/// A site that replaces only the version that is named.
private actor Site {
  struct Page {
    var text: String
    var version: Int
  }

  struct OtherVersion: Error {}

  private var pages: [String: Page] = [:]

  func page(_ path: String) -> Page { pages[path] ?? Page(text: "", version: 0) }

  func publish(_ text: String, at path: String, replacing version: Int) throws -> Int {
    guard page(path).version == version else { throw OtherVersion() }
    pages[path] = Page(text: text, version: version + 1)
    return version + 1
  }
}

@Suite("The handler of docs/learn/effects.md")
struct PublishPageTests {
  @Test("replaces the version that its look saw, and adopts a page that says what is asked for")
  func publishes() async throws {
    let site = Site()
    _ = try await site.publish("old", at: "/", replacing: 0)
    var registry = HandlerRegistry()
    registry.register(PublishPageHandler(site: site))
    let clock = VirtualClock()
    let store = InMemoryJobStore(random: SeededRandom(seed: 1))
    let runner = AttemptRunner(store: store, registry: registry, clock: clock)
    for _ in 1...2 {
      _ = try await JobQueue(store: store, clock: clock).enqueue(PublishPage(path: "/", text: "new"))
      let request = LeaseRequest(owner: WorkerID("worker"), limits: [.init(queue: "pages", count: 1)])
      let leased = try #require(try await store.lease(request, at: clock.now()).first)
      let completion = try #require(try await runner.run(leased))
      #expect(completion.outcome == .done(output: "2"))
      _ = try await store.complete([completion], at: clock.now())
    }
    #expect(await site.page("/").version == 2)
  }
}
