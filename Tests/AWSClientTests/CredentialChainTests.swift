import AWSClient
import HTTPTransport
import Secrets
import Testing

@Suite struct CredentialChainTests {
  private var given = StubEnvironment()
  private let credentialsFile = "/home/u/.aws/credentials"
  private let configFile = "/home/u/.aws/config"

  private func error(_ given: StubEnvironment, profile: String? = nil) async -> AWSCredentialError? {
    await #expect(throws: AWSCredentialError.self) { try await given.credentials(profile: profile) }
  }

  @Test("Variables of the environment go before every file")
  mutating func environmentFirst() async throws {
    given.variables = [
      "AWS_ACCESS_KEY_ID": "AKENV", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t", "AWS_PROFILE": "p",
    ]
    given.files[credentialsFile] = "[p]\naws_access_key_id=AKFILE\naws_secret_access_key=x\n"
    let found = try await given.credentials()
    #expect(found.accessKeyID == "AKENV")
    #expect(found.secretAccessKey == Secret("s"))
    #expect(found.sessionToken == Secret("t"))
    #expect(found.expiration == nil)
  }

  @Test("A profile that is asked for by name goes before the variables and is the only place looked at")
  mutating func namedProfile() async throws {
    given.variables = ["AWS_ACCESS_KEY_ID": "AKENV", "AWS_SECRET_ACCESS_KEY": "s"]
    given.files[credentialsFile] = "[p]\naws_access_key_id=AKFILE\naws_secret_access_key=x\n[empty]\n"
    #expect(try await given.credentials(profile: "p").accessKeyID == "AKFILE")
    for name in ["empty", "absent"] {
      let error = await error(given, profile: name)
      #expect(error?.code == .missing)
      #expect(error?.cause.contains("profile \(name) in") == true)
    }
    #expect(await given.localTransport.requests.isEmpty)
  }

  @Test("Half a key pair is an error and never a reason to look further")
  mutating func halfPair() async {
    given.variables = ["AWS_ACCESS_KEY_ID": "AKENV"]
    #expect(await error(given)?.code == .invalid)
    given.variables = [:]
    given.files[credentialsFile] = "[default]\naws_access_key_id=AK\n"
    #expect(await error(given)?.cause == "profile default has an aws_access_key_id but no aws_secret_access_key")
  }

  @Test("The credentials file goes before the config file, whose sections are called profile")
  mutating func files() async throws {
    given.files[configFile] =
      "[profile p]\naws_access_key_id=AKCONFIG\naws_secret_access_key=c\n[q]\naws_access_key_id=AKQ\n"
    #expect(try await given.credentials(profile: "p").accessKeyID == "AKCONFIG")
    #expect(await error(given, profile: "q")?.code == .missing)
    given.files[credentialsFile] = "[p]\naws_access_key_id=AKCRED\naws_secret_access_key=d\n"
    #expect(try await given.credentials(profile: "p").secretAccessKey == Secret("d"))
  }

  @Test("Files are found where the variables say, and AWS_PROFILE chooses the profile")
  mutating func placesOfFiles() async throws {
    given.variables = [
      "AWS_SHARED_CREDENTIALS_FILE": "~/own", "AWS_CONFIG_FILE": "/etc/aws", "AWS_PROFILE": "p",
    ]
    given.files = [
      "/home/u/own": "[p]\naws_access_key_id=AK\naws_secret_access_key=s\n",
      "/etc/aws": "[profile p]\nregion=eu-west-3\n",
    ]
    #expect(try await given.credentials().accessKeyID == "AK")
    #expect(try given.environment.region() == "eu-west-3")
    given.variables["AWS_PROFILE"] = "typo"
    #expect(await error(given)?.cause == "AWS_PROFILE is typo, which is not in /home/u/own and /etc/aws")
  }

  @Test("A file that is there and cannot be read is an error that names it, unless the environment has keys")
  mutating func lockedFile() async throws {
    given.files[credentialsFile] = "(locked)"
    var withKeys = given
    withKeys.variables = ["AWS_ACCESS_KEY_ID": "AKENV", "AWS_SECRET_ACCESS_KEY": "s"]
    #expect(try await withKeys.credentials().accessKeyID == "AKENV")
    #expect(await error(given)?.cause.hasPrefix("cannot read /home/u/.aws/credentials") == true)
  }

