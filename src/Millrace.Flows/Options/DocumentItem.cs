using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>A document with a key from templates and the whole record as one attribute, as AWS's older DynamoDB action writes it.</summary>
public sealed record DocumentItem
{
    /// <summary>All four are templates, as are the others.</summary>
    public required string HashKeyField { get; init; }

    public required string HashKeyValue { get; init; }

    public bool IsHashKeyNumber { get; init; }

    /// <summary>Null: the collection has one key attribute.</summary>
    public string? RangeKeyField { get; init; }

    public string? RangeKeyValue { get; init; }

    public bool IsRangeKeyNumber { get; init; }

    /// <summary>The attribute that holds the record.</summary>
    public string PayloadField { get; init; } = "payload";

    /// <summary>INSERT and UPDATE put the document in place, DELETE removes it.</summary>
    public string Operation { get; init; } = "INSERT";

    public IEnumerable<Problem> Check()
    {
        var problems = new List<Problem>();
        Needs(HashKeyField, "hashKeyField");
        Needs(HashKeyValue, "hashKeyValue");
        if (RangeKeyField is null != RangeKeyValue is null) problems.Add(new("rangeKeyField", "rangeKeyField and rangeKeyValue stand together"));
        if (RangeKeyField is not null) Needs(RangeKeyField, "rangeKeyField");
        if (RangeKeyValue is not null) Needs(RangeKeyValue, "rangeKeyValue");
        Needs(PayloadField, "payloadField");
        if (!Operation.Contains("${", StringComparison.Ordinal) && Operation is not ("INSERT" or "UPDATE" or "DELETE"))
            problems.Add(new("operation", "must be INSERT, UPDATE or DELETE"));
        else Needs(Operation, "operation");
        return problems;

        void Needs(string text, string where)
        {
            if (Templates.Sample(text, where, problems).Length == 0) problems.Add(new(where, "must not be empty"));
        }
    }
}
