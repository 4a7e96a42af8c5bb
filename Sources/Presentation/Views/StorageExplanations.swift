/// Codes of S3 and of servers that speak it which no table of failures names: their status decides what becomes of a job.
enum StorageExplanations {
  private static let dead = "The job is dead. Mend the cause, then run: rundown jobs retry NUMBER"
  private static let again =
    "The job is tried again after a backoff; in a row it is taken for an outage, and the gate closes until S3 answers."

  /// By code.
  static let texts: [String: String] = [
    "AccessControlListNotSupported":
      "The bucket takes no ACLs: its ownership is BucketOwnerEnforced. Leave the ACL out. \(dead)",
    "BadRequest": "S3 answered 400 without saying why, as it does to HEAD. \(dead)",
    "Conflict": "S3 answered 409 without saying what the request conflicts with. \(dead)",
    "EntityTooLarge": "The object or a part is larger than the server takes. \(dead)",
    "EntityTooSmall": "A part other than the last one is smaller than the server takes; see partSize. \(dead)",
    "IllegalLocationConstraint":
      "The bucket cannot be made in this region by this address. Correct the region. \(dead)",
    "InternalError": "S3 failed by itself (500). \(again)",
    "InvalidArgument": "S3 does not take a value of the request; its message says which one. \(dead)",
    "InvalidBucketName": "S3 does not take this name for a bucket. \(dead)",
    "InvalidPartOrder": "The parts of an upload were listed in another order than S3 wants. \(dead)",
    "InvalidRequest": "S3 refuses the request; its message says why. \(dead)",
    "InvalidStorageClass": "The server does not have this storage class. \(dead)",
    "KeyTooLongError": "The key has more than 1,024 bytes. \(dead)",
    "MalformedXML": "The server does not understand a setting that was sent to it. \(dead)",
    "MethodNotAllowed": "The server does not offer this call for what it was asked of (405). \(dead)",
    "NotFound": "S3 answered 404 without saying what is missing, as it does to HEAD: the bucket or the key. \(dead)",
    "NotImplemented":
      "The server does not have this call or setting (501). For settings of a bucket: leave it out, or --skip-unsupported.",
    "TooManyUploads": "The bucket has more than 100,000 unfinished uploads. Let a lifecycle rule end them. \(dead)",
    "UnreadableAnswer":
      "The answer is not what S3 or STS would write. See that the endpoint is an S3 server and that no proxy answers for it."
      + " \(again)",
  ]
}
