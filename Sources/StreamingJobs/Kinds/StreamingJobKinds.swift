/// The kinds of jobs that Rundown knows.
public enum StreamingJobKinds {
  /// All kinds, in the order in which a stream comes on air.
  public static let all: [JobKindDescription] = [
    CreateBucketConfig.kindDescription, CreateMapEntry.kindDescription, CreateFastlyTarget.kindDescription,
    RestreamAsset.kindDescription, UploadRecording.kindDescription,
  ]

  /// The kind of this name.
  public static func named(_ kind: String) -> JobKindDescription? { all.first { $0.kind == kind } }
}
