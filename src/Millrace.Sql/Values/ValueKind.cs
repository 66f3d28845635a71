namespace Millrace.Sql.Values;

/// <summary>The types of AWS IoT SQL. Int and Decimal are one: a number is an Int where it is whole.</summary>
internal enum ValueKind : byte
{
    Undefined,
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}
