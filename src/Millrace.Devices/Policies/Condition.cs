using System.Net;
using System.Text;

namespace Millrace.Devices.Policies;

/// <summary>One line of a statement's conditions: a fact, and the values it is compared with.</summary>
internal sealed class Condition
{
    private readonly ConditionOperator _operator;
    private readonly PolicyKey _key;
    private readonly PolicyText[] _values;
    private readonly IPNetwork[] _networks;

    private Condition(ConditionOperator compare, PolicyKey key, PolicyText[] values, IPNetwork[] networks) =>
        (_operator, _key, _values, _networks) = (compare, key, values, networks);

    /// <param name="compare">The operator.</param>
    /// <param name="key">The fact.</param>
    /// <param name="values">At least one.</param>
    /// <param name="wrong">Why not, where the result is null; with the number of the value, or -1 where the key and the operator don't go together.</param>
    public static Condition? Create(ConditionOperator compare, PolicyKey key, IReadOnlyList<string> values, out (int Index, string What) wrong)
    {
        wrong = (-1, "");
        if (key.IsSet && compare.Set == ConditionSet.One)
            wrong.What = $"{key.Name} may have several values: use ForAllValues:{compare.Name} or ForAnyValue:{compare.Name}";
        else if (key.IsAddress != (compare.Comparison == Comparison.Address))
            wrong.What = key.IsAddress ? $"{key.Name} is compared by IpAddress and NotIpAddress" : $"{compare.Name} compares aws:SourceIp and nothing else";
        else if (key.IsBool != (compare.Comparison == Comparison.Bool))
            wrong.What = key.IsBool ? $"{key.Name} is compared by Bool" : $"{compare.Name} compares iot:Connection.Thing.IsAttached and nothing else";
        if (wrong.What.Length > 0) return null;

        var texts = new List<PolicyText>();
        var networks = new List<IPNetwork>();
        for (wrong.Index = 0; wrong.Index < values.Count; wrong.Index++)
        {
            if (compare.Comparison == Comparison.Address)
            {
                if (ParseNetwork(values[wrong.Index]) is { } network)
                {
                    networks.Add(network);
                    continue;
                }

                wrong.What = $"'{values[wrong.Index]}' is no address and no network, as 192.0.2.0/24";
                return null;
            }

            if (compare.Comparison == Comparison.Bool && !bool.TryParse(values[wrong.Index], out _))
            {
                wrong.What = $"must be true or false, not '{values[wrong.Index]}'";
                return null;
            }

            if (PolicyText.Parse(values[wrong.Index], compare.Comparison == Comparison.Like, out wrong.What) is not { } text) return null;
            texts.Add(text);
        }

        return new Condition(compare, key, [.. texts], [.. networks]);
    }

    /// <returns>Null where it holds for a connection; else why it does not.</returns>
    public string? Unmet(RequestContext context)
    {
        var facts = _key.Values(context);
        var patterns = new List<byte[]>(_values.Length);
        foreach (var value in _values)
        {
            if (value.Resolve(context, out var missing) is not { } pattern) return $"the variable {missing} has no value";
            patterns.Add(pattern);
        }

        bool Fits(string fact) => _operator.IsNegated != (_networks.Length > 0 ? IsIn(context.SourceIp) : patterns.Exists(p => Equals(fact, p)));
        var holds = _operator.Set switch
        {
            ConditionSet.All => facts.All(Fits),
            ConditionSet.Any => facts.Any(Fits),
            _ => facts.Count == 0 ? _operator.IsNegated : Fits(facts[0]),
        };
        return holds ? null : $"{_operator.Name} on {_key.Name} is not fulfilled by {(facts.Count == 0 ? "no value" : $"'{string.Join("', '", facts)}'")}";
    }

    private bool Equals(string fact, byte[] pattern) => _operator.Comparison switch
    {
        Comparison.Like => Glob.Matches(pattern, Encoding.UTF8.GetBytes(fact)),
        Comparison.Equal => Encoding.UTF8.GetBytes(fact).AsSpan().SequenceEqual(pattern),
        _ => fact.Equals(Encoding.UTF8.GetString(pattern), StringComparison.OrdinalIgnoreCase),
    };

    private bool IsIn(IPAddress? address) => address is not null && _networks.Any(network => network.Contains(address));

    private static IPNetwork? ParseNetwork(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : !text.Contains('/', StringComparison.Ordinal) && IPAddress.TryParse(text, out var one) ? new IPNetwork(one, one.GetAddressBytes().Length * 8)
        : null;
}
