using Millrace.Storage.DuckDb;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Scans;

/// <summary>A dimension, or the measure name, for the rows of DuckDB's chunks: one text for a chunk of one series, else numbers of texts that all chunks share.</summary>
internal sealed class SeriesTexts(ValueIndex values, int seriesCount) : IDisposable
{
    private readonly int[] _valueOf = values.Of(seriesCount);
    private readonly int[] _numbers = new int[RowColumns.Capacity];
    private TextDictionary? _dictionary;
    private TextValue? _constant;
    private int _constantValue = -1;

    public void Fill(OutputVector into, ReadOnlySpan<int> series)
    {
        if (series.IndexOfAnyExcept(series[0]) < 0 && _valueOf[series[0]] is var value and >= 0)
        {
            if (value != _constantValue)
            {
                _constant?.Dispose();
                _constant = new TextValue(values[value]);
                _constantValue = value;
            }

            into.FillConstant(_constant!);
            return;
        }

        _dictionary ??= values.Texts();
        for (var row = 0; row < series.Length; row++) _numbers[row] = _valueOf[series[row]] + 1;
        into.FillFrom(_dictionary, _numbers.AsSpan(0, series.Length));
    }

    public void Dispose() => _constant?.Dispose();
}
