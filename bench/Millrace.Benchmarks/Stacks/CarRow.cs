namespace Millrace.Benchmarks.Stacks;

/// <summary>A row of a car, as a query told it.</summary>
/// <param name="Car">Its vin.</param>
/// <param name="TimeNs">Nanoseconds since 1970, to the microsecond.</param>
internal readonly record struct CarRow(string Car, long TimeNs);
