import Testing

@testable import rundown_standins

@Suite("The map of the engine stand-in")
struct EngineMapEntryTests {
  @Test("creates an entry with 201 and the success envelope, and shows it with its secret and the defaults")
  func createsAndShows() async throws {
    try await Given.standIns { given in
      let created = try await given.engine(
        "POST", Given.map + "/cam-01",
        body: #"{"profile":"cupertino-cloudstorage","extraOptions":{"cloudstorage.secretAccessKey":"in clear"}}"#)
      #expect(created.status == 201)
      #expect(created.headers["server"]?.hasPrefix("Restlet-Framework") == true)
      #expect(
        try created.json == [
          "success": true, "message": "Entry (cam-01) saved successfully", "data": nil,
        ])
      let shown = try await given.engine("GET", Given.map + "/cam-01")
      #expect(shown.status == 200)
      #expect(try shown.text("entryName") == "cam-01")
      #expect(try shown.text("sessionStatus") == "NotFound")
      #expect(try shown.json["enabled"] == true)
      #expect(try shown.text("extraOptions", "cloudstorage.secretAccessKey") == "in clear")
    }
  }

  @Test("takes the name out of the body when the path has none")
  func nameInBody() async throws {
    try await Given.standIns { given in
      let created = try await given.engine("POST", Given.map, body: #"{"entryName":"cam-02"}"#)
      #expect(created.status == 201)
      let list = try await given.engine("GET", Given.map)
      #expect(try list.json["mapEntries"]?.elements.map { $0["entryName"] } == ["cam-02"])
    }
  }

  @Test("refuses a second entry of the same name with 409, a string code and the version")
  func conflict() async throws {
    try await Given.standIns { given in
      _ = try await given.engine("POST", Given.map + "/cam", body: #"{"profile":"first"}"#)
      let second = try await given.engine("POST", Given.map + "/cam", body: #"{"profile":"second"}"#)
      #expect(second.status == 409)
      #expect(try second.text("code") == "409")
      #expect(try second.json["success"] == false)
      #expect(try second.text("wowzaServer") != nil)
      #expect(try await given.engine("GET", Given.map + "/cam").text("profile") == "first")
    }
  }

  @Test("keeps an encoded slash inside the name")
  func encodedName() async throws {
    try await Given.standIns { given in
      let created = try await given.engine("POST", Given.map + "/a%2Fb%20c", body: "{}")
      #expect(created.status == 201)
      #expect(try await given.engine("GET", Given.map + "/a%2Fb%20c").text("entryName") == "a/b c")
      #expect(try await given.engine("GET", Given.map + "/a/b%20c").status == 404)
    }
  }

  @Test("answers 404 for what is not there", arguments: ["GET", "PUT", "DELETE"])
  func missing(method: String) async throws {
    try await Given.standIns { given in
      let entry = try await given.engine(method, Given.map + "/nobody", body: "{}")
      #expect(entry.status == 404)
      #expect(try entry.text("code") == "404")
      let other = EngineSite.applicationsPath + "/nowhere/pushpublish/mapentries/cam"
      #expect(try await given.engine(method, other, body: "{}").status == 404)
    }
  }

  @Test("deletes once: the second time the entry is missing")
  func deletes() async throws {
    try await Given.standIns { given in
      _ = try await given.engine("POST", Given.map + "/cam", body: "{}")
      let first = try await given.engine("DELETE", Given.map + "/cam")
      #expect(first.status == 200)
      #expect(try first.json["success"] == true)
      #expect(try await given.engine("DELETE", Given.map + "/cam").status == 404)
    }
  }

  @Test("keeps or drops what a PUT leaves out, as set", arguments: EngineSettings.PutSemantics.allCases)
  func put(semantics: EngineSettings.PutSemantics) async throws {
    try await Given.standIns({ $0.engineSettings.putSemantics = semantics }) { given in
      _ = try await given.engine(
        "POST", Given.map + "/cam", body: #"{"profile":"a","streamName":"s","extraOptions":{"x":"1","y":"2"}}"#)
      let put = try await given.engine(
        "PUT", Given.map + "/cam", body: #"{"profile":"b","sessionStatus":"Active","extraOptions":{"x":"3"}}"#)
      #expect(put.status == 200)
      #expect(try put.text("message") == "Saved")
      let shown = try await given.engine("GET", Given.map + "/cam")
      #expect(try shown.text("profile") == "b")
      #expect(try shown.text("sessionStatus") == "NotFound")
      #expect(try shown.text("extraOptions", "x") == "3")
      #expect(try shown.text("streamName") == (semantics == .merge ? "s" : nil))
      #expect(try shown.text("extraOptions", "y") == (semantics == .merge ? "2" : nil))
    }
  }

  @Test("disables and enables an entry, restarts it, and knows no other action")
  func actions() async throws {
    try await Given.standIns { given in
      _ = try await given.engine("POST", Given.map + "/cam", body: "{}")
      #expect(try await given.engine("PUT", Given.map + "/cam/actions/disable").status == 200)
      #expect(try await given.engine("GET", Given.map + "/cam").json["enabled"] == false)
      #expect(try await given.engine("PUT", Given.map + "/cam/actions/enable").status == 200)
      #expect(try await given.engine("GET", Given.map + "/cam").json["enabled"] == true)
      #expect(try await given.engine("PUT", Given.map + "/cam/actions/restart").status == 200)
      #expect(try await given.engine("PUT", Given.map + "/cam/actions/explode").status == 404)
    }
  }

  @Test("changes the order of the keys from answer to answer")
  func keyOrder() async throws {
    try await Given.standIns { given in
      _ = try await given.engine("POST", Given.map + "/cam", body: "{}")
      var bodies: Set<String> = []
      for _ in 0..<10 { bodies.insert(try await given.engine("GET", Given.map + "/cam").body) }
      #expect(bodies.count > 1)
    }
  }

  @Test("lists applications, shows their advanced settings and takes them back")
  func applications() async throws {
    try await Given.standIns { given in
      let base = EngineSite.applicationsPath
      let list = try await given.engine("GET", base)
      #expect(try list.json["applications"]?.elements.map { $0["id"] } == ["live", "live2"])
      #expect(try await given.engine("GET", base + "/live").text("name") == "live")
      #expect(try await given.engine("GET", base + "/live3").status == 404)
      #expect(try await given.engine("GET", base + "/live/adv").json["modules"]?.elements.isEmpty == false)
      #expect(try await given.engine("PUT", base + "/live/adv", body: #"{"modules":[]}"#).status == 200)
      #expect(try await given.engine("PUT", base + "/live/actions/restart").status == 200)
      let after = try await given.engine("GET", base).json["applications"]?.elements
      #expect(after?.map { $0["streamTargetsEnabled"] } == [false, true])
    }
  }

  @Test("tells its version in the status")
  func status() async throws {
    try await Given.standIns { given in
      let status = try await given.engine("GET", "/v2/servers/_defaultServer_/status")
      #expect(status.status == 200)
      #expect(try status.json["restAPIAvailable"] == true)
    }
  }
}
