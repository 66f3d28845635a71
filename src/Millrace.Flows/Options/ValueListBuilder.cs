namespace Millrace.Flows.Options;

/// <summary>Makes <see cref="ValueList{T}"/>; the compiler calls it for <c>[a, b]</c>.</summary>
public static class ValueListBuilder
{
    public static ValueList<T> Of<T>(ReadOnlySpan<T> items) => new(items.ToArray());
}
