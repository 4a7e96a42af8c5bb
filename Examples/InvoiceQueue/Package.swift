// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "InvoiceQueue",
  dependencies: [
    .package(name: "rundown", path: "../.."),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    .executableTarget(
      name: "InvoiceQueue",
      dependencies: [
        .product(name: "JobQueue", package: "rundown"),
        .product(name: "SQLiteJobStore", package: "rundown"),
        .product(name: "JobWorker", package: "rundown"),
        .product(name: "Logging", package: "swift-log"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
