import Secrets
import Settings
import Testing

@Suite("Loading the settings")
struct SettingsLoaderTests {
  private func load(
    _ files: [String: String], environment: [String: String] = [:], database: String? = nil
  ) -> (settings: Settings, diagnostics: [Diagnostic]) {
    SettingsLoader(environment: environment, directory: "/here") { files[$0] }.load(database: database)
  }

  private let head = "apiVersion: rundown/v1\n"

  @Test("flag beats environment beats project beats user beats system beats default")
  func precedence() {
    var files = ["/etc/rundown/rundown.yaml": head + "database: /system"]
    #expect(load(files).settings.database.value == "/system")
    files["/x/rundown/rundown.yaml"] = head + "database: /user"
    #expect(load(files, environment: ["XDG_CONFIG_HOME": "/x"]).settings.database.value == "/user")
    files["rundown.yaml"] = head + "database: project"
    let project = load(files, environment: ["XDG_CONFIG_HOME": "/x"]).settings.database
    #expect(project.value == "/here/project" && project.origin.description == "rundown.yaml:2:11")
    let environment = ["XDG_CONFIG_HOME": "/x", "RUNDOWN_DATABASE": "env"]
    #expect(load(files, environment: environment).settings.database.value == "/here/env")
    let flag = load(files, environment: environment, database: "flag").settings.database
    #expect(flag == Sourced("/here/flag", .flag("--database")))
  }

  @Test("the queue file lies in the project's folder, and without a project in the user's state directory")
  func defaultDatabase() {
    let home = ["HOME": "/home/me"]
    #expect(load([:], environment: home).settings.database.value == "/home/me/.local/state/rundown/rundown.db")
    let state = ["HOME": "/home/me", "XDG_STATE_HOME": "/state"]
    #expect(load([:], environment: state).settings.database.value == "/state/rundown/rundown.db")
    #expect(load([:], environment: ["XDG_STATE_HOME": "state"]).settings.database.value == "/here/rundown.db")
    for file in ["rundown.yaml", "config/rundown.yaml"] {
      #expect(load([file: head], environment: home).settings.database.value == "/here/rundown.db")
    }
    let user = ["/home/me/.config/rundown/rundown.yaml": head]
    #expect(load(user, environment: home).settings.database.value == "/home/me/.local/state/rundown/rundown.db")
  }

  @Test(
    "a relative path is taken from the folder of its file, from wherever the command is run",
    arguments: [
      ("rundown.yaml", "/here/q.db"), ("config/rundown.yaml", "/here/q.db"), ("/srv/gig/rundown.yaml", "/srv/gig/q.db"),
      ("/srv/gig/config/rundown.yaml", "/srv/gig/q.db"), ("../gig.yaml", "/here/../q.db"), ("/gig.yaml", "/q.db"),
    ])
  func relative(file: String, database: String) {
    let text = head + "database: ./q.db"
    let settings = load([file: text], environment: ["RUNDOWN_CONFIG": file, "HOME": "/home/me"]).settings
    #expect(settings.database.value == database)
    #expect(settings.formerDatabase == (database == "/here/q.db" ? nil : "/here/q.db"))
  }

  @Test("a relative path in the user's or the system's file is refused", arguments: ["/etc", "/x"])
  func relativeInShared(folder: String) {
    let loaded = load(
      ["\(folder)/rundown/rundown.yaml": head + "database: q.db"], environment: ["XDG_CONFIG_HOME": "/x", "HOME": "/h"])
    #expect(loaded.diagnostics.map(\.code) == ["RD0112"])
  }

  @Test("names of queues and kinds are checked where the program around it names them")
  func knownNames() {
    let text = head + "worker: {queues: {uplods: 2, engines: 3}, jobTimeoutSeconds: {restream-aset: 5}}"
    #expect(load(["rundown.yaml": text]).diagnostics.isEmpty)
    let names = KnownNames(queues: ["uploads", "engines"], kinds: ["restream-asset"])
    let loaded = SettingsLoader(environment: [:], directory: "/here", names: names) {
      $0 == "rundown.yaml" ? text : nil
    }.load()
    #expect(loaded.diagnostics.map(\.code) == ["RD0105", "RD0105"])
    #expect(loaded.diagnostics.map(\.help) == [#"did you mean "uploads"?"#, #"did you mean "restream-asset"?"#])
  }

