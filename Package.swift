// swift-tools-version: 6.2
import PackageDescription

// Set in CI: a warning in our own modules fails the build. Packages we depend on are not touched by it.
let warningsAreErrors = Context.environment["RUNDOWN_WARNINGS_AS_ERRORS"] == "1"

let settings: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
  ] + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")

let package = Package(
  name: "rundown",
  products: [
    .executable(name: "rundown", targets: ["rundown"]),
    .library(name: "JobQueue", targets: ["JobQueue"]),
    .library(name: "SQLiteJobStore", targets: ["SQLiteJobStore"]),
    .library(name: "JobWorker", targets: ["JobWorker"]),
    .library(name: "JobQueueTestKit", targets: ["JobQueueTestKit"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // Floor 0: system libraries and the C shims they need.
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    // libcurl is loaded with dlopen at first use: linking it costs every start of the CLI 30 shared libraries.
    .target(name: "CCurl"),
    // libyaml, loaded as libcurl is: most commands that are typed read no file.
    .target(name: "CYAML"),
    .target(name: "CSpawn"),
    .target(name: "CQueueFile"),
    // What must be seen before Swift starts: arguments as they came, closed standard streams, low limits.
    .target(name: "CStart"),
    .target(name: "ProcessStart", dependencies: ["CStart"], swiftSettings: settings),
    // What more than one module needs of threads; of bytes, times and small files.
    .target(name: "Threading", swiftSettings: settings),
    .target(name: "Wire", swiftSettings: settings),
    // For the fault kit alone: no program that people run links it.
    .target(name: "CFaultVFS", dependencies: ["CSQLite"]),

    // Floor 1: nouns and rules; the only module that opens a connection; references to secrets.
    .target(name: "JobQueue", dependencies: ["Threading", "Wire"], swiftSettings: settings),
    .target(name: "Secrets", dependencies: ["CSpawn", "Wire"], swiftSettings: settings),
    .target(
      name: "HTTPTransport", dependencies: ["CCurl", "Secrets", "Threading", "Wire", crypto], swiftSettings: settings),

    // Floor 2: all SQL; all knowledge of one provider's wire each.
    .target(
      name: "SQLiteJobStore", dependencies: ["JobQueue", "Threading", "CSQLite", "CQueueFile"], swiftSettings: settings),
    .target(name: "AWSClient", dependencies: ["HTTPTransport", "Secrets", "Wire", crypto], swiftSettings: settings),
    .target(name: "WowzaEngineClient", dependencies: ["HTTPTransport", "Secrets"], swiftSettings: settings),
    .target(
      name: "WowzaVideoClient", dependencies: ["HTTPTransport", "Secrets", "Wire", crypto], swiftSettings: settings),

    // Floor 3: the typed jobs; the loop that runs leased jobs.
    .target(
      name: "StreamingJobs",
      dependencies: [
        "JobQueue", "HTTPTransport", "Secrets", "AWSClient", "WowzaEngineClient", "WowzaVideoClient", "Threading",
        "Wire", crypto,
      ], swiftSettings: settings),
    .target(
      name: "JobWorker", dependencies: ["JobQueue", "Threading", "Wire", logging, lifecycle], swiftSettings: settings),

    // Floor 4: what a person writes down.
    .target(name: "Settings", dependencies: ["Secrets", "CYAML", "AWSClient", "Wire"], swiftSettings: settings),
    .target(
      name: "Manifests", dependencies: ["JobQueue", "StreamingJobs", "Settings", "AWSClient", "Threading", "Wire"],
      swiftSettings: settings),

    // Floor 5: what more than one front end shows; live clients of the configured connections.
    .target(
      name: "Presentation", dependencies: ["JobQueue", "StreamingJobs", "Settings", "Manifests", "Wire"],
      swiftSettings: settings),
    .target(
      name: "Connections",
      dependencies: [
        "JobQueue", "StreamingJobs", "Settings", "Secrets", "HTTPTransport", "AWSClient", "WowzaEngineClient",
        "WowzaVideoClient",
      ], swiftSettings: settings),

    // Floor 6: the executables.
    .executableTarget(
      name: "rundown",
      dependencies: [
        "JobQueue", "SQLiteJobStore", "JobWorker", "StreamingJobs", "Manifests", "Presentation", "Connections",
        "Settings", "Secrets", "Threading", "Wire", "ProcessStart", argumentParser, logging, lifecycle, signals,
      ],
      swiftSettings: settings),
    // What `scripts/bench` runs; links nothing that a queue does not need.
    .executableTarget(
      name: "rundown-bench",
      dependencies: [
        "JobQueue", "SQLiteJobStore", "JobWorker", "JobQueueTestKit", "Threading", "ProcessStart", argumentParser,
        logging, lifecycle, signals,
      ], swiftSettings: settings),

    // A product: conformance suite, in-memory model, simulator (drives the parts of real workers), virtual clock, fault points.
    .target(name: "JobQueueTestKit", dependencies: ["JobQueue", "JobWorker", "Threading"], swiftSettings: settings),
    // A way for SQLite to its files that fails on demand, and knows what a loss of power leaves of them.
    .target(
      name: "SQLiteFaultKit", dependencies: ["JobQueueTestKit", "Threading", "CFaultVFS", "CSQLite"],
      swiftSettings: settings),

    // Servers that tests start: S3, and the stand-ins of the package in StandIns.
    .target(name: "TestServers", dependencies: ["CSpawn"], path: "Tests/TestServers", swiftSettings: settings),

    .testTarget(name: "WireTests", dependencies: ["Wire"], swiftSettings: settings),
    .testTarget(name: "JobQueueTests", dependencies: ["JobQueue", "JobQueueTestKit", "Wire"], swiftSettings: settings),
    .testTarget(name: "SecretsTests", dependencies: ["Secrets", "Wire"], swiftSettings: settings),
    .testTarget(
      name: "HTTPTransportTests", dependencies: ["HTTPTransport", "Secrets", "Threading", "Wire", "TestServers"],
      swiftSettings: settings),
    .testTarget(
      name: "SQLiteJobStoreTests",
      dependencies: ["SQLiteJobStore", "JobQueue", "JobQueueTestKit", "Threading", "CSQLite"],
      swiftSettings: settings),
    .testTarget(
      name: "JobWorkerTests",
      dependencies: ["JobWorker", "JobQueue", "JobQueueTestKit", "SQLiteJobStore", logging, lifecycle],
      swiftSettings: settings),
    .testTarget(
      name: "AWSClientTests", dependencies: ["AWSClient", "HTTPTransport", "Secrets", "Wire", "TestServers"],
      exclude: ["Fixtures"], swiftSettings: settings),
    .testTarget(
      name: "WowzaClientTests",
      dependencies: ["WowzaEngineClient", "WowzaVideoClient", "HTTPTransport", "Secrets", "TestServers"],
      swiftSettings: settings),
    .testTarget(
      name: "StreamingJobsTests",
      dependencies: [
        "StreamingJobs", "JobQueue", "JobQueueTestKit", "SQLiteJobStore", "JobWorker", "HTTPTransport", "Secrets",
        "AWSClient", "WowzaEngineClient", "WowzaVideoClient", "Threading", "TestServers",
      ], swiftSettings: settings),
    .testTarget(
      name: "SettingsTests", dependencies: ["Settings", "Secrets", "JobQueueTestKit"], swiftSettings: settings),
    .testTarget(
      name: "ManifestsTests",
      dependencies: ["Manifests", "StreamingJobs", "JobQueue", "JobWorker", "JobQueueTestKit", "Settings", "Wire"],
      swiftSettings: settings),
    .testTarget(
      name: "PresentationTests",
      dependencies: ["Presentation", "Manifests", "JobQueue", "StreamingJobs", "Settings", "Wire"],
      exclude: ["Screens"], swiftSettings: settings),
    .testTarget(
      name: "ConnectionsTests",
      dependencies: [
        "Connections", "Settings", "Secrets", "StreamingJobs", "AWSClient", "WowzaVideoClient", "TestServers",
      ], swiftSettings: settings
    ),
    .testTarget(
      name: "RundownTests",
      dependencies: [
        "rundown", "Presentation", "SQLiteJobStore", "StreamingJobs", "Manifests", "Settings", "JobQueue", "JobWorker",
        "JobQueueTestKit", "AWSClient", "WowzaEngineClient", "WowzaVideoClient", "CSQLite", "CSpawn", "TestServers",
        argumentParser,
      ], swiftSettings: settings),
    // A worker of cheap jobs that trials kill, stop and starve.
    .executableTarget(
      name: "rundown-trial",
      dependencies: [
        "JobQueue", "JobQueueTestKit", "SQLiteJobStore", "JobWorker", "ProcessStart", logging, lifecycle, signals,
      ],
      path: "Tests/rundown-trial", swiftSettings: settings),
    // The store's verbs over that way to the files, at every point at which it can fail.
    .executableTarget(
      name: "rundown-faults",
      dependencies: ["JobQueue", "JobQueueTestKit", "SQLiteJobStore", "SQLiteFaultKit", "CSpawn"],
      path: "Tests/rundown-faults", swiftSettings: settings),
    // The storm: real workers that are killed, stand-ins that misbehave, and the count at the end.
    .executableTarget(
      name: "rundown-chaos", dependencies: ["JobQueueTestKit", "TestServers", "ProcessStart", argumentParser],
      path: "Tests/rundown-chaos", swiftSettings: settings),
    .testTarget(
      name: "TrialTests",
      dependencies: [
        "rundown", "rundown-trial", "rundown-chaos", "rundown-faults", "JobQueue",
        "JobQueueTestKit",
        "SQLiteFaultKit", "CSQLite", "CSpawn",
      ],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
