extension JobKinds {
  /// The kinds that Rundown knows, in the order in which a stream comes on air. A new kind is a folder beside the others
  /// and a line here.
  public static let streaming = JobKinds([
    CreateBucketConfigKind.self,
    CreateMapEntryKind.self,
    EnableMapEntryKind.self,
    DisableMapEntryKind.self,
    CreateFastlyTargetKind.self,
    RestreamAssetKind.self,
    StopLiveStreamKind.self,
    UploadRecordingKind.self,
    CheckWaveKind.self,
  ])
}
