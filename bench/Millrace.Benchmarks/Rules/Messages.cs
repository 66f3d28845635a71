using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Millrace.Benchmarks.Rules;

/// <summary>The payloads of the articles, each with other values, as a fleet sends them.</summary>
internal static class Messages
{
    private const int Count = 512;
    private const string Letters = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789";

    private static readonly string[] Measures = ["speed", "rpm", "oil_temp", "fuel_level"];
    private static readonly string[] Means = ["vehicle_speed_mean", "engine_speed_mean", "oil_temp_mean", "fuel_level", "odometer"];

    public static Message[] Telemetry() => Make("car-telemetry", "dt/cars/{vin}/telemetry", static (json, random) =>
    {
        json["value"] = random.Next(0, 800) / 10.0;
        json["name"] = Measures[random.Next(Measures.Length)];
    });

    public static Message[] Trips() => Make("car-trip", "dt/cars/{vin}/trip", static (json, random) =>
    {
        foreach (var name in Means)
            json[name] = random.NextDouble() * 100;
    });

    /// <summary>A gateway with ten sensors.</summary>
    public static Message[] Readings() => Make("", "dt/gateways/{vin}/readings", static (json, random) =>
    {
        var readings = new JsonArray();
        for (var i = 0; i < 10; i++)
            readings.Add(new JsonObject { ["sensor"] = $"t{i}", ["value"] = random.Next(0, 800) / 10.0, ["unit"] = "C", ["ok"] = random.Next(20) > 0 });
        json["device"] = $"gw-{random.Next(1000)}";
        json["time"] = 1_609_757_175_225 + random.Next(1_000_000);
        json["readings"] = readings;
    });

    private static Message[] Make(string resource, string topic, Action<JsonObject, Random> vary)
    {
        var random = new Random(4);
        var article = resource.Length == 0 ? "{}" : Resource(resource);
        return [.. Enumerable.Range(0, Count).Select(_ =>
        {
            var json = JsonNode.Parse(article)!.AsObject();
            var vin = string.Concat(Enumerable.Range(0, 17).Select(_ => Letters[random.Next(Letters.Length)]));
            if (json.ContainsKey("vin")) json["vin"] = vin;
            vary(json, random);
            return new Message(
                Encoding.UTF8.GetBytes(topic.Replace("{vin}", vin, StringComparison.Ordinal)),
                Encoding.UTF8.GetBytes(json.ToJsonString()));
        })];
    }

    private static string Resource(string name)
    {
        using var stream = typeof(Messages).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"no resource {name}"));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
