using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Millrace.Devices.Policies;
using static Millrace.Tests.Devices.SomePolicy;

namespace Millrace.Tests.Devices;

public sealed class PolicyEvaluationTests
{
    private const string Thing = "${iot:Connection.Thing.ThingName}";

    private static readonly RequestContext Thing1 = new() { ClientId = "thing1", Things = ["thing1"], SourceIp = IPAddress.Parse("192.0.2.7") };
    private static readonly RequestContext Other = Thing1 with { ClientId = "other" };

    /// <summary>The matrix of AWS's examples.</summary>
    [Theory]
    [InlineData("thing1", "Connect", "thing1", true)]
    [InlineData("thing1", "Publish", "thing1/foo", true)]
    [InlineData("thing1", "Publish", "thing1/bar", false)]
    [InlineData("thing1", "Publish", "thing2/foo", false)]
    [InlineData("other", "Connect", "other", false)]
    [InlineData("other", "Publish", "other/foo", false)]
    [InlineData("thing1", "Subscribe", "thing1/room1", true)]
    [InlineData("thing1", "Subscribe", "thing1/hall", false)]
    [InlineData("thing1", "Receive", "thing1/room1", true)]
    [InlineData("thing1", "Receive", "thing1/hall", false)]
    [InlineData("thing1", "RetainPublish", "thing1/foo", false)]
    public void A_thing_does_what_its_policy_says(string clientId, string action, string name, bool allowed)
    {
        var policy = Of(
            Statement("Allow", "Connect", $"client/{Thing}"),
            Statement("Allow", "Publish", $"topic/{Thing}/*"),
            Statement("Deny", "Publish", $"topic/{Thing}/bar"),
            Statement("Allow", "Subscribe", $"topicfilter/{Thing}/room*"),
            Statement("Allow", "Receive", $"topic/{Thing}/room*"));
        Assert.Equal(allowed, policy.Allows(Enum.Parse<PolicyActions>(action), name, clientId == "thing1" ? Thing1 : Other));
    }

    [Fact]
    public void Deny_wins_wherever_it_stands()
    {
        Assert.False(Of(Statement("Deny", "*", "topic/secret"), Statement("Allow", "*", "*")).Allows(PolicyActions.Publish, "secret", Thing1));
        Assert.False(Of(Statement("Allow", "*", "*"), Statement("Deny", "P*", "topic/s?cret")).Allows(PolicyActions.Publish, "secret", Thing1));
        Assert.True(Of(Statement("Allow", "*", "*"), Statement("Deny", "Subscribe", "topic/secret")).Allows(PolicyActions.Publish, "secret", Thing1));
    }

    [Theory]
    [InlineData("topicfilter/some/+/topic", "some/+/topic", true)]
    [InlineData("topicfilter/some/+/topic", "some/x/topic", false)]
    [InlineData("topicfilter/a/#", "a/#", true)]
    [InlineData("topicfilter/a/#", "a/b", false)]
    [InlineData("topicfilter/a/*", "a/#", true)]
    [InlineData("topic/a/*", "a/b", false)]
    [InlineData("*", "a/#", true)]
    [InlineData("t*", "a/#", true)]
    [InlineData("topic*/a", "x/a", true)]
    [InlineData("topic?ilter/a", "a", true)]
    public void A_filter_is_a_text_and_its_wildcards_are_letters(string resource, string filter, bool allowed) =>
        Assert.Equal(allowed, Of(Statement("Allow", "Subscribe", resource)).Allows(PolicyActions.Subscribe, filter, Thing1));

    [Fact]
    public void Basic_ingest_is_a_topic_like_any()
    {
        var policy = Of(Statement("Allow", "Publish", "topic/$aws/rules/cars/*"));
        Assert.True(policy.Allows(PolicyActions.Publish, "$aws/rules/cars/vin1", Thing1));
        Assert.False(policy.Allows(PolicyActions.Publish, "$aws/rules/homes/vin1", Thing1));
    }

    [Fact]
    public void What_a_client_calls_itself_is_no_wildcard()
    {
        var policy = Of(Statement("Allow", "Publish", "topic/${iot:ClientId}/x"));
        Assert.False(policy.Allows(PolicyActions.Publish, "a/x", Thing1 with { ClientId = "*" }));
        Assert.True(policy.Allows(PolicyActions.Publish, "*/x", Thing1 with { ClientId = "*" }));
        Assert.False(policy.Allows(PolicyActions.Publish, new string('a', 2000) + "/x", Thing1 with { ClientId = new string('a', 2000) }));
    }

