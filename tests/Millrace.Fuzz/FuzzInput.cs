using System.Text;

namespace Millrace.Fuzz;

/// <summary>What a target was given, line by line. Read by another thread where the target hangs.</summary>
public sealed class FuzzInput
{
    private readonly StringBuilder _text = new();
    private readonly Lock _gate = new();

    public void Add(string line)
    {
        lock (_gate) _text.AppendLine(line);
    }

    public void Add(string what, ReadOnlySpan<byte> bytes) => Add($"{what} {Convert.ToHexString(bytes)}");

    public void Clear()
    {
        lock (_gate) _text.Clear();
    }

    public override string ToString()
    {
        lock (_gate) return _text.ToString();
    }
}
