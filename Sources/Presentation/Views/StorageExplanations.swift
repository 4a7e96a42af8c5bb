/// Codes of S3 and compatible servers that are in no table of failures: their status decides what happens to a job.
enum StorageExplanations {
  private static let dead = "The job is dead. Fix the cause, then run: rundown jobs retry NUMBER"
  private static let again =
    "The job is retried after a backoff. Several in a row count as an outage: the gate closes until S3 answers."

  /// By code.
  static let texts: [String: String] = [
    "AccessControlListNotSupported":
      "The bucket does not accept ACLs: its ownership is BucketOwnerEnforced. Leave the ACL out. \(dead)",
    "BadRequest": "S3 answered 400 without saying why, as it does to HEAD. \(dead)",
    "Conflict": "S3 answered 409 without saying what the request conflicts with. \(dead)",
    "EntityTooLarge": "The object or a part is larger than the server accepts. \(dead)",
    "EntityTooSmall": "A part other than the last one is smaller than the server accepts; see partSize. \(dead)",
    "IllegalLocationConstraint":
      "The bucket cannot be created in this region through this endpoint. Correct the region. \(dead)",
    "InternalError": "S3 had an internal error (500). \(again)",
    "InvalidArgument": "S3 does not accept a value in the request; its message says which one. \(dead)",
    "InvalidBucketName": "This is not a valid bucket name. \(dead)",
    "InvalidPartOrder": "The parts of an upload were not listed in ascending order. \(dead)",
    "InvalidRequest": "S3 refused the request; its message says why. \(dead)",
    "InvalidStorageClass": "The server does not have this storage class. \(dead)",
    "KeyTooLongError": "The key has more than 1,024 bytes. \(dead)",
    "MalformedXML": "The server does not understand a setting that was sent to it. \(dead)",
    "MethodNotAllowed": "The server does not allow this operation on this resource (405). \(dead)",
    "NotFound": "S3 answered 404 without saying what is missing, as it does to HEAD: the bucket or the key. \(dead)",
    "NotImplemented":
      "The server does not support this operation or setting (501). For bucket settings: leave it out, or add --skip-unsupported.",
    "TooManyUploads":
      "The bucket has more than 100,000 unfinished uploads. Clean them up with a lifecycle rule. \(dead)",
    "UnreadableAnswer":
      "The response does not look like one from S3 or STS. Check that the endpoint is an S3 server, not a proxy."
      + " \(again)",
  ]
}
