namespace Millrace.Tests.Storage.Series;

/// <summary>Timestream's rules for a second record of the same series and time, wherever the first one is, and whatever its value.</summary>
public sealed class VersionRuleTests
{
    /// <summary>Where the first record is when the second one comes.</summary>
    public enum Place
    {
        Memory,
        File,
        SameBatch,
    }

    private const string Exists =
        "A record already exists with the same time, dimensions, measure name, and record version. A higher record version must be specified in order to update the measure value.";

    private static readonly (object First, object Other)[] Values =
    [
        (10.5, 11.5), (10L, 11L), ("ten", "eleven"), (true, false),
        (new Dictionary<string, object> { ["a"] = 1.5, ["b"] = "x", ["c"] = true }, new Dictionary<string, object> { ["a"] = 2.5, ["b"] = "x", ["c"] = true }),
        (new Dictionary<string, object> { ["t"] = DateTime.UnixEpoch, ["n"] = 7L }, new Dictionary<string, object> { ["t"] = DateTime.UnixEpoch.AddDays(1), ["n"] = 7L }),
    ];

    // The version there is, the one that comes, and whether its value is the same; how it is refused, empty where it is absorbed, null where it is stored;
    // then the version that is there, and whether with the other value.
    private static readonly (long Existing, long Incoming, bool Same, string? Refused, long Version, bool HasOther)[] Rules =
    [
        (1, 1, true, "", 1, false),
        (1, 1, false, Exists, 1, false),
        (1, 2, false, null, 2, true),
        (2, 1, false, "The record version 1 is lower than the existing version 2. A higher version is required to update the measure value.", 2, false),
        (2, 5, true, null, 5, false),
        (5, 3, false, "The record version 3 is lower than the existing version 5. A higher version is required to update the measure value.", 5, false),
        (5, 3, true, "", 5, false),
        (7, 7, false, Exists, 7, false),
    ];

    public static TheoryData<Place, int> All
    {
        get
        {
            var all = new TheoryData<Place, int>();
            foreach (var place in Enum.GetValues<Place>())
                for (var value = 0; value < Values.Length; value++) all.Add(place, value);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_second_record_is_stored_absorbed_or_refused(Place place, int value)
    {
        using var rig = new SeriesRig();
        Point Of(int rule, bool other, long version) =>
            new($"m{value}", SeriesRig.Now, other ? Values[value].Other : Values[value].First) { Dimensions = [("rule", $"{rule}")], Version = version };
        var rules = Rules.Index().ToArray();
        var first = rules.Select(rule => Of(rule.Index, other: false, rule.Item.Existing)).ToArray();
        var second = rules.Select(rule => Of(rule.Index, !rule.Item.Same, rule.Item.Incoming)).ToArray();
        if (place != Place.SameBatch) Assert.Empty(rig.Write(first).Refusals);
        if (place == Place.File) await rig.MoveAsync();
        var outcomes = rig.Write(place == Place.SameBatch ? first.Concat(second) : second);

        var at = place == Place.SameBatch ? Rules.Length : 0;
        Assert.Equal(rules.Where(static rule => rule.Item.Refused == "").Select(rule => rule.Index + at), outcomes.AbsorbedRecords.Order());
        Assert.Equal(
            rules.Where(static rule => rule.Item.Refused is { Length: > 0 }).Select(rule => (rule.Index + at, rule.Item.Refused!, (long?)rule.Item.Existing)),
            outcomes.Refusals.OrderBy(static refusal => refusal.Index).Select(refusal => (refusal.Index, refusal.Reason[..Rules[refusal.Index - at].Refused!.Length], refusal.ExistingVersion)));

        // One row each: what is there is absorbed when it comes again, and the other value at its version is refused.
        Assert.Equal(Rules.Length, await rig.CountAsync());
        Assert.Equal(Rules.Length, rig.Write(rules.Select(rule => Of(rule.Index, rule.Item.HasOther, rule.Item.Version))).AbsorbedRecords.Count);
        Assert.Equal(
            rules.Select(static rule => (long?)rule.Item.Version),
            rig.Write(rules.Select(rule => Of(rule.Index, !rule.Item.HasOther, rule.Item.Version))).Refusals.OrderBy(static refusal => refusal.Index).Select(static refusal => refusal.ExistingVersion));
    }
}
