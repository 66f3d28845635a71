using System.Net;
using Millrace.Contracts;
using Millrace.Devices.Connecting;

namespace Millrace.Devices.Policies;

/// <summary>Answers what policies would say, with the reasons, before a device has to find out.</summary>
public sealed class PolicyTester(Registry registry)
{
    private const string SomeClient = "test";

    /// <returns>Null where there is no such certificate.</returns>
    /// <exception cref="FaultException">Refused: the question is not right.</exception>
    public PolicyDecision? OfCertificate(string id, PolicyQuestion question) => Of(registry.Certificates.Principal(id), question);

    /// <returns>Null where there is no such user.</returns>
    /// <exception cref="FaultException">Refused: the question is not right.</exception>
    public PolicyDecision? OfUser(string name, PolicyQuestion question) => Of(registry.Users.Principal(name), question);

    /// <summary>Of a policy that nobody needs to have.</summary>
    /// <exception cref="FaultException">Refused: the question is not right.</exception>
    public static PolicyDecision Of(string name, PolicyDocument document, PolicyQuestion question) =>
        Decide([(name, document)], question, new RequestContext { ClientId = "", Things = [] });

    private PolicyDecision? Of(Principal? principal, PolicyQuestion question)
    {
        if (principal is null) return null;
        var attachments = principal.Attachments;
        var decision = Decide(registry.Policies.Snapshot.Of(attachments), question, Access.ContextOf(principal, attachments, "", null));
        return principal.Unusable is { } why ? decision with { IsAllowed = false, Why = $"{why}, whatever its policies say" } : decision;
    }

    private static PolicyDecision Decide(IReadOnlyList<(string Name, PolicyDocument Document)> policies, PolicyQuestion question, RequestContext context)
    {
        var action = ActionNames.Parse(question.Action);
        if (action == PolicyActions.None) throw new FaultException(Fault.Refused, $"the action is unknown; there are {ActionNames.List}");
        if (question.Topic is null && action != PolicyActions.Connect)
            throw new FaultException(Fault.Refused, $"{ActionNames.NameOf(action)} goes to a topic: name one");
        IPAddress? address = null;
        if (question.SourceIp is { } text && !IPAddress.TryParse(text, out address)) throw new FaultException(Fault.Refused, "the source is no IP address");

        var things = question.Thing is { } thing ? [thing] : context.Things;
        var attributes = new List<string>();
        if (question.IsPersistent) attributes.Add("PersistentConnect");
        if (question.HasWill) attributes.Add("LastWill");
        context = context with
        {
            ClientId = question.ClientId ?? (things is [var first, ..] ? first : SomeClient),
            Things = things,
            SourceIp = address,
            ConnectAttributes = action == PolicyActions.Connect ? attributes : [],
        };
        return PolicyEvaluation.Decide(policies, action, action == PolicyActions.Connect ? context.ClientId : question.Topic!, context);
    }
}
