import Testing

@testable import AWSClient

@Suite struct AWSRegionTests {
  @Test(
    "A region's partition decides how its resources are named and where its services are",
    arguments: [
      ("eu-central-1", "aws", "amazonaws.com"), ("us-east-1", "aws", "amazonaws.com"),
      ("cn-northwest-1", "aws-cn", "amazonaws.com.cn"), ("us-gov-east-1", "aws-us-gov", "amazonaws.com"),
      ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"), ("us-iso-east-1", "aws-iso", "c2s.ic.gov"),
      ("us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"), ("eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk"),
      ("us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov"),
    ])
  func partitions(region: String, partition: String, domain: String) {
    let endpoint = S3Endpoint.aws(region: region)
    #expect(endpoint.partition == partition)
    #expect(endpoint.url(bucket: "b", key: "k", region: region) == "https://b.s3.\(region).\(domain)/k")
    #expect(S3URL.bucket("b", region: region) == "https://b.s3.\(region).\(domain)")
    #expect(STSEndpoint.aws(region: region).url == "https://sts.\(region).\(domain)/")
  }

  @Test("A server of one's own knows the common partition only, whatever its region is called")
  func ownServer() {
    #expect(S3Endpoint.own("http://h:1", region: "cn-north-1").partition == "aws")
  }

  @Test(
    "A slip is told from a region that is newer than this program, and what was meant is said",
    arguments: [
      ("eu-central-1", AWSRegion.Standing.known), ("us-isof-south-1", .known), ("eusc-de-east-1", .known),
      ("eu-centrl-1", .wrong(nearest: "eu-central-1")), ("eu-cetnral-1", .wrong(nearest: "eu-central-1")),
      ("us-wset-2", .wrong(nearest: "us-west-2")), ("ue-central-1", .wrong(nearest: "eu-central-1")),
      ("us-gov-wst-1", .wrong(nearest: "us-gov-west-1")), ("eu-west1", .wrong(nearest: "eu-west-1")),
      ("eu-central-1a", .wrong(nearest: "eu-central-1")), ("EU-CENTRAL-1", .wrong(nearest: "eu-central-1")),
      ("eu-central-99", .wrong(nearest: "eu-central-1")), ("middle", .wrong(nearest: nil)),
      ("eu-central-3", .unknown(nearest: "eu-central-1")), ("ap-southeast-8", .unknown(nearest: "ap-southeast-1")),
      ("eu-northeast-1", .unknown(nearest: "ap-northeast-1")), ("nz-north-1", .unknown(nearest: "cn-north-1")),
      ("xx-somewhere-1", .unknown(nearest: nil)),
    ])
  func standing(name: String, standing: AWSRegion.Standing) {
    #expect(AWSRegion.standing(of: name) == standing)
  }

  @Test("The list of regions names each once, in the form that regions have", arguments: AWSRegion.known)
  func list(name: String) {
    #expect(AWSRegion.canBeOfAWS(name))
    #expect(AWSRegion.known.count { $0 == name } == 1)
  }
}