  @Test("the files that were read are known, and those that were looked for")
  func files() {
    let none = load([:]).settings.files
    #expect(none.read == [] && none.lookedFor.suffix(2) == ["rundown.yaml", "config/rundown.yaml"])
    let some = load(["/etc/rundown/rundown.yaml": head, "config/rundown.yaml": head]).settings.files
    #expect(some.read == ["/etc/rundown/rundown.yaml", "config/rundown.yaml"])
  }

  @Test("a file that holds no settings gets one error", arguments: ["hello", "[a, b]", "- a"])
  func noMapping(text: String) {
    let found = load(["rundown.yaml": text]).diagnostics
    #expect(found.map(\.code) == ["RD0106"])
    #expect(found.first?.message.hasPrefix("expected 'key: value' pairs, found ") == true)
  }

  @Test("connections merge by name over layers")
  func merge() {
    let system = head + "connections: {aws: {a: {region: eu-west-1}, b: {region: eu-west-1}}}"
    let project = head + "connections: {aws: {b: {region: eu-west-2}}}"
    let aws = load(["/etc/rundown/rundown.yaml": system, "rundown.yaml": project]).settings.connections.aws
    #expect(aws["a"]?.value.region == "eu-west-1" && aws["b"]?.value.region == "eu-west-2")
  }

  @Test(
    "an address with a query or a fragment is refused, capitals in the scheme are not",
    arguments: ["https://h?x=1", "https://h/p?x", "https://h#f", "https://h/#f", "HTTPS://h/p", "Http://h:1"])
  func addresses(address: String) {
    let connections = "connections: {aws: {a: {endpoint: '\(address)', caFile: /a.pem}}}"
    let loaded = load(["rundown.yaml": head + connections])
    if address.contains(where: { "?#".contains($0) }) {
      #expect(loaded.diagnostics.map(\.code) == ["RD0109"])
    } else {
      #expect(loaded.diagnostics.isEmpty)
      let connection = loaded.settings.connections.aws["a"]?.value
      #expect(connection?.endpoint == address.replacing(/^[A-Za-z]+/) { $0.output.lowercased() })
      #expect(connection?.caFile == "/a.pem")
    }
  }

