import Testing

@testable import StreamingJobs

@Suite("A file is cut into parts the same way each time") struct PartPlanTests {
  private static let mebibyte: Int64 = 1 << 20

  @Test("no bytes make no parts")
  func empty() {
    #expect(PartPlan(size: 0, partSize: 16 * Self.mebibyte).parts.isEmpty)
  }

  @Test(
    "the last part holds what is left",
    arguments: [(16, 0, 1), (16, 1, 2), (32, -1, 2), (32, 0, 2), (32, 1, 3), (0, 1, 1)] as [(Int64, Int64, Int)])
  func edges(mebibytes: Int64, more: Int64, count: Int) {
    let size = mebibytes * Self.mebibyte + more
    let plan = PartPlan(size: size, partSize: 16 * Self.mebibyte)
    #expect(plan.parts.count == count)
    expectWhole(plan, size)
  }

  @Test(
    "files too large for 10,000 parts of the wanted size get larger parts, within S3's limits",
    arguments: [160_000, 160_001, 1 << 20, 5 << 20, 50_000_000] as [Int64])
  func huge(mebibytes: Int64) throws {
    let size = mebibytes * Self.mebibyte + 7
    let plan = PartPlan(size: size, partSize: 16 * Self.mebibyte)
    #expect(plan.parts.count <= 10_000)
    // Whole mebibytes, so that offsets are those of disks.
    #expect(
      plan.parts.dropLast().allSatisfy { $0.length.isMultiple(of: Self.mebibyte) && $0.length >= 16 * Self.mebibyte })
    #expect(try #require(plan.parts.map(\.length).max()) <= 5 << 30)
    expectWhole(plan, size)
  }

  @Test("exactly 10,000 parts of the wanted size are kept")
  func most() {
    #expect(PartPlan(size: 160_000 * Self.mebibyte, partSize: 16 * Self.mebibyte).parts.count == 10_000)
  }

  @Test(
    "at a server of one's own 1,000 parts do, where nobody says otherwise",
    arguments: [16, 16_000, 16_001, 160_000, 1 << 20] as [Int64])
  func ownServer(mebibytes: Int64) {
    let size = mebibytes * Self.mebibyte + 7
    let own = PartPlan(size: size, partSize: PartPlan.usualSize(of: size, ownServer: true))
    #expect(own.parts.count <= 1_000)
    expectWhole(own, size)
    #expect(PartPlan.usualSize(of: size, ownServer: false) == 16 * Self.mebibyte)
    #expect((PartPlan.usualSize(of: size, ownServer: true) == 16 * Self.mebibyte) == (mebibytes < 16_000))
  }

  private func expectWhole(_ plan: PartPlan, _ size: Int64) {
    var end: Int64 = 0
    for (index, part) in plan.parts.enumerated() {
      #expect(part.number == index + 1)
      #expect(part.offset == end)
      #expect(part.length > 0)
      end += part.length
    }
    #expect(end == size)
  }
}
