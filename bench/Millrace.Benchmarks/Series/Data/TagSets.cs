using System.Globalization;

namespace Millrace.Benchmarks.Series.Data;

/// <summary>Every combination of tags that rows can have, by number: a truck's own tags, the same with one of them missing.</summary>
/// <remarks>Trucks without their name cannot be told apart where all else is the same: they share a tag set.</remarks>
internal sealed class TagSets
{
    public const int NameTag = 0;

    // A truck's own, and one for each tag but its name.
    private const int PerTruck = 8;

    private static readonly string[] Fleets = ["East", "West", "North", "South"];
    private static readonly string[] Drivers = ["Derek", "Rodney", "Albert", "Andy", "Seth", "Trish"];
    private static readonly string[] Versions = ["v1.0", "v1.5", "v2.0", "v2.3"];

    // Name, load capacity, fuel capacity, nominal fuel consumption.
    private static readonly string[][] Models = [["F-150", "2000", "200", "15"], ["G-2000", "5000", "300", "19"], ["H-2", "1500", "150", "12"]];

    private readonly (int Fleet, int Driver, int Model, int Version)[] _trucks;

    public static IReadOnlyList<string> Names { get; } =
        ["name", "fleet", "driver", "model", "device_version", "load_capacity", "fuel_capacity", "nominal_fuel_consumption"];

    /// <summary>The first of <see cref="Names"/> that are numbers.</summary>
    public const int FirstNumber = 5;

    public int Count => (_trucks.Length * PerTruck) + Nameless;

    private static int Nameless => Fleets.Length * Drivers.Length * Models.Length * Versions.Length;

    public TagSets(DataShape shape)
    {
        var random = new DataRandom((ulong)shape.Seed);
        _trucks = new (int, int, int, int)[shape.Trucks];
        foreach (ref var truck in _trucks.AsSpan())
            truck = (random.Below(Fleets.Length), random.Below(Drivers.Length), random.Below(Models.Length), random.Below(Versions.Length));
    }

    public static string RandomFleet(DataRandom random) => random.Of<string>(Fleets);

    public static string TruckName(int truck) => string.Create(CultureInfo.InvariantCulture, $"truck_{truck}");

    /// <param name="truck">From 0.</param>
    /// <param name="missing">The tag that is not there, by its place in <see cref="Names"/>; -1 where all are.</param>
    public int Of(int truck, int missing)
    {
        if (missing != NameTag) return (truck * PerTruck) + Math.Max(0, missing);
        var (fleet, driver, model, version) = _trucks[truck];
        return (_trucks.Length * PerTruck) + (((((fleet * Drivers.Length) + driver) * Models.Length) + model) * Versions.Length) + version;
    }

    /// <summary>Values in the order of <see cref="Names"/>; null where a tag is missing.</summary>
    public string?[] Values(int tagSet)
    {
        var truck = tagSet / PerTruck;
        if (truck < _trucks.Length)
        {
            var (fleet, driver, model, version) = _trucks[truck];
            var values = Values(TruckName(truck), fleet, driver, model, version);
            if (tagSet % PerTruck is var missing and > 0) values[missing] = null;
            return values;
        }

        var rest = tagSet - (_trucks.Length * PerTruck);
        var (others, v) = Math.DivRem(rest, Versions.Length);
        (others, var m) = Math.DivRem(others, Models.Length);
        (others, var d) = Math.DivRem(others, Drivers.Length);
        return Values(null, others, d, m, v);
    }

    private static string?[] Values(string? name, int fleet, int driver, int model, int version) =>
        [name, Fleets[fleet], Drivers[driver], Models[model][0], Versions[version], .. Models[model].AsSpan(1)];
}
