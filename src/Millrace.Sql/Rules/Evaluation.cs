using Millrace.Contracts.Records;
using Millrace.Sql.Payload;

namespace Millrace.Sql.Rules;

/// <summary>One message as expressions see it.</summary>
internal readonly ref struct Evaluation
{
    private readonly Record _record;

    public Evaluation(in Record record, Fields fields, RuleContext context, RuleSqlOptions options)
    {
        _record = record;
        Fields = fields;
        Context = context;
        Options = options;
    }

    public Fields Fields { get; }

    public RuleContext Context { get; }

    public RuleSqlOptions Options { get; }

    public ReadOnlySpan<byte> Payload => _record.Payload;

    public ReadOnlySpan<byte> Key => _record.Key;

    /// <summary>MQTT 5 properties, and what the log keeps behind them.</summary>
    public ReadOnlySpan<byte> Properties => _record.Properties;

    public long Offset => _record.Offset;

    public long ArrivalNs => _record.ArrivalNs;

    /// <summary>Without the prefix of Basic Ingest, <c>$aws/rules/{rule}/</c>.</summary>
    public ReadOnlySpan<byte> Topic => BasicIngestTopic.WithoutFlow(_record.Topic);

    // The time the log took the message, because a message that is evaluated again after a crash must give the same rows again.
    public long TimestampMs => _record.ArrivalNs > 0 ? _record.ArrivalNs / 1_000_000 : Context.NowMs;
}