    [Theory]
    [InlineData("""{"StringEquals":{"iot:ClientId":["x","thing1"]}}""", true)]
    [InlineData("""{"StringEquals":{"iot:ClientId":"THING1"}}""", false)]
    [InlineData("""{"StringEqualsIgnoreCase":{"iot:ClientId":"THING1"}}""", true)]
    [InlineData("""{"StringNotEquals":{"iot:ClientId":["x","thing1"]}}""", false)]
    [InlineData("""{"StringNotEquals":{"iot:ClientId":["x","y"]}}""", true)]
    [InlineData("""{"StringEquals":{"iot:ClientId":"thing*"}}""", false)]
    [InlineData("""{"StringLike":{"iot:ClientId":"thing?"}}""", true)]
    [InlineData("""{"StringNotLike":{"iot:ClientId":"t*"}}""", false)]
    [InlineData("""{"StringEquals":{"IOT:clientid":"${iot:Connection.Thing.ThingName}"}}""", true)]
    [InlineData("""{"StringEquals":{"iot:Certificate.Subject.CommonName":"x"}}""", false)]
    [InlineData("""{"StringNotEquals":{"iot:Certificate.Subject.CommonName":"x"}}""", true)]
    [InlineData("""{"StringNotEquals":{"iot:ClientId":"${iot:Certificate.Subject.CommonName}"}}""", false)]
    [InlineData("""{"Bool":{"iot:Connection.Thing.IsAttached":["true"]}}""", true)]
    [InlineData("""{"Bool":{"iot:Connection.Thing.IsAttached":false}}""", false)]
    [InlineData("""{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}""", true)]
    [InlineData("""{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","192.0.2.8","2001:db8::/32"]}}""", false)]
    [InlineData("""{"NotIpAddress":{"aws:SourceIp":"192.0.2.7"}}""", false)]
    [InlineData("""{"NotIpAddress":{"aws:SourceIp":"2001:db8::/32"}}""", true)]
    [InlineData("""{"StringLike":{"iot:ClientId":"thing*"},"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}""", false)]
    public void A_condition_holds_or_not(string condition, bool allowed) =>
        Assert.Equal(allowed, Of(Statement("Allow", "Publish", "topic/a", condition)).Allows(PolicyActions.Publish, "a", Thing1));

    [Theory]
    [InlineData("ForAllValues:StringEquals", "PersistentConnect", "PersistentConnect", true)]
    [InlineData("ForAllValues:StringEquals", "PersistentConnect", "PersistentConnect LastWill", false)]
    [InlineData("ForAllValues:StringEquals", "PersistentConnect", "", true)]
    [InlineData("ForAnyValue:StringEquals", "PersistentConnect", "PersistentConnect LastWill", true)]
    [InlineData("ForAnyValue:StringEquals", "PersistentConnect", "", false)]
    [InlineData("ForAllValues:StringNotEquals", "LastWill", "PersistentConnect", true)]
    [InlineData("ForAllValues:StringNotEquals", "LastWill", "PersistentConnect LastWill", false)]
    [InlineData("ForAnyValue:StringLike", "Last*", "LastWill", true)]
    public void Connect_attributes_are_a_set(string compare, string value, string attributes, bool allowed)
    {
        var policy = Of(Statement("Allow", "Connect", "client/*", $$$"""{"{{{compare}}}":{"iot:ConnectAttributes":["{{{value}}}"]}}"""));
        var context = Thing1 with { ConnectAttributes = attributes.Split(' ', StringSplitOptions.RemoveEmptyEntries) };
        Assert.Equal(allowed, policy.Allows(PolicyActions.Connect, "thing1", context));
    }

