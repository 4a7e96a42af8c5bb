import Testing

@testable import AWSClient

@Suite struct CRC32CTests {
  @Test("The check value of the reference comes out")
  func checkValue() {
    #expect(CRC32C("123456789".utf8).base64 == "4waSgw==")
    #expect(CRC32C(base64: "4waSgw==") == CRC32C(value: 0xe306_9283))
    #expect(CRC32C(base64: "4waSgw==-2") == nil)
  }

  @Test("Checksums of two pieces combine to the checksum of the whole, wherever it is cut")
  func combine() {
    let bytes = (0..<1021).map { UInt8(truncatingIfNeeded: $0 * 131 + $0 / 7) }
    let whole = CRC32C(bytes)
    for cut in 0...bytes.count {
      let first = CRC32C(bytes[..<cut])
      let second = CRC32C(bytes[cut...])
      #expect(CRC32C.combine(first, second, secondLength: Int64(bytes.count - cut)) == whole)
    }
  }
}
