using System.Buffers;
using System.Text;
using System.Text.Json;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Flows.Enriching;
using Millrace.Flows.Options;
using Millrace.Sql.Payload;
using Millrace.Sql.Rules;

namespace Millrace.Flows.Steps;

/// <summary>Adds to each record what a look-up finds for it. What is found counts before what the record says: a device cannot claim it.</summary>
/// <remarks>Pure as long as what is looked in does not change.</remarks>
internal sealed class EnrichStep : IStep
{
    /// <summary>Keys come from devices.</summary>
    private const int MaxKey = 1024;

    private readonly EnrichOptions _options;
    private readonly EnrichLookup _lookup;
    private readonly Template? _template;
    private readonly RuleContext _context;
    private readonly FieldReader _record;
    private readonly FieldReader _found;
    private readonly byte[][] _names;
    private readonly byte[][] _plainNames;
    private readonly byte[]? _into;
    private readonly byte[] _intoName;
    private readonly ArrayBufferWriter<byte> _key = new(64);
    private readonly ArrayBufferWriter<byte> _added = new(256);
    private readonly ArrayBufferWriter<byte> _output = new(1024);

    public EnrichStep(EnrichOptions options, EnrichLookup lookup, Template? template, RuleContext context)
    {
        (_options, _lookup, _template, _context) = (options, lookup, template, context);
        _record = new FieldReader(template is null ? [options.With] : [], keepMembers: true);
        _found = new FieldReader(options.Fields ?? [], keepMembers: options.Fields is null);
        _names = [.. (options.Fields ?? []).Select(static field => Quoted(EnrichOptions.NameOf(field)))];
        _plainNames = [.. (options.Fields ?? []).Select(static field => Encoding.UTF8.GetBytes(EnrichOptions.NameOf(field)))];
        _into = options.Into is { } into ? Quoted(into) : null;
        _intoName = Encoding.UTF8.GetBytes(options.Into ?? "");
    }

    public void Apply(RecordBatch source, RecordBatch target, Outcomes outcomes)
    {
        for (var i = 0; i < source.Count; i++)
        {
            var record = source[i];
            if (!_record.TryRead(record.Payload, out var fields))
            {
                outcomes.Refuse(i, Fault.Unreadable, _record.Error.ToString());
                continue;
            }

            var found = TryKey(record, fields, out var key, out var problem) ? _lookup(key) : null;
            if (found is null && _options.RefuseMissing) outcomes.Refuse(i, Fault.Refused, problem ?? $"nothing is known of '{FieldTime.Shown(key)}', which is looked up with {_options.With}");
            else if (found is null || !_found.TryRead(found, out var known)) target.AddView(source, i);
            else target.AddView(source, i, Enriched(fields, known));
        }
    }

    private bool TryKey(in Record record, Fields fields, out ReadOnlySpan<byte> key, out string? problem)
    {
        problem = null;
        key = default;
        if (_template is not null)
        {
            _key.ResetWrittenCount();
            if (!_template.TryRender(record, _context, _key)) problem = _context.Reason;
            else key = _key.WrittenSpan;
        }
        else if (fields[0].Kind is FieldKind.String or FieldKind.Number) key = fields.Text(0);
        else problem = $"field '{_options.With}' is looked up, and is {fields[0].Kind.ToString().ToLowerInvariant()}";

        if (key.Length > MaxKey) problem = $"what is looked up with {_options.With} is longer than {MaxKey} bytes";
        return problem is null;
    }

    private ReadOnlySpan<byte> Enriched(Fields fields, Fields known)
    {
        Collect(known);
        _output.ResetWrittenCount();
        _output.Write("{"u8);
        foreach (var member in fields.Members)
        {
            if (IsReplaced(member.Name, known)) continue;
            if (_output.WrittenCount > 1) _output.Write(","u8);
            _output.Write(member.Raw);
        }

        if (_output.WrittenCount > 1 && (_into is not null || _added.WrittenCount > 0)) _output.Write(","u8);
        if (_into is not null)
        {
            _output.Write(_into);
            _output.Write(":{"u8);
        }

        _output.Write(_added.WrittenSpan);
        _output.Write(_into is null ? "}"u8 : "}}"u8);
        return _output.WrittenSpan;
    }

    /// <summary>What is added, as the inside of an object.</summary>
    private void Collect(Fields known)
    {
        _added.ResetWrittenCount();
        if (_options.Fields is null)
        {
            foreach (var member in known.Members)
            {
                if (_added.WrittenCount > 0) _added.Write(","u8);
                _added.Write(member.Raw);
            }

            return;
        }

        for (var i = 0; i < _names.Length; i++)
        {
            var value = known[i];
            if (value.Kind == FieldKind.Missing) continue;
            if (_added.WrittenCount > 0) _added.Write(","u8);
            _added.Write(_names[i]);
            _added.Write(value.Kind == FieldKind.String ? ":\""u8 : ":"u8);
            _added.Write(value.Raw);
            if (value.Kind == FieldKind.String) _added.Write("\""u8);
        }
    }

    private bool IsReplaced(ReadOnlySpan<byte> name, Fields known)
    {
        if (_into is not null) return name.SequenceEqual(_intoName);
        if (_options.Fields is { } fields)
        {
            for (var i = 0; i < fields.Count; i++)
                if (known[i].Kind != FieldKind.Missing && name.SequenceEqual(_plainNames[i])) return true;
            return false;
        }

        foreach (var member in known.Members)
            if (name.SequenceEqual(member.Name)) return true;
        return false;
    }

    private static byte[] Quoted(string name) => [.. "\""u8, .. JsonEncodedText.Encode(name, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, .. "\""u8];
}
