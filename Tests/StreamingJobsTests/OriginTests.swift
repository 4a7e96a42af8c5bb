import JobQueue
import StreamingJobs
import Testing

@Suite("The origin of a CDN target")
struct OriginTests {
  private func issues(_ url: String) -> [String] {
    var parameters = FastlyTargetTests.parameters
    parameters.originURL = url
    return parameters.validate().map { "\($0.field): \($0.message)" }
  }

  @Test(
    "that is no plain address is refused before it is stored, without repeating it",
    arguments: [
      "ftp://canary.example.com", "https://", "https://:443", "https://user:canary@origin.example.com",
      "https://origin.example.com/?canary=1", "https://origin.example.com/#canary", "https://origin example.com",
      "https://bücher.example.com",
    ])
  func refused(_ url: String) {
    #expect(issues(url).count == 1)
    #expect(issues(url).first?.hasPrefix("originURL: ") == true)
    #expect(issues(url).first?.contains("canary") == false)
  }

  @Test(
    "may have a port, a path and capitals",
    arguments: ["https://origin.example.com", "http://origin.example.com:8080/live/", "HTTPS://Origin.example.com"])
  func taken(_ url: String) {
    #expect(issues(url) == [])
  }
}
