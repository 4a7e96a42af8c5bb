import JobQueue
import Testing

@testable import StreamingJobs

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
    "cannot be the legacy address of a bucket, and the regional one is told",
    arguments: [
      ("https://example-live.s3.amazonaws.com", "https://example-live.s3.us-east-1.amazonaws.com"),
      ("https://example-live.s3.amazonaws.com/", "https://example-live.s3.us-east-1.amazonaws.com/"),
      (
        "HTTPS://Example-Live.S3.Amazonaws.com:443/live/Cam", "https://example-live.s3.us-east-1.amazonaws.com/live/Cam"
      ),
      ("http://a.b.s3.amazonaws.com", "http://a.b.s3.us-east-1.amazonaws.com"),
      ("https://s3.amazonaws.com/example-live/live", "https://example-live.s3.us-east-1.amazonaws.com/live"),
      ("https://s3.amazonaws.com", "https://example-live.s3.us-east-1.amazonaws.com"),
      ("https://example-live.s3-external-1.amazonaws.com", "https://example-live.s3.us-east-1.amazonaws.com"),
    ])
  func legacy(url: String, regional: String) {
    var parameters = FastlyTargetTests.parameters
    parameters.region = "us-east-1"
    parameters.originURL = url
    let issues = parameters.validate()
    #expect(issues.map(\.field) == ["originURL"])
    #expect(issues.first?.hint == "use \(regional)")
  }

  @Test(
    "may be any other address of a bucket",
    arguments: [
      "https://example-live.s3.us-east-1.amazonaws.com", "https://example-live.s3.dualstack.us-east-1.amazonaws.com",
      "https://s3.us-east-1.amazonaws.com/example-live", "https://example-live.s3.cn-north-1.amazonaws.com.cn",
      "https://s3.amazonaws.com.example.com",
    ])
  func otherAddresses(_ url: String) {
    #expect(issues(url) == [])
  }

  @Test(
    "is the same place with a dot behind its host, with and without a port",
    arguments: [
      ("https://example-live.s3.eu-central-1.amazonaws.com./", "https://example-live.s3.eu-central-1.amazonaws.com"),
      ("https://Example-Live.s3.eu-central-1.amazonaws.com.:443/live", "http://example-live.s3.amazonaws.com/live"),
      ("https://origin.example.com./live/", "https://origin.example.com/live"),
    ])
  func dotted(url: String, other: String) {
    #expect(Origin.place(of: url) == Origin.place(of: other))
    #expect(Origin.regional(ofLegacy: "https://b.s3.amazonaws.com./", bucket: "b", region: "us-east-1") != nil)
  }

  @Test("is not told apart by the dot from the one that is there")
  func dottedSame() {
    #expect(Origin.same("origin.example.com.", "https://origin.example.com"))
    #expect(Origin.same("https://origin.example.com", "https://origin.example.com./"))
  }

  @Test("goes with a name that no provider trims", arguments: [" cam", "cam ", "\u{2003}cam"])
  func padded(name: String) {
    var parameters = FastlyTargetTests.parameters
    parameters.name = name
    #expect(parameters.validate().map(\.field) == ["name"])
  }

  @Test(
    "may have a port, a path and capitals",
    arguments: ["https://origin.example.com", "http://origin.example.com:8080/live/", "HTTPS://Origin.example.com"])
  func taken(_ url: String) {
    #expect(issues(url) == [])
  }
}
