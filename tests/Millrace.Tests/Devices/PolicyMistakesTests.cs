using Millrace.Devices.Policies;

namespace Millrace.Tests.Devices;

public sealed class PolicyMistakesTests
{
    private const string Arn = "arn:aws:iot:*:*:topic/a";

    [Theory]
    [InlineData("", "policy", "not JSON")]
    [InlineData("nonsense", "policy", "not JSON")]
    [InlineData("[]", "policy", "must be an object")]
    [InlineData("""{"Version":"2012-10-17","Version":"2012-10-17"}""", "policy", "not JSON")]
    [InlineData("""{"Version":"2012-10-17","Statement":[[[[[[[[[[]]]]]]]]]]}""", "policy", "not JSON")]
    [InlineData("""{"Version":"2012-10-17","Statement":[{"Effect":"\ud800"}]}""", "policy", "not Unicode")]
    [InlineData("""{"Version":"2008-10-17","Statement":[]}""", "Version", "must be \"2012-10-17\"")]
    [InlineData("""{"Statement":[]}""", "Version", "is missing")]
    [InlineData("""{"Version":"2012-10-17"}""", "Statement", "is missing")]
    [InlineData("""{"Version":"2012-10-17","Statement":[]}""", "Statement", "at least one")]
    [InlineData("""{"Version":"2012-10-17","Statement":"x"}""", "Statement", "at least one")]
    [InlineData("""{"Version":"2012-10-17","Statement":[1]}""", "Statement[0]", "must be an object")]
    [InlineData("""{"Version":"2012-10-17","Statements":[]}""", "Statements", "is unknown")]
    public void A_document_that_is_none_is_refused_with_the_place(string text, string where, string what) => Refused(text, where, what);

