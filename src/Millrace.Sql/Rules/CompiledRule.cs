using System.Buffers;
using Millrace.Contracts.Records;
using Millrace.Sql.Payload;
using Millrace.Sql.Rules.Expressions;

namespace Millrace.Sql.Rules;

/// <summary>A statement ready to be evaluated, on any number of threads, each with its own <see cref="RuleContext"/>.</summary>
public sealed class CompiledRule
{
    private readonly RuleSqlOptions _options;
    private readonly FieldSet _fields;
    private readonly IProjection? _projection;
    private readonly Expression? _where;
    private readonly bool _readsPayload;
    private readonly bool _needsObject;

    /// <param name="options">What it was compiled for, with the variables that it declares.</param>
    /// <param name="filter">The topics behind FROM; <see cref="TopicFilter.None"/> where there is no FROM.</param>
    /// <param name="fields">What it reads of the payload.</param>
    /// <param name="projection">Null for <c>SELECT *</c> alone.</param>
    /// <param name="where">The condition; null where there is none.</param>
    /// <param name="readsPayload">Whether the payload must be JSON.</param>
    internal CompiledRule(RuleSqlOptions options, TopicFilter filter, FieldSet fields, IProjection? projection, Expression? where, bool readsPayload)
    {
        _options = options;
        Filter = filter;
        _fields = fields;
        _projection = projection;
        _where = where;
        _readsPayload = readsPayload;
        _needsObject = fields.KeepsMembers;
    }

    /// <summary>The topics behind FROM. Evaluation does not look at it again. Without FROM it matches nothing: only Basic Ingest reaches the rule.</summary>
    public TopicFilter Filter { get; }

    /// <summary>What templates of this rule are compiled for: the same, and its variables are to be seen in them.</summary>
    public RuleSqlOptions TemplateOptions => _options;

    /// <summary>Whether the output is always the payload itself (<c>SELECT *</c>), so that there is nothing to write.</summary>
    public bool IsPassThrough => _projection is null;

    /// <summary>Whether its output is every message as it is, whatever is in it.</summary>
    public bool PassesAll => _projection is null && _where is null && !_readsPayload;

    /// <summary>Of a statement with GROUP BY, whose outputs are then rows for it; null of any other.</summary>
    public Windows.WindowPlan? Windows { get; private init; }

    /// <summary>Whether it tells who published (<c>principal()</c>, <c>sourceip()</c>), which records carry only when asked to.</summary>
    public bool UsesPublisher { get; init; }

    /// <summary>Whether there is a WHERE.</summary>
    public bool HasCondition => _where is not null;

    /// <summary>Whether the payload must be JSON.</summary>
    internal bool NeedsJson => _readsPayload;

    /// <summary>What is taken out of the payload.</summary>
    internal IReadOnlyList<string[]> Fields => _fields.Paths;

    /// <summary>Evaluates the condition and, where it is true, writes the output.</summary>
    /// <param name="output">Gets the output in one piece, and only with <see cref="RuleResult.Output"/>.</param>
    public RuleResult Evaluate(in Record record, RuleContext context, IBufferWriter<byte> output)
    {
        context.Begin();
        if (!TryFields(record.Payload, context, out var fields)) return RuleResult.Unreadable;
        var e = new Evaluation(record, fields, context, _options);
        var fires = _where is null || _where.IsTrue(e);
        if (context.Failed) return RuleResult.Unreadable;
        if (!fires) return RuleResult.NotFired;
        if (_projection is null) return RuleResult.Unchanged;
        var text = _projection.Make(e);
        if (context.Failed) return RuleResult.Unreadable;
        output.Write(text.Written);
        return RuleResult.Output;
    }

    internal CompiledRule With(Windows.WindowPlan windows) => new(_options, Filter, _fields, _projection, _where, _readsPayload) { UsesPublisher = UsesPublisher, Windows = windows };

    private bool TryFields(ReadOnlySpan<byte> payload, RuleContext context, out Fields fields)
    {
        fields = default;
        if (!_readsPayload) return true;
        var reader = context.ReaderFor(_fields);
        if (reader.TryRead(payload, out fields)) return true;
        // An array or a single value has no attributes, which is for most statements no error: they are Undefined.
        if (reader.Error.Fault == PayloadFault.NotAnObject && !_needsObject) return true;
        context.Fail(reader.Error);
        return false;
    }
}
