/// Errors in sheets and manifests.
enum ManifestExplanations {
  /// By code.
  static let texts: [String: String] = [
    "RD0401":
      "The sheet is not text in UTF-8 or in UTF-16 as spreadsheets save it. A workbook (.xlsx) is not CSV.",
    "RD0402":
      "Quotes in the sheet do not match, so it is unclear where a cell ends. Double any quote inside a quoted cell.",
    "RD0403":
      "The sheet's header and its rows do not match: an unknown or repeated column, a cell without a column, or a row"
      + " without a stream.",
    "RD0404":
      "The sheet or the manifest exceeds a limit: 16 MiB, 20,000 rows, 512 cells in a row, 64 KiB in a cell, 10,000"
      + " streams.",
    "RD0405": "A value in a manifest or a cell in a sheet is not valid for its field.",
    "RD0406": "A time is not valid, or has no time zone, or the time zone is unknown.",
    "RD0407": "Two things have the same name, such as two streams, so it is unclear which one is meant.",
    "RD0408":
      "A name refers to nothing: a stream to change or exclude, an engine or a region that the manifest does not have.",
    "RD0410": "A stream lacks a value that its jobs need, or the manifest has no streams.",
    "RD0411": "No job kind can do what a stream asks for, so nothing is enqueued.",
    "RD0412":
      "Two streams would get map entries with the same name in one application, and the second would replace the first.",
    "RD0413": "Two streams share a bucket or a CDN target but set it up differently.",
    "RD0414":
      "Engines write each object with a public ACL. A bucket with BucketOwnerEnforced, or one that blocks public access,"
      + " refuses such objects.",
    "RD0416": "There is no profile with this name in any of the folders that were searched.",
    "RD0417":
      "The time does not exist or occurs twice in its time zone, because clocks go forward or back that day.",
    "RD0430":
      "A plan needs to ask the providers, but no connection is configured. apply --dry-run expands a manifest without asking.",
    "RD0431":
      "A provider could not be asked what exists there, so the plan is incomplete; the message says why.",
    "RD0432":
      "A resource exists and differs from the manifest but may not be changed (onExisting), or something is in its way, such"
      + " as an application that the engine does not have. Its job would end without changing anything.",
    "RD0433": "The saved plan is damaged, or was made by another version of this program. Run plan again.",
    "RD0434":
      "Something changed since the plan was saved: a manifest file, a resource at a provider, the inventory or the queue."
      + " Nothing was enqueued; run plan again and check what is different.",
    "RD0440": "This cannot be the name of a schedule.",
    "RD0441": "All times of the schedule have passed already, so nothing would ever happen.",
    "RD0442": "The time zone is unknown, or its rules cannot be read on this machine.",
    "RD0443": "The job starts something that goes on, so somebody has to say when it ends.",
    "RD0444": "The cron expression cannot be read.",
    "RD0445": "The schedule has several events, so the command must name one.",
    "RD0438": "The check of an earlier wave stopped the rollout of this manifest, and its later waves still wait.",
    "RD0435": "A saved plan is applied exactly as it is, so it cannot be combined with other options.",
    "RD0421": "A file with this name exists already, and the command does not overwrite files.",
    "RD0422": "The inventory has no such stream, or no stream has the given labels.",
    "RD0423": "No batch has this name. A batch holds the jobs that one rundown apply or one job file enqueued.",
  ]
}
