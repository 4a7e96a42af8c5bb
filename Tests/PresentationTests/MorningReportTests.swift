import JobQueue
import StreamingJobs
import Testing

@testable import Presentation

@Suite("What the morning report and the results show")
struct MorningReportTests {
  @Test("jobs that stopped for one cause are one line: how many, of what, since when, and what to do")
  func causes() {
    let denied = (1...37).map { number in
      var job = Screens.job(Int64(number), .dead, "upload-recording", nil, failure: Screens.denied)
      job.lastFailure?.message = "PutObject example/match-\(number).mp4: 403 Access Denied"
      job.finishedAt = Screens.ago(100 * number)
      return job
    }
    let held = Screens.job(50, .held, "k", nil, wait: "port 8087 belongs to nobody", failure: Screens.denied)
    let alike = Screens.job(51, .held, "k", nil, wait: "port 8088 belongs to nobody")
    let causes = JobCause.grouped([held] + denied + [alike])
    #expect(causes.map(\.jobs.count) == [37, 2])
    let text = JobCauses.rendered(causes, times: Screens.times, for: Screens.terminal(0))
    #expect(text.hasPrefix("37 x AccessDenied on PutObject, dead, first 00:58:20Z, last 01:58:20Z\n"), "\(text)")
    #expect(text.contains("fix: let the user ingest put objects into example-vod"))
    #expect(text.contains("upload-recording: 1 2 3 4 5 6 7 8 and 29 more"))
    #expect(causes[1].code == nil && causes[1].example == "port 8087 belongs to nobody")
  }

  @Test("columns are those of the job, of its result and of its parameters, however they are spelt")
  func columns() throws {
    var job = Screens.job(7, .completed, "k", "key:a")
    job.payload = #"{"bucket":"b","key":"wanted.mp4","parts":"p"}"#
    job.output =
      #"{"playbackURL":"https://example.com/x.m3u8","id":"target-1","key":"stored.mp4","verified":["size","crc"]}"#
    let columns = try JobColumns(
      "id,playback-url,KEY,target-id,parameter.key,bucket,label.event,finishedAt,verified,size")
    let cells = columns.cells(job, [], moment: TimeText.exact)
    #expect(
      cells == [
        "7", "https://example.com/x.m3u8", "stored.mp4", "target-1", "wanted.mp4", "b", "cup",
        TimeText.exact(Screens.ago(60)), "size, crc", "",
      ])
    #expect(columns.titles[1] == "playbackURL" && columns.titles[3] == "targetID")
    #expect(throws: JobColumns.Unknown.self) { try JobColumns("id,playbackURI9999") }
    do throws(JobColumns.Unknown) {
      _ = try JobColumns("statee")
    } catch {
      #expect(error.nearest == "state")
    }
  }

  @Test("an upload is so many parts, bytes, a speed and a time left; the speed is that of the last minute")
  func progress() {
    var meter = ProgressMeter()
    let job = Screens.job(3, .running, "k", "object:media:b:a.mp4")
    func sentence(_ parts: Int, at second: Int) -> String {
      meter.sentence(
        on: job, JobProgress(parts: parts, allParts: 100, bytes: Int64(parts) << 24, allBytes: 100 << 24),
        at: Screens.now + .seconds(second))
    }
    #expect(sentence(10, at: 0) == "job 3 k media:b:a.mp4: 10 of 100 parts, 160 MiB of 1.5 GiB")
    #expect(sentence(20, at: 10).hasSuffix("20 of 100 parts, 320 MiB of 1.5 GiB, 16 MiB/s, 1m20s left"))
    #expect(sentence(50, at: 70).hasSuffix(", 8 MiB/s, 1m40s left"))
  }

  @Test("sizes have three digits", arguments: [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (1 << 40, "1 TiB")])
  func sizes(bytes: Int, text: String) { #expect(ByteText.of(Int64(bytes)) == text) }

  @Test("ready jobs without a worker are reported, with the worker that died and when")
  func workers() {
    let status = Screens.status
    #expect(
      Screens.report.warnings(Screens.times) == [
        "worker venue-4-977-zz81hd0a died; last heard from at 01:53:08Z (6m52s ago)",
        "no running worker serves queue uploads, where 2 jobs are ready: start one with rundown worker --queues uploads",
      ])
    let nobody = WorkerReport(status) { _ in false }
    #expect(
      nobody.warnings(of: ["engines"], Screens.times).last?.hasPrefix("1240 jobs are ready, and no worker") == true)
    #expect(nobody.warnings(of: ["wowza-video"], Screens.times) == [])
    #expect(WorkerReport(status) { _ in true }.warnings(Screens.times) == [])
  }

  @Test("wait counts what was asked for, and says what will not come")
  func wait() {
    let jobs = [
      Screens.job(1, .completed, "k", nil), Screens.job(2, .dead, "k", nil), Screens.job(3, .blocked, "k", nil),
      Screens.job(4, .running, "k", nil),
    ]
    let view = WaitView(jobs, stuck: [JobID(3)], wanted: .completed)
    #expect(view.summary == "1 of 4 completed, 1 dead, 1 blocked until an operator acts")
    #expect(view.lost == [2, 3] && !view.isDecided)
    #expect(view.scope?.hasPrefix("waiting for all 4 jobs in the queue, including those that ended earlier") == true)
    #expect(WaitView([jobs[0]], stuck: [], wanted: .completed).scope == nil)
  }
}
