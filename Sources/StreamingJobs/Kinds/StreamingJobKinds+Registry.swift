public import JobQueue

extension StreamingJobKinds {
  /// A handler for every kind.
  /// - Parameter uploadRoots: the folders that uploads may read; empty for whatever this process may read.
  public static func registry(clients: any ClientDirectory, uploadRoots: [String] = []) -> HandlerRegistry {
    var registry = HandlerRegistry()
    registry.register(CreateBucketConfigHandler(clients: clients))
    registry.register(CreateMapEntryHandler(clients: clients))
    registry.register(CreateFastlyTargetHandler(clients: clients))
    registry.register(RestreamAssetHandler(clients: clients))
    registry.register(UploadRecordingHandler(clients: clients, roots: uploadRoots))
    return registry
  }
}
