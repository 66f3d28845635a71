using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series;

/// <summary>A measure column of the manifest; its type is null before its first value.</summary>
internal sealed record ManifestMeasure(string Name, MeasureType? Type);
