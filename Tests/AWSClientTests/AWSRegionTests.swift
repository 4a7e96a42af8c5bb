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
}
