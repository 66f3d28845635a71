using System.Buffers;
using System.Text;
using System.Text.Json;
using Millrace.Contracts.Records;
using Millrace.Flows.Options;
using Millrace.Sql.Rules;

namespace Millrace.Flows.Sinks;

/// <summary>A document with a key from templates and the record as one attribute, as AWS's DynamoDB action writes it.</summary>
internal sealed class ItemDocument : IDocumentMaker
{
    private const int MaxDepth = 64;

    private readonly DocumentItem _item;
    private readonly RuleContext _context;
    private readonly RenderBuffer _buffer = new();
    private readonly ArrayBufferWriter<byte> _json = new(1024);
    private readonly Template _hashField;
    private readonly Template _hashValue;
    private readonly Template? _rangeField;
    private readonly Template? _rangeValue;
    private readonly Template _payloadField;
    private readonly Template _operation;

    public ItemDocument(DocumentItem item, Func<string, Template> compile, RuleContext context)
    {
        (_item, _context) = (item, context);
        _hashField = compile(item.HashKeyField);
        _hashValue = compile(item.HashKeyValue);
        _rangeField = item.RangeKeyField is { } field ? compile(field) : null;
        _rangeValue = item.RangeKeyValue is { } value ? compile(value) : null;
        _payloadField = compile(item.PayloadField);
        _operation = compile(item.Operation);
    }

    public string? Make(RecordBatch batch, int index, CollectionOptions collection, out string key, out byte[]? document)
    {
        (key, document) = ("", null);
        var origin = batch.Origin[batch.OriginOf(index)];
        try
        {
            var hash = KeyPart(_hashField, _hashValue, _item.IsHashKeyNumber, collection.Key, origin);
            if (_rangeField is null != collection.SortKey is null)
                return collection.SortKey is { } sort
                    ? $"the collection has the sort key '{sort}': give rangeKeyField and rangeKeyValue"
                    : "the collection has no sort key: leave out rangeKeyField and rangeKeyValue";
            var range = _rangeField is null ? null : KeyPart(_rangeField, _rangeValue!, _item.IsRangeKeyNumber, collection.SortKey!, origin);
            key = CollectionOptions.KeyOf(hash, range);
            switch (Text(_operation, "operation", origin))
            {
                case "DELETE": return null;
                case "INSERT" or "UPDATE": break;
                case var other: return $"the operation becomes '{other}', which is none of INSERT, UPDATE and DELETE";
            }

            document = Document(batch[index].Payload, collection, hash, range, Text(_payloadField, "payloadField", origin));
            return null;
        }
        catch (FormatException wrong)
        {
            return wrong.Message;
        }
    }

    private string KeyPart(Template field, Template value, bool isNumber, string declared, in Record origin)
    {
        if (Text(field, "key's field", origin) is var name && name != declared)
            throw new FormatException($"the key's field is '{name}', and the collection is declared to have '{declared}'");
        var text = Text(value, $"value of the key {name}", origin);
        if (Encoding.UTF8.GetByteCount(text) is 0 or > RecordDocument.LongestKey) throw new FormatException($"the value of the key {name} must have 1 to {RecordDocument.LongestKey} bytes");
        return !isNumber || IsNumber(text) ? text : throw new FormatException($"the value of the key {name} is a NUMBER, and becomes '{Short(text)}'");
    }

    private byte[] Document(ReadOnlySpan<byte> payload, CollectionOptions collection, string hash, string? range, string payloadField)
    {
        _json.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_json))
        {
            writer.WriteStartObject();
            Write(writer, collection.Key, hash, _item.IsHashKeyNumber);
            if (range is not null) Write(writer, collection.SortKey!, range, _item.IsRangeKeyNumber);
            writer.WritePropertyName(payloadField);
            if (IsJson(payload))
            {
                writer.WriteRawValue(payload, skipInputValidation: true);
            }
            else
            {
                writer.WriteStartObject();
                writer.WriteBase64String("$raw"u8, payload);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return _json.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, string name, string value, bool isNumber)
    {
        writer.WritePropertyName(name);
        if (isNumber) writer.WriteRawValue(value);
        else writer.WriteStringValue(value);
    }

    private string Text(Template template, string what, in Record origin) =>
        _buffer.TryRender(template, origin, _context, out var text, out var reason) ? Encoding.UTF8.GetString(text) : throw new FormatException($"the {what}: {reason}");

    private static bool IsNumber(string text) => IsJson(Encoding.UTF8.GetBytes(text), static type => type == JsonTokenType.Number);

    private static bool IsJson(ReadOnlySpan<byte> payload) => IsJson(payload, static _ => true);

    private static bool IsJson(ReadOnlySpan<byte> payload, Func<JsonTokenType, bool> isWanted)
    {
        try
        {
            var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = MaxDepth });
            if (!reader.Read() || !isWanted(reader.TokenType)) return false;
            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