    [Theory]
    [InlineData("""{"Action":"iot:Publish","Resource":"*"}""", "Statement[0].Effect", "is missing")]
    [InlineData("""{"Effect":"allow","Action":"iot:Publish","Resource":"*"}""", "Statement[0].Effect", "Allow or Deny")]
    [InlineData("""{"Effect":"Allow","Resource":"*"}""", "Statement[0].Action", "is missing")]
    [InlineData("""{"Effect":"Allow","Action":[],"Resource":"*"}""", "Statement[0].Action", "at least one")]
    [InlineData("""{"Effect":"Allow","Action":["iot:Publish","iot:Publsh"],"Resource":"*"}""", "Statement[0].Action[1]", "'iot:Publsh' is no action")]
    [InlineData("""{"Effect":"Allow","Action":"s3:*","Resource":"*"}""", "Statement[0].Action", "is no action")]
    [InlineData("""{"Effect":"Allow","Action":3,"Resource":"*"}""", "Statement[0].Action", "must be a text")]
    [InlineData("""{"Effect":"Allow","Action":"iot:*"}""", "Statement[0].Resource", "is missing")]
    [InlineData("""{"Effect":"Allow","Action":"iot:*","Resource":"topic/a"}""", "Statement[0].Resource", "must be * or arn:aws:iot:")]
    [InlineData("""{"Effect":"Allow","Action":"iot:*","Resource":"arn:aws:s3:::bucket"}""", "Statement[0].Resource", "must be * or arn:aws:iot:")]
    [InlineData("""{"Effect":"Allow","Action":"iot:*","Resource":"arn:aws:sqs:x:1:queue"}""", "Statement[0].Resource", "is a resource of sqs")]
    [InlineData("""{"Effect":"Allow","Action":"iot:*","Resource":"arn:aws:iot:x:1:topics/a"}""", "Statement[0].Resource", "'topics' is no kind of resource")]
    [InlineData("""{"Effect":"Allow","Action":"iot:*","Resource":"arn:aws:iot:x:1:topic/"}""", "Statement[0].Resource", "followed by a name")]
    [InlineData("""{"Effect":"Allow","Action":"iot:*","Resource":"arn:aws:iot:x:1:topic/${iot:Client}"}""", "Statement[0].Resource", "'iot:Client' is unknown")]
    [InlineData("""{"Effect":"Allow","Action":"iot:*","Resource":"arn:aws:iot:x:1:topic/${iot:ClientId"}""", "Statement[0].Resource", "no '}'")]
    [InlineData("""{"Effect":"Allow","Action":"iot:*","Resource":"arn:aws:iot:::client/a"}""", "Statement[0].Resource", "must be * or arn")]
    [InlineData("""{"Effect":"Allow","Action":"iot:*","Resource":"arn:aws:iot:*:*:t/a"}""", "Statement[0].Resource", "'t' is no kind of resource")]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"arn:aws:iot:x:1:topic/${iot:ConnectAttributes}"}""", "Statement[0].Resource", "several values")]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"arn:a:iot:x:1:t*/${iot:Connection.Thing.ThingTypeName}"}""", "Statement[0].Resource", "no type")]
    [InlineData("""{"Effect":"Allow","NotAction":"iot:*","Resource":"*"}""", "Statement[0].NotAction", "not supported")]
    [InlineData("""{"Effect":"Allow","Action":"iot:*","NotResource":"*"}""", "Statement[0].NotResource", "not supported")]
    [InlineData("""{"Effect":"Allow","Action":"iot:*","Resource":"*","Principal":"*"}""", "Statement[0].Principal", "no place here")]
    [InlineData("""{"Effect":"Allow","Action":"iot:*","Resource":"*","Conditions":{}}""", "Statement[0].Conditions", "is unknown")]
    public void A_statement_that_is_wrong_is_refused_with_the_place(string statement, string where, string what) =>
        Refused($$"""{"Version":"2012-10-17","Statement":[{{statement}}]}""", where, what);

    [Theory]
    [InlineData("""{}""", "", "must be an object")]
    [InlineData("""{"StringEqual":{"iot:ClientId":"a"}}""", ".StringEqual", "no condition operator")]
    [InlineData("""{"StringEqualsIfExists":{"iot:ClientId":"a"}}""", ".StringEqualsIfExists", "no condition operator")]
    [InlineData("""{"ForAnyValue:Bool":{"iot:ClientId":"a"}}""", ".ForAnyValue:Bool", "no condition operator")]
    [InlineData("""{"DateGreaterThan":{"aws:CurrentTime":"2025-01-01T00:00:00Z"}}""", ".DateGreaterThan", "no condition operator")]
    [InlineData("""{"StringEquals":{"iot:Domain":"a"}}""", ".StringEquals.iot:Domain", "'iot:Domain' is unknown")]
    [InlineData("""{"StringEquals":{"iot:ClientId":[]}}""", ".StringEquals.iot:ClientId", "at least one")]
    [InlineData("""{"StringEquals":{"iot:ClientId":{}}}""", ".StringEquals.iot:ClientId", "must be a text")]
    [InlineData("""{"StringEquals":{"iot:ConnectAttributes":"LastWill"}}""", ".StringEquals.iot:ConnectAttributes", "ForAllValues:StringEquals")]
    [InlineData("""{"StringEquals":{"aws:SourceIp":"10.0.0.1"}}""", ".StringEquals.aws:SourceIp", "compared by IpAddress")]
    [InlineData("""{"IpAddress":{"iot:ClientId":"10.0.0.1"}}""", ".IpAddress.iot:ClientId", "nothing else")]
    [InlineData("""{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","10.0.0.0/33"]}}""", ".IpAddress.aws:SourceIp[1]", "no address and no network")]
    [InlineData("""{"IpAddress":{"aws:SourceIp":"here"}}""", ".IpAddress.aws:SourceIp", "no address and no network")]
    [InlineData("""{"Bool":{"iot:Connection.Thing.IsAttached":"maybe"}}""", ".Bool.iot:Connection.Thing.IsAttached", "true or false")]
    [InlineData("""{"Bool":{"iot:ClientId":"true"}}""", ".Bool.iot:ClientId", "nothing else")]
    [InlineData("""{"StringEquals":{"iot:ClientId":["a","${nobody}"]}}""", ".StringEquals.iot:ClientId[1]", "'nobody' is unknown")]
    public void A_condition_that_is_wrong_is_refused_with_the_place(string condition, string where, string what) =>
        Refused(
            $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"{{Arn}}","Condition":{{condition}}}]}""",
            "Statement[0].Condition" + where, what);

    [Fact]
    public void All_mistakes_are_told_at_once_and_not_without_end()
    {
        Assert.False(PolicyDocument.TryParse("""{"Statement":[{"Effect":"x","Action":"y","Resource":"z"},{"Sid":1}]}""", out _, out var problems));
        Assert.Equal(
            [
                "Version", "Statement[0].Effect", "Statement[0].Action", "Statement[0].Resource",
                "Statement[1].Sid", "Statement[1].Effect", "Statement[1].Action", "Statement[1].Resource",
            ],
            problems.Select(static p => p.Where));

        var many = string.Join(',', Enumerable.Repeat("\"x\"", 5000));
        var text = $$$"""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":[{{{many}}}],"Resource":"*"}}""";
        Assert.False(PolicyDocument.TryParse(text, out _, out problems));
        Assert.Equal(100, problems.Count);
    }

    [Fact]
    public void A_document_beyond_the_limit_is_refused() => Refused(new string(' ', PolicyDocument.MaxLength + 1), "policy", "longer than 32768");

    [Fact]
    public void Cut_and_scrambled_documents_are_refused_or_taken_and_never_thrown_at()
    {
        var random = new Random(20_250_604);
        var text = BuiltInPolicies.Texts["device"] + """{"IpAddress":{"aws:SourceIp":"1.2.3.4/8"},"Bool":{"iot:Connection.Thing.IsAttached":"x"}}""";
        for (var i = 0; i < 5_000; i++)
        {
            var scrambled = text[..random.Next(text.Length)].ToCharArray();
            for (var changes = random.Next(4); changes > 0 && scrambled.Length > 0; changes--)
                scrambled[random.Next(scrambled.Length)] = random.Next(4) == 0 ? (char)random.Next(65536) : text[random.Next(text.Length)];
            _ = PolicyDocument.TryParse(new string(scrambled), out _, out _);
        }
    }

    [Fact]
    public void The_built_in_policies_are_right()
    {
        foreach (var (name, text) in BuiltInPolicies.Texts) Assert.NotEmpty(PolicyDocument.Parse(name, text).Statements);
    }

    private static void Refused(string text, string where, string what)
    {
        Assert.False(PolicyDocument.TryParse(text, out _, out var problems));
        Assert.Contains(problems, problem => problem.Where == where && problem.What.Contains(what, StringComparison.Ordinal));
    }
}
