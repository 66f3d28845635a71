using System.Text;

namespace Millrace.Connectors.Redis;

/// <summary>One answer; or, of an array, that so many answers follow.</summary>
internal readonly record struct RedisReply(RespKind Kind, long Number, string Text)
{
    public bool IsError => Kind == RespKind.Error;

    /// <summary>Copies what it keeps.</summary>
    public static RedisReply Of(in RespToken token) => new(
        token.Kind,
        token.Number,
        token.Text.IsEmpty ? "" : token.Text.SequenceEqual("OK"u8) ? "OK" : token.Text.SequenceEqual("QUEUED"u8) ? "QUEUED" : Encoding.UTF8.GetString(token.Text));
}
