using Millrace.Sql.Payload;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules;

/// <summary>Where a nested SELECT is: what it goes through, and at which element.</summary>
internal sealed class ElementScope(RuleContext context)
{
    private readonly KeptValue _container = new(context);

    /// <summary>Has read the element, where that is an object; places are in what is gone through.</summary>
    public FieldReader? Fields { get; set; }

    /// <summary>Of the element, in what is gone through.</summary>
    public FieldPlace Place { get; set; }

    public bool TryEnter(scoped in Evaluation e, Value container)
    {
        _container.Keep(e, container);
        return !e.Context.Failed;
    }

    public Value Element(ReadOnlySpan<byte> payload) => Value.Of(Place.Kind, _container.Bytes(payload).Slice(Place.Start, Place.Length), Place.Escaped);

    /// <summary>A field of the element, by its number in the reader.</summary>
    public Field Field(int field, ReadOnlySpan<byte> payload) => new(_container.Bytes(payload), Fields!.Places[field]);

    public void Clear() => _container.Clear();
}
