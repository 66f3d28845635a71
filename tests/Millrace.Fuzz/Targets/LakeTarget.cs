using System.IO.Compression;
using System.Text;
using Millrace.Contracts.Tables;
using Millrace.Storage.Lake;
using Millrace.Storage.Lake.Parquet;
using Millrace.Testing.Mqtt;

namespace Millrace.Fuzz.Targets;

/// <summary>Payloads for Parquet: each is a row or is refused with a reason. Files with bytes changed are put together with others, or left alone.</summary>
internal sealed class LakeTarget : IFuzzTarget
{
    private static readonly string[] Samples =
    [
        """{"vin":"car1","speed":12,"temp":20.5,"on":true,"place":{"lat":48.1,"lon":[9]},"none":null}""",
        """{"vin":"c\u00e4r\ud83d\ude97","speed":9007199254740993,"temp":-0.0,"on":false,"big":18446744073709551616,"":0}""",
        """[{"a":"\ud800"},1e999,{}]""", "{}", "7", "\"\"", "not JSON", """{"a":1,"\u0061":2}""", """{"vin":1,"speed":"x","temp":true,"on":0.5}""",
    ];

    private static readonly Dictionary<string, MeasureType> Declared = new() { ["speed"] = MeasureType.Bigint, ["temp"] = MeasureType.Double };

    public string Name => "lake";

    public void Run(int seed, FuzzInput input)
    {
        var random = new Random(seed);
        using var file = Some(random, input, out var rows);
        using var other = Some(random, input, out var more);
        var bytes = Bytes(file);
        if (bytes.Length == 0) return;
        BrokenPromiseException.Unless(RowsOf(bytes) == rows, $"{rows} rows were written, and {RowsOf(bytes)} are read.");
        var both = ParquetMerge.Of([file, other], CompressionLevel.Fastest, out var merged);
        using (both)
            BrokenPromiseException.Unless(both is null ? merged < 2 : RowsOf(Bytes(both)) == rows + more, "Two files have other rows than the one they are put into.");

        var changed = Mutation.Of(random, bytes, bytes);
        input.Add("file", changed);
        using var damaged = new ChunkStream();
        damaged.Write(changed);
        using var joined = ParquetMerge.Of(random.Next(2) == 0 ? [damaged, file] : [file, damaged, file], CompressionLevel.Fastest, out _);
    }

    private static ChunkStream Some(Random random, FuzzInput input, out int rows)
    {
        var schema = new RowSchema(random.Next(2) == 0 ? Declared : new Dictionary<string, MeasureType>());
        using var lines = new ChunkStream();
        rows = 0;
        using (var gzip = new GZipStream(lines, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var i = random.Next(1, 40); i > 0; i--)
            {
                var payload = Encoding.UTF8.GetBytes(Samples[random.Next(random.Next(2) == 0 ? 2 : Samples.Length)]);
                if (random.Next(2) == 0) payload = Mutation.Of(random, payload, Encoding.UTF8.GetBytes(Samples[random.Next(Samples.Length)]));
                input.Add("payload", payload);
                if (schema.TryLearn(payload) is { } reason)
                {
                    BrokenPromiseException.Unless(reason.Length is > 0 and < 1024, "A reason is to be a sentence.");
                    continue;
                }

                // As the lake does: a line has no line breaks, which in JSON are only ever space.
                gzip.Write([.. payload.Where(static b => b is not ((byte)'\n' or (byte)'\r'))]);
                gzip.Write("\n"u8);
                rows++;
            }
        }

        return rows == 0 ? new ChunkStream() : RowFile.Of(lines, schema, CompressionLevel.Fastest);
    }

    private static int RowsOf(byte[] bytes)
    {
        var reader = new ParquetReader(bytes);
        return Enumerable.Range(0, reader.Groups).Sum(reader.RowsOf);
    }

    private static byte[] Bytes(ChunkStream stream)
    {
        var bytes = new byte[stream.Length];
        stream.Position = 0;
        stream.ReadExactly(bytes);
        return bytes;
    }
}
