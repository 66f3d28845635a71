using Millrace.Devices.Policies;

namespace Millrace.Tests.Devices;

/// <summary>Policies for tests, and one question to them at a time, put to both ways of answering.</summary>
internal static class SomePolicy
{
    public static PolicyDocument Of(params string[] statements)
    {
        var text = $$"""{"Version":"2012-10-17","Statement":[{{string.Join(',', statements)}}]}""";
        Assert.True(PolicyDocument.TryParse(text, out var document, out var problems), string.Join('\n', problems));
        return document;
    }

    /// <param name="effect">Allow or Deny.</param>
    /// <param name="action">As <c>Publish</c>.</param>
    /// <param name="resource">As <c>topic/a/*</c>, or <c>*</c>.</param>
    /// <param name="condition">JSON; null for none.</param>
    public static string Statement(string effect, string action, string resource, string? condition = null)
    {
        var arn = resource == "*" ? "*" : "arn:aws:iot:eu-central-1:123456789012:" + resource;
        var tail = condition is null ? "" : $""","Condition":{condition}""";
        return $$"""{"Effect":"{{effect}}","Action":"iot:{{action}}","Resource":"{{arn}}"{{tail}}}""";
    }

    public static bool Allows(this PolicyDocument policy, PolicyActions action, string name, RequestContext context)
    {
        var decision = PolicyEvaluation.Decide([("p", policy)], action, name, context);
        if (action is PolicyActions.Publish or PolicyActions.Receive or PolicyActions.Subscribe or PolicyActions.RetainPublish)
        {
            var ruling = Ruling.ForAll([policy]) ?? Ruling.For([policy], context);
            var allowed = ruling.Always(action) ?? ruling.Allows(action, System.Text.Encoding.UTF8.GetBytes(name));
            Assert.True(decision.IsAllowed == allowed, $"the decision is {decision}, the ruling says {allowed}");
        }

        return decision.IsAllowed;
    }
}
