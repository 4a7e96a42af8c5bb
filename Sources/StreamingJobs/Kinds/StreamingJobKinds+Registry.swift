public import JobQueue

extension StreamingJobKinds {
  /// A handler for every kind.
  public static func registry(clients: any ClientDirectory) -> HandlerRegistry {
    var registry = HandlerRegistry()
    registry.register(CreateBucketConfigHandler(clients: clients))
    registry.register(CreateMapEntryHandler(clients: clients))
    registry.register(CreateFastlyTargetHandler(clients: clients))
    registry.register(RestreamAssetHandler(clients: clients))
    registry.register(UploadRecordingHandler(clients: clients))
    return registry
  }
}
