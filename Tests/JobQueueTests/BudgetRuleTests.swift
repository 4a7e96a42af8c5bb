import JobQueue
import JobQueueTestKit
import Testing

@Suite("The arithmetic of a budget")
struct BudgetRuleTests {
  private func at(_ seconds: Int) -> Timestamp { Timestamp(milliseconds: Int64(seconds) * 1000) }

  @Test(
    "a slot is the first moment at which the window has room for one more, those ahead served: as a count over all moments finds",
    arguments: 1...200)
  func againstCounting(seed: Int) {
    let random = SeededRandom(seed: UInt64(seed))
    let size = 1 + random.below(4)
    let window = 5 + random.below(10)
    let now = 100
    let ends = (0..<random.below(size + 3)).map { _ in now + 1 + random.below(window) }
    let ahead = random.below(9)
    // Second by second: whoever is next takes a unit as soon as fewer than `size` are held.
    var held = ends
    var moment = now
    var left = ahead
    while true {
      held.removeAll { $0 <= moment }
      if held.count < size {
        if left == 0 { break }
        left -= 1
        held.append(moment + window)
      } else {
        moment += 1
      }
    }
    let slot = BudgetRule.slot(
      ahead: ahead, ends: ends.map(at), size: size, window: .seconds(window), at: at(now))
    #expect(slot == at(moment), "seed \(seed): size \(size), window \(window), ends \(ends.sorted()), ahead \(ahead)")
  }

  @Test("units of others end evenly over the window, the first when the provider says, none after the window")
  func learned() {
    let window = Duration.seconds(100)
    #expect(BudgetRule.learnedEnds(0, window: window, requested: nil, at: at(0)) == [])
    #expect(BudgetRule.learnedEnds(3, window: window, requested: nil, at: at(0)) == [at(25), at(50), at(75)])
    #expect(BudgetRule.learnedEnds(3, window: window, requested: .seconds(60), at: at(0)) == [at(60), at(85), at(100)])
    #expect(BudgetRule.learnedEnds(1, window: window, requested: .seconds(999), at: at(0)) == [at(100)])
  }

  @Test(
    "of ours that ended just now the provider may count some still: tried again in seconds, each time twice as long")
  func late() {
    let window = Duration.seconds(100)
    var tries = [0]
    while let last = tries.last, tries.count < 5 {
      let ends = BudgetRule.learnedEnds(1, window: window, requested: nil, ours: [at(0)], at: at(last))
      let next = ends.compactMap { Int($0.milliseconds / 1000) }
      tries += next
    }
    #expect(tries == [0, 5, 15, 35, 75])
    // Half a window later it is no longer the likeliest cause.
    #expect(BudgetRule.learnedEnds(1, window: window, requested: nil, ours: [at(0)], at: at(75)) == [at(125)])
    // Ten that ended together are all tried again soon, not one by one over the window.
    let burst = (0..<10).map { Timestamp(milliseconds: Int64($0) * 100) }
    let ends = BudgetRule.learnedEnds(10, window: window, requested: nil, ours: burst, at: at(1))
    #expect(ends.allSatisfy { $0 <= at(7) } && ends.count == 10)
    // One of ours, and two of others.
    #expect(
      BudgetRule.learnedEnds(3, window: .seconds(90), requested: nil, ours: [at(0)], at: at(0))
        == [at(5), at(30), at(60)])
    // What the provider says is not hurried.
    #expect(BudgetRule.learnedEnds(1, window: window, requested: .seconds(60), ours: [at(0)], at: at(0)) == [at(60)])
  }

  @Test("a unit whose thing was made is free a window after that, and a second more")
  func made() {
    #expect(BudgetRule.end(madeBy: at(10), window: .seconds(100)) == at(111))
  }
}

@Suite("How long a gate is closed")
struct GateClosureTests {
  @Test("the base first, doubled by each probe that fails, up to a minute")
  func doubled() {
    let closure = GateClosure(base: .seconds(5), why: "down")
    #expect(
      [0, 1, 2, 3, 4, 5, 60].map { closure.duration(afterClosures: $0) }
        == [5, 5, 10, 20, 40, 60, 60].map { .seconds($0) })
  }

  @Test("a base above the cap stays, and what the other side asks for wins")
  func bounds() {
    #expect(GateClosure(base: .seconds(300), why: "").duration(afterClosures: 4) == .seconds(300))
    #expect(GateClosure(base: .seconds(5), requested: .seconds(90), why: "").duration(afterClosures: 9) == .seconds(90))
    #expect(GateClosure(base: .seconds(5), requested: .seconds(-3), why: "").duration(afterClosures: 1) == .zero)
  }
}
