using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Millrace.Sql.Rules.Expressions;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Functions.Hashes;

/// <summary>Hashes of the string form, as lowercase hexadecimal.</summary>
[SuppressMessage("Security", "CA5350", Justification = "A part of the language: what rules hash with it is theirs to decide.")]
[SuppressMessage("Security", "CA5351", Justification = "A part of the language: what rules hash with it is theirs to decide.")]
internal static class HashFunctions
{
    /// <summary>Writes the hash and answers with its length.</summary>
    private delegate int Hash(ReadOnlySpan<byte> text, Span<byte> into);

    public static FunctionBody Md2 { get; } = Of(Hashes.Md2.HashData);

    public static FunctionBody Md5 { get; } = Of(MD5.HashData);

    public static FunctionBody Sha1 { get; } = Of(SHA1.HashData);

    public static FunctionBody Sha224 { get; } = Of(Hashes.Sha224.HashData);

    public static FunctionBody Sha256 { get; } = Of(SHA256.HashData);

    public static FunctionBody Sha384 { get; } = Of(SHA384.HashData);

    public static FunctionBody Sha512 { get; } = Of(SHA512.HashData);

    private static FunctionBody Of(Hash hash) => (arguments, scoped in e) =>
    {
        if (!Arguments.TryText(arguments, 0, e, out var text)) return Value.Undefined;
        Span<byte> bytes = stackalloc byte[64];
        bytes = bytes[..hash(text, bytes)];
        var buffer = e.Context.TakeText();
        Convert.TryToHexStringLower(bytes, buffer.GetSpan(2 * bytes.Length), out var length);
        buffer.Advance(length);
        return Value.OfText(buffer.Written);
    };
}
