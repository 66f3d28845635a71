using System.Globalization;
using System.Text;

namespace Millrace.Benchmarks.Load;

/// <summary><c>2018-02-15 08:20:18.000000000</c>, in place: the seconds are written once a second, the microseconds each time.</summary>
internal sealed class TimeText
{
    private const int FractionAt = 20;
    private const int MicrosecondDigits = 6;

    private readonly byte[] _text = "0000-00-00 00:00:00.000000000"u8.ToArray();
    private long _second = -1;

    /// <param name="microseconds">Since 1970, UTC.</param>
    public void Set(long microseconds)
    {
        var second = microseconds / 1_000_000;
        if (second != _second)
        {
            _second = second;
            var date = DateTimeOffset.FromUnixTimeSeconds(second).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            Encoding.ASCII.GetBytes(date, _text);
        }

        var rest = (int)(microseconds % 1_000_000);
        for (var i = FractionAt + MicrosecondDigits - 1; i >= FractionAt; i--)
        {
            _text[i] = (byte)('0' + (rest % 10));
            rest /= 10;
        }
    }

    public void CopyTo(Span<byte> target) => _text.CopyTo(target);
}