    [Theory]
    [InlineData("Subject.CommonName", "unit-7")]
    [InlineData("Subject.Organization", "Rivers")]
    [InlineData("Subject.OrganizationalUnit", "first")]
    [InlineData("Subject.OrganizationalUnit.List.0", "first")]
    [InlineData("Subject.OrganizationalUnit.List.1", "second")]
    [InlineData("Subject.OrganizationalUnit.List.2", null)]
    [InlineData("Subject.Country", "AT")]
    [InlineData("Subject.State", null)]
    [InlineData("Issuer.CommonName", "unit-7")]
    [InlineData("SubjectAlternativeName.DNSName", "unit7.example.com")]
    [InlineData("SubjectAlternativeName.IPAddress", "192.0.2.9")]
    [InlineData("SubjectAlternativeName.RFC822Name", "unit7@example.com")]
    [InlineData("SubjectAlternativeName.UniformResourceIdentifier", "urn:unit:7")]
    [InlineData("SubjectAlternativeName.DirectoryName", null)]
    [InlineData("SerialNumber", "0102")]
    public void Variables_of_the_certificate_have_its_values(string name, string? value)
    {
        var context = Thing1 with { Certificate = new CertificateNames(SomeCertificate()) };
        var policy = Of(Statement("Allow", "Publish", $$"""topic/c/${iot:Certificate.{{name}}}"""));
        Assert.Equal(value is not null, policy.Allows(PolicyActions.Publish, "c/" + value, context));
        Assert.False(policy.Allows(PolicyActions.Publish, "c/" + value, Thing1));
    }

    [Fact]
    public void A_certificate_with_a_broken_extension_has_no_names_in_it()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[][] all = [[0x30, 0x02, 0x82, 0x05], [0x30, 0x03, 0x84, 0x01, 0x00], [0x30, 0x04, 0x87, 0x02, 1, 2], [0x30, 0x03, 0x82, 0x01, 0xFF]];
        foreach (var broken in all)
        {
            var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509Extension("2.5.29.17", broken, critical: false));
            using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));
            var names = new CertificateNames(certificate);
            Assert.Equal(["x"], names.Values("Subject.CommonName"));
            Assert.Empty(names.Values("SubjectAlternativeName.DNSName"));
        }
    }

    [Fact]
    public void A_decision_names_the_statement_and_what_was_passed_over()
    {
        var policy = Of(
            """{"Sid":"Own","Effect":"Allow","Action":"iot:Publish","Resource":"arn:aws:iot:*:*:topic/${iot:Connection.Thing.ThingName}/*"}""",
            Statement("Allow", "Publish", "topic/shared"),
            Statement("Deny", "Publish", "topic/*/bar"));
        var allowed = PolicyEvaluation.Decide([("p", policy)], PolicyActions.Publish, "thing1/foo", Thing1);
        Assert.Equal((true, "p", 0, "Own"), (allowed.IsAllowed, allowed.Policy, allowed.Statement, allowed.Sid));
        Assert.Equal("policy p, statement 0 (Own) allows it", allowed.Why);

        var denied = PolicyEvaluation.Decide([("p", policy)], PolicyActions.Publish, "thing1/bar", Thing1);
        Assert.Equal((false, 2, "policy p, statement 2 denies it"), (denied.IsAllowed, denied.Statement, denied.Why));

        var none = PolicyEvaluation.Decide([("p", policy)], PolicyActions.Publish, "x/foo", Other);
        Assert.Equal((false, null, "no statement allows iot:Publish on topic/x/foo"), (none.IsAllowed, none.Policy, none.Why));
        Assert.Equal(
            [
                "policy p, statement 0 (Own): the variable iot:Connection.Thing.ThingName has no value for this client",
                "policy p, statement 1: no resource of it fits",
                "policy p, statement 2: no resource of it fits",
            ],
            none.PassedOver);
    }

    private static X509Certificate2 SomeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedNameBuilder();
        name.AddCountryOrRegion("AT");
        name.AddOrganizationName("Rivers");
        // The builder writes what was added last first.
        name.AddOrganizationalUnitName("second");
        name.AddOrganizationalUnitName("first");
        name.AddCommonName("unit-7");
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        alternatives.AddDnsName("unit7.example.com");
        alternatives.AddIpAddress(IPAddress.Parse("192.0.2.9"));
        alternatives.AddEmailAddress("unit7@example.com");
        alternatives.AddUri(new Uri("urn:unit:7"));
        alternatives.AddUserPrincipalName("passed over");
        request.CertificateExtensions.Add(alternatives.Build());
        return request.Create(
            request.SubjectName, X509SignatureGenerator.CreateForECDsa(key), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1), [1, 2]);
    }
}