  @Test(
    "a region that AWS cannot have is refused where it stands, unless the connection leads to another server",
    arguments: ["middle", "fr-par", "auto", "RegionOne", "eu-central-1x", "eu-central-1"])
  func regions(region: String) {
    let connections = "connections:\n  aws:\n    a:\n      region: \(region)\n"
    let found = load(["rundown.yaml": head + connections]).diagnostics
    if region == "eu-central-1" {
      #expect(found.isEmpty)
    } else {
      #expect(found.map(\.code) == ["RD0113"])
      let told = found.first?.rendered() ?? ""
      #expect(told.contains("connections.aws.a.region: '\(region)' is not an AWS region"))
      #expect(told.contains("rundown.yaml:5:15"))
      #expect(
        told.contains(
          region == "eu-central-1x"
            ? "help: did you mean eu-central-1?"
            : "help: write one such as eu-central-1; a server other than AWS needs endpoint"))
    }
    let own = load(["rundown.yaml": head + connections + "      endpoint: https://storage.example\n"])
    #expect(own.diagnostics.isEmpty)
    #expect(own.settings.connections.aws["a"]?.value.region == region)
  }

  @Test("a region that no signature can name is refused for every server", arguments: ["a b", "a/b", "a,b", "région"])
  func unsignedRegion(region: String) {
    let connections = "connections: {aws: {a: {region: '\(region)', endpoint: 'https://storage.example'}}}"
    #expect(load(["rundown.yaml": head + connections]).diagnostics.map(\.code) == ["RD0113"])
  }

  @Test(
    "a relative file of authorities is taken from the folder of the file that names it, whatever the connection",
    arguments: [
      ("rundown.yaml", "/here/ca.pem"), ("config/rundown.yaml", "/here/ca.pem"),
      ("/srv/gig/rundown.yaml", "/srv/gig/ca.pem"), ("../gig.yaml", "/here/../ca.pem"), ("/gig.yaml", "/ca.pem"),
    ])
  func relativeAuthorities(file: String, authorities: String) {
    let text =
      head + """
        connections:
          engines: {a: {url: 'http://h', auth: none, caFile: ./ca.pem}}
          aws: {a: {caFile: ca.pem}, b: {caFile: /etc/ca.pem}, c: {}}
          wowzaVideo: {a: {token: 'env:T', caFile: ca.pem}}
        """
    let system = head + "connections: {aws: {s: {caFile: ca.pem}}}"
    let loaded = load(
      [file: text, "/etc/rundown/rundown.yaml": system], environment: ["RUNDOWN_CONFIG": file, "HOME": "/h"])
    #expect(loaded.diagnostics.isEmpty)
    let connections = loaded.settings.connections
    #expect(connections.engines["a"]?.value.caFile == authorities)
    #expect(connections.aws["a"]?.value.caFile == authorities)
    #expect(connections.wowzaVideo["a"]?.value.caFile == authorities)
    #expect(connections.aws["b"]?.value.caFile == "/etc/ca.pem")
    #expect(connections.aws["c"]?.value.caFile == nil)
    #expect(connections.aws["s"]?.value.caFile == "/etc/rundown/ca.pem")
  }

  @Test(
    "the relative file of a secret is taken from the folder of the file that names it, in every form",
    arguments: [
      ("rundown.yaml", "/here"), ("config/rundown.yaml", "/here"), ("/srv/gig/rundown.yaml", "/srv/gig"),
      ("/gig.yaml", ""),
    ])
  func relativeSecrets(file: String, folder: String) {
    let text =
      head + """
        connections:
          engines: {a: {url: 'http://h', user: 'file:./secrets/u', password: {file: secrets/p}}}
          aws: {a: {source: static, accessKeyId: {file: /etc/id}, secretAccessKey: 'file:key', sessionToken: 'env:T'}}
        """
    let loaded = load([file: text], environment: ["RUNDOWN_CONFIG": file, "HOME": "/h"])
    #expect(loaded.diagnostics.isEmpty)
    let connections = loaded.settings.connections
    #expect(connections.engines["a"]?.value.user == .file("\(folder)/secrets/u"))
    #expect(connections.engines["a"]?.value.password == .file("\(folder)/secrets/p"))
    let references: [SecretReference] = [.file("/etc/id"), .file("\(folder)/key"), .environment("T")]
    #expect(connections.aws["a"]?.value.secretReferences == references)
    let former = loaded.settings.formerSecrets
    #expect(former.map(\.former) == (folder == "/here" ? [] : ["/here/secrets/u", "/here/secrets/p", "/here/key"]))
    #expect(former.allSatisfy { $0.path.hasPrefix("\(folder)/") })
  }

  @Test(
    "a file that serves every directory names the file of a secret by its absolute path",
    arguments: ["/etc/rundown/rundown.yaml", "/h/.config/rundown/rundown.yaml"])
  func sharedSecrets(file: String) {
    func found(_ reference: String) -> [Diagnostic] {
      let text = head + "connections: {wowzaVideo: {m: {token: \(reference)}}}"
      return load([file: text], environment: ["HOME": "/h"]).diagnostics
    }
    for reference in ["'file:token'", "{file: ./token}"] {
      #expect(found(reference).map(\.code) == ["RD0112"])
    }
    #expect(found("{file: /etc/rundown/token}").isEmpty)
  }

  @Test("storeGroup names a group", arguments: [("media", true), ("998", true), ("''", false), ("'a b'", false)])
  func storeGroup(name: String, isFine: Bool) {
    let loaded = load(["rundown.yaml": head + "storeGroup: \(name)"])
    #expect(loaded.diagnostics.map(\.code) == (isFine ? [] : ["RD0106"]))
    #expect(loaded.settings.storeGroup.value == (isFine ? name : ""))
  }

  @Test(
    "an error has its code",
    arguments: [
      ("a: [", "RD0101"), ("kind: Config\nkind: Config", "RD0102"), ("a: &x 1\nb: *x", "RD0104"),
      ("databse: x", "RD0105"), ("retentionDays: many", "RD0106"), ("apiVersion: v9", "RD0107"),
      ("kind: Config", "RD0108"), ("connections: {engines: {a: {auth: none, url: ftp}}}", "RD0109"),
      ("connections: {engines: {a: {url: 'http://h', user: joe, password: hunter2}}}", "RD0110"),
      (String(repeating: "[", count: 50) + String(repeating: "]", count: 50), "RD0103"),
    ])
  func codes(text: String, code: String) {
    let found = load(["rundown.yaml": text]).diagnostics
    #expect(found.contains { $0.code == code }, "\(found)")
    #expect(!found.map { $0.rendered() }.joined().contains("hunter2"))
  }

  @Test("a connection's limits are taken, each where it belongs")
  func limits() {
    let text =
      head + """
        connections:
          engines: {a: {url: 'http://h', auth: none, limits: {concurrentWrites: 3, requestsPerSecond: 20}}}
          wowzaVideo:
            m: {token: 'env:T', limits: {requestsPerSecond: 2, liveStreams: {count: 25, per: 1h30m}, lateEffectWindow: 5m}}
        """
    let (settings, diagnostics) = load(["rundown.yaml": text])
    #expect(diagnostics.map { $0.rendered() } == [])
    #expect(settings.connections.engines["a"]?.value.limits.concurrentWrites == 3)
    #expect(settings.connections.engines["a"]?.value.limits.requestsPerSecond == 20)
    let video = settings.connections.wowzaVideo["m"]?.value.limits
    #expect(video?.requestsPerSecond == 2)
    #expect(video?.liveStreams?.count == 25)
    #expect(video?.liveStreams?.window == .seconds(5400))
    #expect(video?.lateEffectWindow == .seconds(300))
  }

  @Test(
    "limits that make no sense are refused",
    arguments: [
      ("{requestsPerSecond: 0}", "RD0106"), ("{requestsPerSecond: 1001}", "RD0106"),
      ("{concurrentWrites: 2}", "RD0105"),
      ("{liveStreams: {count: 10}}", "RD0108"), ("{liveStreams: {count: 0, per: 3h}}", "RD0106"),
      ("{liveStreams: {count: 10, per: 3}}", "RD0106"), ("{liveStreams: {count: 10, per: 0s}}", "RD0106"),
      ("{liveStreams: 10}", "RD0106"), ("{lateEffectWindow: 7}", "RD0106"), ("{lateEffectWindow: 0s}", "RD0106"),
      ("{lateEffectWindow: 61m}", "RD0106"), ("7", "RD0106"),
    ])
  func badLimits(limits: String, code: String) {
    let text = head + "connections: {wowzaVideo: {m: {token: 'env:T', limits: \(limits)}}}"
    let found = load(["rundown.yaml": text]).diagnostics
    #expect(found.contains { $0.code == code }, "\(found)")
  }

  @Test("every error of a file is found, and an error is shown with place, caret and the word that was meant")
  func rendering() {
    let found = load(["rundown.yaml": head + "databse: x\nretentionDays: 0"]).diagnostics
    #expect(found.count == 2)
    #expect(
      found.first?.rendered() == """
        error[RD0105]: unknown key "databse" in the file
         --> rundown.yaml:2:1
          |
        2 | databse: x
          | ^^^^^^^
          = help: did you mean "database"?
          = more: rundown explain RD0105
        """)
  }

  @Test("a line that may hold a secret is not shown by an error beside it")
  func secretLine() {
    let text = head + "connections: {engines: {a: {usr: x, password: hunter2}}}"
    let found = load(["rundown.yaml": text]).diagnostics
    #expect(found.contains { $0.code == "RD0105" })
    #expect(!found.map { $0.rendered() }.joined().contains("hunter2"))
  }
}
