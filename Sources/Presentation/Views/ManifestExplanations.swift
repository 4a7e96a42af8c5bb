/// Errors in sheets and manifests.
enum ManifestExplanations {
  /// By code.
  static let texts: [String: String] = [
    "RD0401":
      "The sheet is not text that we read: UTF-8, or UTF-16 as spreadsheets save it. A workbook (.xlsx) is not CSV.",
    "RD0402":
      "Quotes in the sheet do not pair, so that nobody can say where a cell ends. A quote inside a quoted cell is"
      + " written twice.",
    "RD0403":
      "The heading of the sheet and its rows do not fit: an unknown column, one that is there twice, a cell without a"
      + " column, or a row without a stream.",
    "RD0404":
      "The sheet or the manifest is larger than we read: 16 MiB, 20,000 rows, 512 cells of a row, 64 KiB of a cell,"
      + " 10,000 streams.",
    "RD0405": "A value of a manifest or a cell of a sheet is not one that its field takes.",
    "RD0406": "A time cannot be read, or lacks the time zone in which it is meant, or the zone is unknown.",
    "RD0407": "Two things have the same name, such as two streams. Which one would win is not defined.",
    "RD0408":
      "A name leads nowhere: a stream to correct or to leave out, an engine or a region that the manifest does not have.",
    "RD0410": "A stream lacks a value that its jobs need, or the manifest has no streams.",
    "RD0411": "No kind of job does what a stream asks for. It would not happen, so nothing is enqueued.",
    "RD0412":
      "Two streams would get map entries of the same name in one application, and the second would replace the first.",
    "RD0413": "Two streams share a bucket or a CDN target and want it differently. It can only be one way.",
    "RD0414":
      "An engine writes each object with a public ACL. A bucket with BucketOwnerEnforced, or one that blocks public"
      + " access, refuses such objects.",
    "RD0416": "There is no profile of this name in any of the folders that were looked at.",
    "RD0417":
      "The clocks of the time zone skip this time, or show it twice, because they are put forward or back that day.",
    "RD0418": "The manifest asks for a rollout in parts, and all jobs would be enqueued at once.",
  ]
}
