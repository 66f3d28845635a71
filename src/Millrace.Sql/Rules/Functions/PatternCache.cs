using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Millrace.Sql.Rules.Functions;

/// <summary>What was made of the last patterns, by their text; null for those of which nothing could be made. For one thread.</summary>
/// <param name="keepsNothing">Whether it is remembered that nothing could be made: not so where that may change.</param>
internal sealed class PatternCache<T>(bool keepsNothing = true)
    where T : class
{
    private const int MaxCount = 64;

    private readonly Dictionary<byte[], T?> _made = new(new ByBytes());

    /// <summary>The longest pattern that is looked at: longer ones are attacks.</summary>
    public const int MaxLength = 4096;

    public T? Get(ReadOnlySpan<byte> text, Func<string, T?> make)
    {
        if (text.Length > MaxLength) return null;
        var byText = _made.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (byText.TryGetValue(text, out var made)) return made;
        made = make(Encoding.UTF8.GetString(text));
        if (made is null && !keepsNothing) return null;
        if (_made.Count == MaxCount) _made.Clear();
        return byText[text] = made;
    }

    private sealed class ByBytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }
    }
}
