namespace Millrace.Sql.Rules.Windows;

/// <summary>What is made of the values of a window.</summary>
internal enum AggregateKind : byte
{
    CountAll,
    Count,
    CountDistinct,
    Sum,
    Average,
    Deviation,
    Min,
    Max,
    First,
    Last,
}
