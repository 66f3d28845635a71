using System.Text;

namespace Millrace.Devices.Policies;

/// <summary>Actions by the names that policies use. Case does not count, as in AWS.</summary>
internal static class ActionNames
{
    private const string Service = "iot:";

    private static readonly (PolicyActions Action, string Name)[] All =
        [.. Enum.GetValues<PolicyActions>().Where(static a => a != PolicyActions.None).Select(static a => (a, Service + a))];

    public static string List { get; } = string.Join(", ", All.Select(static a => a.Name));

    public static string NameOf(PolicyActions action) => Service + action;

    /// <returns>None where the pattern fits no action.</returns>
    public static PolicyActions Matching(string pattern)
    {
        var glob = PatternOf(pattern);
        return All.Where(a => Glob.Matches(glob, Encoding.UTF8.GetBytes(a.Name.ToUpperInvariant())))
            .Aggregate(PolicyActions.None, static (sum, a) => sum | a.Action);
    }

    /// <summary>Reads one action, without wildcards.</summary>
    public static PolicyActions Parse(string name) =>
        All.FirstOrDefault(a => a.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Action;

    /// <summary>How the resources of an action begin, as <c>topic/</c>.</summary>
    public static string ResourceType(PolicyActions action) => action switch
    {
        PolicyActions.Connect => "client/",
        PolicyActions.Subscribe => "topicfilter/",
        PolicyActions.Publish or PolicyActions.Receive or PolicyActions.RetainPublish or PolicyActions.GetRetainedMessage => "topic/",
        PolicyActions.AssumeRoleWithCertificate => "rolealias/",
        _ => "thing/",
    };

    private static byte[] PatternOf(string text) =>
        [.. Encoding.UTF8.GetBytes(text.ToUpperInvariant()).Select(static b => b switch { (byte)'*' => Glob.Run, (byte)'?' => Glob.One, _ => b })];
}
