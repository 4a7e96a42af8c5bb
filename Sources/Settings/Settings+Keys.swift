extension Settings {
  /// The keys of a configuration.
  /// - Parameter names: the queues and kinds that it may name.
  public static func keys(_ names: KnownNames) -> [SettingKey] {
    [
      SettingKey("apiVersion", .choice(["rundown/v1"]), "the shape of the file", isRequired: true),
      SettingKey("kind", .choice(["Config"]), "what the file is"),
      SettingKey("database", .path, "the queue file"),
      SettingKey("storeGroup", .text, "the group that shares the queue file; its owner alone when not given"),
      SettingKey("worker", .keys(worker(names)), "how workers run jobs"),
      SettingKey("retentionDays", .int(1...36_500), "how long finished jobs are kept"),
      SettingKey(
        "logging", .keys([SettingKey("level", .choice(loggingLevels), "the least level that is logged")]), "logs"),
      SettingKey("uploads", .keys([SettingKey("roots", .paths, "the folders that uploads may read")]), "uploads"),
      connectionsKey,
    ]
  }

  /// The key of the connections, in a configuration and in a file of connections.
  public static var connectionsKey: SettingKey {
    SettingKey(
      "connections",
      .keys(Connections.kinds.map { SettingKey($0.section, .named(.keys($0.keys)), "by their names") }),
      "where the providers are, how fast they are asked, and where the secrets lie")
  }

  private static func worker(_ names: KnownNames) -> [SettingKey] {
    [
      SettingKey("concurrency", .int(1...1000), "jobs at once"),
      SettingKey(
        "queues", numbers(names.queues, 1...1000, "jobs of this queue at once"),
        "another number for single queues"),
      SettingKey("leaseSeconds", .int(10...86_400), "after how long a silent worker has lost its jobs"),
      SettingKey("shutdownGraceSeconds", .int(0...86_400), "how long running jobs may finish when a worker ends"),
      SettingKey(
        "jobTimeoutSeconds", numbers(names.kinds, 1...31_536_000, "the time of one attempt"),
        "another time for single kinds"),
    ]
  }

  private static func numbers(_ names: [String]?, _ range: ClosedRange<Int>, _ help: String) -> SettingKey.Shape {
    names.map { .keys($0.map { SettingKey($0, .int(range), help) }) } ?? .named(.int(range))
  }
}
