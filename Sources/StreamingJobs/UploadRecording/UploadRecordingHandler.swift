import AWSClient
import HTTPTransport
public import JobQueue

/// Uploads a file: in one request if it is small, in parts that survive a crash if it is large; then reads the object
/// back.
public struct UploadRecordingHandler: JobHandler {
  private let clients: any ClientDirectory
  private let roots: UploadRoots

  /// Creates a handler that finds its clients by the names of their connections.
  /// - Parameter roots: the folders that uploads may read; empty for whatever this process may read.
  public init(clients: any ClientDirectory, roots: [String] = []) {
    self.clients = clients
    self.roots = UploadRoots(folders: roots)
  }

  /// Uploads the file.
  public func run(_ parameters: UploadRecording, context: JobContext) async throws -> UploadResult {
    let s3 = try await clients.s3(parameters.connection, region: parameters.region)
    let round = try await UploadRound.current(of: parameters.file, in: roots, context)
    let size = round.file.size
    let usual = PartPlan.usualSize(of: size, ownServer: s3.endpoint.ownBase != nil)
    let plan = PartPlan(size: size, partSize: parameters.partSize.map { Int64($0) << 20 } ?? usual)
    let isSingle = size < PartPlan.smallest || plan.parts.count == 1 && size <= PartPlan.largestObjectInOne
    let upload = Upload(
      s3: s3, parameters: parameters, round: round, roots: roots, context: context,
      digest: UploadDigest(
        file: parameters.file, id: round.file.id, size: size, parts: isSingle ? [] : plan.parts, s3: s3))
    let bucket = NewBucket(name: parameters.bucket, context: context)
    do {
      try await upload.requireSameFile()
      return try await bucket.awaited(if: bucket.isOfParent) {
        isSingle ? try await single(upload) : try await multipart(upload, plan)
      }
    } catch let verdict as Verdict {
      // Nothing of this round will be used again, even if the job is retried: the file may have changed by then.
      if case .dead = verdict {
        try await PendingUpload(upload: upload).abort()
        try await round.end(context)
      }
      throw verdict
    }
  }

  /// What an error means.
  public func classify(_ error: any Error) -> Verdict {
    if let error = error as? FileDigestError {
      if error.isShortage { return .snooze(for: FileIdentity.shortagePause, why: error.cause) }
      return .retry(Failure(code: "file", message: "\(error.path): \(error.cause)"))
    }
    let verdict = FailureClassifier.classify(error)
    guard case .dead(var failure) = verdict, failure.code == "NoSuchBucket" else { return verdict }
    failure.hint =
      "check its name, or make this job wait for the create-bucket-config that creates it; then retry the job"
    return .dead(failure)
  }

  private func single(_ upload: Upload) async throws -> UploadResult {
    let size = upload.size
    let crc = try await upload.digest.checksum().whole
    try await upload.requireSameFile()
    if let known = upload.round.crc32c {
      // Bytes that were changed in place, with the modification time set back.
      guard known == crc.value else { throw upload.fileChanged }
    } else {
      _ = try await upload.round.noting(crc32c: crc.value, upload.context)
    }
    let stored = try await upload.untilTaken {
      try await upload.context.effect(
        // Stored twice, it is the same object.
        upload.putting, lateEffectWindow: .zero,
        find: { _ in try await upload.look().map { $0.etag ?? "" } },
        perform: { place in
          try await upload.write(.putObject, over: place) { onlyIfAbsent in
            try await upload.s3.putObject(
              upload.key, in: upload.bucket,
              body: .file(path: upload.file, offset: 0, length: size, expected: upload.round.file.id),
              crc32c: crc,
              options: upload.options, onlyIfAbsent: onlyIfAbsent
            ).etag ?? ""
          }
        })
    }
    return try await result(upload, parts: 1, resumed: 0, wasThere: stored.origin == .adopted)
  }

  private func multipart(_ upload: Upload, _ plan: PartPlan) async throws -> UploadResult {
    let sending = MultipartUpload(upload: upload, plan: plan)
    if let completed = try await upload.context.recordedEffect(sending.completion, as: CompletedUpload.self) {
      // Our parts would be billed for nothing.
      if completed.value.isForeign == true { try await PendingUpload(upload: upload).abort() }
      // It is visible only now.
      return try await result(upload, parts: plan.parts.count, resumed: 0, wasThere: true)
    }
    // The whole file is read for that only if there is an object of its size, for example one that was completed while
    // the response was lost.
    switch try await upload.look() {
    case .found:
      // Parts of ours would be billed for nothing if someone else stored the same content before we were done.
      try await PendingUpload(upload: upload).abort()
      return try await result(upload, parts: plan.parts.count, resumed: 0, wasThere: true)
    case .absent(let place):
      let done = try await sending.run(over: place)
      return try await result(upload, parts: plan.parts.count, resumed: done.resumed, wasThere: done.wasThere)
    }
  }

  private func result(
    _ upload: Upload, parts: Int, resumed: Int, wasThere: Bool
  ) async throws -> UploadResult {
    let (head, verified) = try await upload.verified()
    let crc = try await upload.digest.checksum().whole
    let region = upload.parameters.region ?? upload.s3.endpoint.region
    let url = upload.s3.endpoint.shownURL(bucket: upload.bucket, key: upload.key, region: region)
    return UploadResult(
      bucket: upload.bucket, key: upload.key, url: url, size: upload.size, etag: head.etag,
      crc32c: crc.base64, parts: parts, resumedParts: resumed, verified: verified,
      // What an earlier attempt of this job stored was not there before the job.
      unchanged: wasThere && !upload.isOurs(head))
  }
}
