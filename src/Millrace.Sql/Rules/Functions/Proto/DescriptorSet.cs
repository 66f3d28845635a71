using System.Text;

namespace Millrace.Sql.Rules.Functions.Proto;

/// <summary>The types that a <c>FileDescriptorSet</c> declares: what <c>protoc --include_imports --descriptor_set_out</c> writes.</summary>
internal sealed class DescriptorSet
{
    // Types in types; protoc itself allows 32.
    private const int MaxNesting = 32;

    private readonly Dictionary<string, ProtoMessage> _messages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<int, byte[]>> _enums = new(StringComparer.Ordinal);

    /// <summary>Null where the bytes are no set, or not a whole one, with the reason.</summary>
    public static DescriptorSet? TryRead(ReadOnlySpan<byte> bytes, out string problem)
    {
        var set = new DescriptorSet();
        problem = "it is no descriptor set: make one with protoc --include_imports --descriptor_set_out=FILE";
        var reader = new WireReader(bytes);
        while (reader.Next())
            if (reader is { Field: 1, Type: WireType.Bytes } && !set.TryReadFile(reader.Bytes)) return null;
        if (reader.Failed || set._messages.Count == 0) return null;
        problem = set.Link();
        return problem.Length == 0 ? set : null;
    }

    /// <summary>A type by its name with or without the package, in a file by its name with or without folder and <c>.proto</c>.</summary>
    public ProtoMessage? Find(string file, string message) => _messages.Values.FirstOrDefault(
        m => IsFile(m.File, file) && (m.FullName == message || m.FullName.EndsWith("." + message, StringComparison.Ordinal)));

    private static bool IsFile(string path, string name)
    {
        if (!name.EndsWith(".proto", StringComparison.Ordinal)) name += ".proto";
        return path == name || path.EndsWith("/" + name, StringComparison.Ordinal);
    }

    private bool TryReadFile(ReadOnlySpan<byte> bytes)
    {
        var (name, package, syntax) = ("", "", "");
        var reader = new WireReader(bytes);
        while (reader.Next())
        {
            if (reader.Type != WireType.Bytes) continue;
            if (reader.Field == 1) name = Encoding.UTF8.GetString(reader.Bytes);
            else if (reader.Field == 2) package = Encoding.UTF8.GetString(reader.Bytes);
            else if (reader.Field == 12) syntax = Encoding.UTF8.GetString(reader.Bytes);
        }

        if (reader.Failed) return false;
        reader = new WireReader(bytes);
        while (reader.Next())
        {
            if (reader.Type != WireType.Bytes) continue;
            if (reader.Field == 4 && !TryReadMessage(reader.Bytes, name, package, syntax == "proto3", 0)) return false;
            if (reader.Field == 5 && !TryReadEnum(reader.Bytes, package)) return false;
        }

        return true;
    }

    private bool TryReadMessage(ReadOnlySpan<byte> bytes, string file, string scope, bool isProto3, int depth)
    {
        if (depth == MaxNesting) return false;
        var name = NameOf(bytes, scope);
        var message = new ProtoMessage { File = file, FullName = name };
        var fields = new List<ProtoField>();
        var reader = new WireReader(bytes);
        while (reader.Next())
        {
            if (reader.Type != WireType.Bytes) continue;
            switch (reader.Field)
            {
                case 2:
                    if (ReadField(reader.Bytes, isProto3) is not { } field) return false;
                    fields.Add(field);
                    break;
                case 3 when !TryReadMessage(reader.Bytes, file, name, isProto3, depth + 1):
                case 4 when !TryReadEnum(reader.Bytes, name):
                    return false;
                case 7:
                    message.IsMapEntry = NumberOf(reader.Bytes, 7) == 1;
                    break;
                case 8:
                    message.Oneofs++;
                    break;
            }
        }

        if (fields.Exists(f => f.Oneof >= message.Oneofs)) return false;
        message.SetFields(fields);
        _messages[name] = message;
        return !reader.Failed && name.Length > 0;
    }

    private static ProtoField? ReadField(ReadOnlySpan<byte> bytes, bool isProto3)
    {
        var field = new ProtoField();
        byte[]? plain = null;
        var isOptional = false;
        var reader = new WireReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field, reader.Type)
            {
                case (1, WireType.Bytes):
                    plain = reader.Bytes.ToArray();
                    break;
                case (10, WireType.Bytes):
                    field.Name = reader.Bytes.ToArray();
                    break;
                case (6, WireType.Bytes):
                    field.TypeName = Encoding.UTF8.GetString(reader.Bytes);
                    break;
                case (3, WireType.Varint):
                    field.Number = (int)reader.Number;
                    break;
                case (4, WireType.Varint):
                    field.IsRepeated = reader.Number == 3;
                    break;
                case (5, WireType.Varint):
                    field.Type = (ProtoType)(int)reader.Number;
                    break;
                case (9, WireType.Varint):
                    field.Oneof = (int)reader.Number;
                    break;
                case (17, WireType.Varint):
                    isOptional = reader.Number == 1;
                    break;
            }
        }

        if (reader.Failed || plain is null || field.Number <= 0 || field.Oneof < -1 || !Enum.IsDefined(field.Type)) return null;
        if (field.Name.Length == 0) field.Name = plain;
        field.HasNoPresence = isProto3 && !isOptional && field.Oneof < 0 && !field.IsMessage && !field.IsRepeated;
        return field;
    }

    private bool TryReadEnum(ReadOnlySpan<byte> bytes, string scope)
    {
        var names = new Dictionary<int, byte[]>();
        var reader = new WireReader(bytes);
        while (reader.Next())
        {
            if (reader is not { Field: 2, Type: WireType.Bytes }) continue;
            var value = (int)NumberOf(reader.Bytes, 2);

            // Of names for one number the first is the one that is written.
            names.TryAdd(value, BytesOf(reader.Bytes, 1).ToArray());
        }

        _enums[NameOf(bytes, scope)] = names;
        return !reader.Failed;
    }

    private static string NameOf(ReadOnlySpan<byte> bytes, string scope)
    {
        var name = Encoding.UTF8.GetString(BytesOf(bytes, 1));
        return scope.Length == 0 ? name : $"{scope}.{name}";
    }

    private static ReadOnlySpan<byte> BytesOf(ReadOnlySpan<byte> bytes, int field)
    {
        var reader = new WireReader(bytes);
        while (reader.Next())
            if (reader.Field == field && reader.Type == WireType.Bytes) return bytes.Slice(reader.Start, reader.Length);
        return default;
    }

    private static ulong NumberOf(ReadOnlySpan<byte> bytes, int field)
    {
        var reader = new WireReader(bytes);
        while (reader.Next())
            if (reader.Field == field && reader.Type == WireType.Varint) return reader.Number;
        return 0;
    }

    /// <returns>What is wrong; empty where nothing is.</returns>
    private string Link()
    {
        foreach (var message in _messages.Values)
        {
            foreach (var field in message.Fields)
            {
                var name = field.TypeName.TrimStart('.');
                field.Message = field.IsMessage ? _messages.GetValueOrDefault(name) : null;
                field.Enum = field.Type == ProtoType.Enum ? _enums.GetValueOrDefault(name) : null;
                if ((field.IsMessage && field.Message is null) || (field.Type == ProtoType.Enum && field.Enum is null))
                    return $"the type {name} of {message.FullName} is not in the descriptor set: make it with --include_imports";
            }

            if (message.IsMapEntry && (message.Fields is not [{ Number: 1 } key, { Number: 2 }] || key.IsMessage || key.IsRepeated))
                return $"{message.FullName} is no entry of a map";
        }

        return "";
    }
}
