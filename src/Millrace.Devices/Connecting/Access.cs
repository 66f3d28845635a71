using System.Net;
using Millrace.Contracts.Devices;
using Millrace.Devices.Policies;

namespace Millrace.Devices.Connecting;

/// <summary>What one connection may do, as the policies of its credential say at this moment.</summary>
internal sealed class Access(Principal principal, PolicyRegistry policies, string clientId, IPAddress? address) : IAccess
{
    private State? _state;

    public string Principal => principal.Name;

    public CancellationToken Revoked => principal.Revoked;

    public bool MayPublish(ReadOnlySpan<byte> topic, bool retain) =>
        Allows(PolicyActions.Publish, topic) && (!retain || Allows(PolicyActions.RetainPublish, topic));

    public bool MaySubscribe(ReadOnlySpan<byte> filter) => Allows(PolicyActions.Subscribe, filter);

    public bool MayReceive(ReadOnlySpan<byte> topic) => Allows(PolicyActions.Receive, topic);

    private bool Allows(PolicyActions action, ReadOnlySpan<byte> name)
    {
        // The connection is about to end; what it sends until then counts no more.
        if (principal.Revoked.IsCancellationRequested) return false;
        var state = Volatile.Read(ref _state);
        if (state is null || state.Attachments != principal.Attachments || state.Policies != policies.Snapshot) state = Renew();
        return state.Ruling.Always(action) ?? state.Answers.Allows(state.Ruling, action, name);
    }

    private State Renew()
    {
        // Read before the ruling is made of them: where one changes meanwhile, the next question makes another.
        var (attachments, snapshot) = (principal.Attachments, policies.Snapshot);
        var ruling = snapshot.RulingFor(attachments, () => ContextOf(principal, attachments, clientId, address));
        var state = new State(attachments, snapshot, ruling);
        Volatile.Write(ref _state, state);
        return state;
    }

    public static RequestContext ContextOf(Principal principal, Attachments attachments, string clientId, IPAddress? address) => new()
    {
        ClientId = clientId,
        SourceIp = address,
        Things = attachments.Things,
        Certificate = principal.Certificate,
    };

    private sealed class State(Attachments attachments, PolicySnapshot policies, Ruling ruling)
    {
        private AnswerTable? _answers;

        public Attachments Attachments => attachments;

        public PolicySnapshot Policies => policies;

        public Ruling Ruling => ruling;

        /// <summary>Made with the first question whose answer depends on the topic. Two threads may make one each; the later one stays.</summary>
        public AnswerTable Answers => _answers ??= new AnswerTable();
    }
}
