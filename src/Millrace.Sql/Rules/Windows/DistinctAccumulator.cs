using System.Buffers;
using System.Numerics;
using Millrace.Sql.Payload;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Windows;

/// <summary><c>count(distinct x)</c>: exact up to 512 values; above that an estimate (HyperLogLog, 4,096 registers), which is off by 1.6 % as a rule.</summary>
internal sealed class DistinctAccumulator : Accumulator
{
    private const int MaxExact = 512;
    private const int IndexBits = 12;
    private const int Registers = 1 << IndexBits;
    private const double Alpha = 0.7213 / (1 + (1.079 / Registers));

    private readonly ArrayBufferWriter<byte> _canonical = new(32);
    private HashSet<ulong> _seen = [];
    private byte[]? _registers;

    public override void Add(Field value, ReadOnlySpan<byte> text, in RowOrder order)
    {
        _canonical.ResetWrittenCount();
        WindowRowReader.Canonical(value, text, _canonical);
        Add(HashOf(_canonical.WrittenSpan));
    }

    public override void Merge(Accumulator other)
    {
        var more = (DistinctAccumulator)other;
        foreach (var hash in more._seen) Add(hash);
        if (more._registers is null) return;
        var registers = Estimating();
        for (var i = 0; i < Registers; i++) registers[i] = Math.Max(registers[i], more._registers[i]);
    }

    public override void WriteJson(IBufferWriter<byte> output) =>
        Value.Of(Number.Of(_registers is null ? _seen.Count : Estimate(_registers))).WriteJson(output);

    public override void Write(BinaryWriter writer)
    {
        writer.Write(_registers is not null);
        if (_registers is not null)
        {
            writer.Write(_registers);
            return;
        }

        writer.Write7BitEncodedInt(_seen.Count);
        foreach (var hash in _seen) writer.Write(hash);
    }

    public override void Read(BinaryReader reader)
    {
        _seen = [];
        _registers = reader.ReadBoolean() ? reader.ReadBytes(Registers) : null;
        if (_registers is not null) return;
        for (var count = reader.Read7BitEncodedInt(); count > 0; count--) _seen.Add(reader.ReadUInt64());
    }

    private void Add(ulong hash)
    {
        if (_registers is null)
        {
            _seen.Add(hash);
            if (_seen.Count > MaxExact) Estimating();
            return;
        }

        var index = (int)(hash >> (64 - IndexBits));
        var rank = (byte)(BitOperations.LeadingZeroCount(hash << IndexBits | 1UL << (IndexBits - 1)) + 1);
        if (_registers[index] < rank) _registers[index] = rank;
    }

    private byte[] Estimating()
    {
        if (_registers is not null) return _registers;
        _registers = new byte[Registers];
        var seen = _seen;
        _seen = [];
        foreach (var hash in seen) Add(hash);
        return _registers;
    }

    private static long Estimate(byte[] registers)
    {
        var sum = 0.0;
        var empty = 0;
        foreach (var rank in registers)
        {
            sum += Math.Pow(2, -rank);
            if (rank == 0) empty++;
        }

        var raw = Alpha * Registers * Registers / sum;
        return (long)Math.Round(raw <= 2.5 * Registers && empty > 0 ? Registers * Math.Log((double)Registers / empty) : raw);
    }

    /// <summary>FNV-1a, then the last steps of SplitMix64: the same on every machine, because it is kept.</summary>
    private static ulong HashOf(ReadOnlySpan<byte> bytes)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var one in bytes) hash = unchecked((hash ^ one) * 1_099_511_628_211UL);
        hash = unchecked((hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL);
        hash = unchecked((hash ^ (hash >> 27)) * 0x94D049BB133111EBUL);
        return hash ^ (hash >> 31);
    }
}
