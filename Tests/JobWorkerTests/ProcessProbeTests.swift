import Glibc
import JobQueue
import Testing

@testable import JobWorker

@Suite("Processes of this host")
struct ProcessProbeTests {
  private let probe = LinuxProcessProbe()

  private func record(pid: Int32, start: String) -> WorkerRecord {
    let moment = Timestamp(milliseconds: 0)
    return WorkerRecord(
      id: WorkerID("w"), host: probe.host, pid: pid, processStart: start, startedAt: moment, seenAt: moment, queues: [])
  }

  @Test("this process lives, and its host is named by machine, boot, process and time namespace")
  func alive() {
    #expect(probe.processID == getpid())
    #expect(probe.isAlive(record(pid: probe.processID, start: probe.processStart)))
    #expect(probe.host.split(separator: "/").count == 4)
    #expect(probe.host.contains("pid:["))
    #expect(probe.host.contains("time:["))
    #expect(probe.host == LinuxProcessProbe().host)
  }

  @Test("a process number that was used again is not taken for the process that had it before")
  func reused() {
    #expect(!probe.isAlive(record(pid: probe.processID, start: "1\(probe.processStart)")))
  }

  @Test("a record that does not say which process it was is left alone")
  func unknown() {
    #expect(probe.isAlive(record(pid: 0, start: "5")))
    #expect(probe.isAlive(record(pid: probe.processID, start: "")))
  }

  @Test("a worker of another host is left alone, also one whose number nobody has here")
  func elsewhere() {
    var other = record(pid: 0x3FFF_FFFF, start: "5")
    #expect(!probe.isAlive(other))
    other.host = "elsewhere"
    #expect(probe.isAlive(other))
  }

  @Test("a process whose first thread ended lives as long as another one does")
  func firstThreadEnded() {
    let between = (4...19).map(String.init).joined(separator: " ")
    #expect(ProcessStat("42 (a) Z \(between) 3 21 777 23")?.hasEnded == false)
    #expect(ProcessStat("42 (a) Z \(between) 1 21 777 23")?.hasEnded == true)
  }

  @Test("a process that ended is gone, both before and after its parent took notice")
  func ended() throws {
    var child: pid_t = 0
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
    defer { free(arguments[0]) }
    try #require(posix_spawn(&child, "/bin/true", nil, nil, &arguments, environ) == 0)
    var information = siginfo_t()
    try #require(waitid(P_PID, id_t(child), &information, WEXITED | WNOWAIT) == 0)
    let stat = try #require(ProcFile.read("/proc/\(child)/stat").flatMap(ProcessStat.init))
    #expect(stat.hasEnded)
    #expect(!probe.isAlive(record(pid: child, start: stat.start)))
    try #require(waitpid(child, nil, 0) == child)
    #expect(!probe.isAlive(record(pid: child, start: stat.start)))
  }

  @Test("a program's name with spaces and parentheses does not shift the fields")
  func hardName() {
    let rest = (4...21).map(String.init).joined(separator: " ")
    let stat = ProcessStat("42 (a) S (1 2 3) R \(rest) 777 23 24")
    #expect(stat?.start == "777")
    #expect(stat?.hasEnded == false)
    #expect(ProcessStat("42 (a) R 4 5") == nil)
    #expect(ProcessStat("") == nil)
  }
}