  @Test("A way of signing in that is not spoken is named and not skipped")
  mutating func unsupported() async {
    for line in ["credential_process = /bin/x", "sso_session = s", "sso_start_url = https://x"] {
      given.files[configFile] = "[default]\n\(line)\n"
      #expect(await error(given)?.code == .unsupported)
    }
    given.files[configFile] = "[default]\nrole_arn=r\nsource_profile=default\nmfa_serial=m\n"
    #expect(await error(given)?.code == .unsupported)
  }

  @Test("A role is taken on with its source profile's keys, its external id, session name and duration")
  mutating func roleOfProfile() async throws {
    given.files[configFile] = """
      [profile p]
      role_arn = arn:aws:iam::1:role/r
      source_profile = base
      external_id = e&1
      role_session_name = me
      duration_seconds = 900
      region = eu-west-1
      """
    given.files[credentialsFile] = "[base]\naws_access_key_id=AKBASE\naws_secret_access_key=s\n"
    given.transport = StubTransport(answers: [stsAnswer("AssumeRole")])
    let found = try await given.credentials(profile: "p")
    #expect(found.accessKeyID == "ASIA1")
    #expect(found.secretAccessKey == Secret("made"))
    #expect(found.sessionToken == Secret("tok"))
    #expect(found.expiration == StubEnvironment.now + 3600)
    let request = try #require(await given.transport.requests.first)
    #expect(request.url == "https://sts.eu-west-1.amazonaws.com/")
    #expect(
      request.form == [
        "Action": "AssumeRole", "Version": "2011-06-15", "RoleArn": "arn:aws:iam::1:role/r", "ExternalId": "e&1",
        "RoleSessionName": "me", "DurationSeconds": "900",
      ])
    #expect(request.header("authorization")?.contains("Credential=AKBASE/20261121/eu-west-1/sts/") == true)
  }

  @Test("Roles chain from profile to profile, a profile may be its own source, and a circle is refused")
  mutating func chainedRoles() async throws {
    given.files[configFile] = """
      [profile a]
      role_arn = ra
      source_profile = b
      [profile b]
      role_arn = rb
      source_profile = b
      aws_access_key_id = AKB
      aws_secret_access_key = s
      """
    given.transport = StubTransport { request, _ in
      .success(stsAnswer("AssumeRole", id: "of-\(request.form["RoleArn"] ?? "")"))
    }
    #expect(try await given.credentials(profile: "a").accessKeyID == "of-ra")
    let signers = await given.transport.requests.map { $0.header("authorization")?.split(separator: "/").first }
    #expect(signers == ["AWS4-HMAC-SHA256 Credential=AKB", "AWS4-HMAC-SHA256 Credential=of-rb"])
    given.files[configFile] = "[profile a]\nrole_arn=ra\nsource_profile=b\n[profile b]\nrole_arn=rb\nsource_profile=a\n"
    #expect(await error(given, profile: "a")?.cause.contains("cycle") == true)
  }

  @Test("A role may take its base from environment, container or instance, and from nothing else")
  mutating func credentialSource() async throws {
    given.variables = ["AWS_ACCESS_KEY_ID": "AKENV", "AWS_SECRET_ACCESS_KEY": "s"]
    given.transport = StubTransport(answers: [stsAnswer("AssumeRole")])
    given.files[configFile] = "[profile p]\nrole_arn=r\ncredential_source=Environment\n"
    #expect(try await given.credentials(profile: "p").accessKeyID == "ASIA1")
    #expect(await given.transport.requests.first?.header("authorization")?.contains("=AKENV/") == true)
    given.files[configFile] = "[profile p]\nrole_arn=r\ncredential_source=EcsContainer\n"
    #expect(await error(given, profile: "p")?.cause.contains("has a credential_source without credentials") == true)
    given.files[configFile] = "[profile p]\nrole_arn=r\ncredential_source=Elsewhere\n"
    #expect(await error(given, profile: "p")?.cause.contains("credential_source other than") == true)
    given.files[configFile] = "[profile p]\nrole_arn=r\n"
    #expect(await error(given, profile: "p")?.cause.contains("no source_profile") == true)
  }

  @Test("A web identity's token is read from its file and sent unsigned")
  mutating func webIdentity() async throws {
    given.variables = [
      "AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "r", "AWS_ROLE_SESSION_NAME": "pod",
      "AWS_REGION": "eu-west-1",
    ]
    given.files["/token"] = "jwt.a+b/c=\n"
    given.transport = StubTransport(answers: [stsAnswer("AssumeRoleWithWebIdentity", id: "ASIAWEB")])
    #expect(try await given.credentials().accessKeyID == "ASIAWEB")
    let request = try #require(await given.transport.requests.first)
    #expect(request.form["WebIdentityToken"] == "jwt.a+b/c=")
    #expect(request.form["RoleSessionName"] == "pod")
    #expect(request.header("authorization") == nil)
    given.files = [:]
    #expect(await error(given)?.cause == "the web identity token file /token does not exist")
  }

  @Test("A role profile goes before web identity, and web identity before the profile's keys")
  mutating func order() async throws {
    given.variables = ["AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "r"]
    given.files = ["/token": "jwt-token", configFile: "[default]\naws_access_key_id=AK\naws_secret_access_key=s\n"]
    given.transport = StubTransport { request, _ in .success(stsAnswer(request.form["Action"] ?? "")) }
    _ = try await given.credentials()
    given.files[configFile] =
      "[default]\nrole_arn=r\nsource_profile=default\naws_access_key_id=AK\naws_secret_access_key=s"
    _ = try await given.credentials()
    #expect(
      await given.transport.requests.map { $0.form["Action"] } == ["AssumeRoleWithWebIdentity", "AssumeRole"])
  }

  @Test("When nothing is configured, the error says each place that was looked at")
  mutating func nothing() async {
    let error = await error(given)
    #expect(error?.code == .missing)
    #expect(
      error?.cause == "no AWS credentials found; looked at: environment (no AWS_ACCESS_KEY_ID), "
        + "web identity (no AWS_WEB_IDENTITY_TOKEN_FILE), profile default in /home/u/.aws/credentials (no such file) "
        + "and /home/u/.aws/config (no such file): no such profile, container (no "
        + "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI), instance metadata (nobody answered)")
  }

  @Test("The region comes from AWS_REGION, AWS_DEFAULT_REGION or the profile, and must look like one")
  mutating func region() throws {
    #expect(try given.environment.region() == nil)
    given.files[configFile] = "[default]\nregion=eu-west-1\n[profile p]\nregion=eu-west-2\n"
    #expect(try given.environment.region() == "eu-west-1")
    #expect(try given.environment.region(profile: "p") == "eu-west-2")
    given.variables["AWS_DEFAULT_REGION"] = "eu-west-3"
    #expect(try given.environment.region() == "eu-west-3")
    given.variables["AWS_REGION"] = "eu-west-4"
    #expect(try given.environment.region() == "eu-west-4")
    given.variables["AWS_REGION"] = "evil.example/x"
    #expect(throws: AWSCredentialError.self) { try given.environment.region() }
    // Other servers name theirs as they like.
    given.variables["AWS_REGION"] = "RegionOne"
    #expect(throws: AWSCredentialError.self) { try given.environment.region() }
    #expect(try given.environment.region(ownServer: true) == "RegionOne")
  }

  @Test("No error of a source shows a secret")
  mutating func noSecrets() async {
    given.files = [
      credentialsFile: "[base]\naws_access_key_id=AK\naws_secret_access_key=SECRET0815\n",
      configFile: "[profile p]\nrole_arn=r\nsource_profile=base\n",
    ]
    given.transport = StubTransport(answers: [stsError(403, "AccessDenied", "not for SECRET0815")])
    let transport = given.transport
    let refused = await #expect(throws: ProviderError.self) { try await given.credentials(profile: "p") }
    #expect(refused?.code == "AccessDenied")
    #expect(refused.map { "\($0)".contains("0815") } == false)
    #expect(await transport.requests.count == 1)
  }
}
