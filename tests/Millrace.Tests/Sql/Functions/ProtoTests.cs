using Millrace.Sql.Rules;
using Millrace.Sql.Rules.Functions.Proto;

namespace Millrace.Tests.Sql.Functions;

/// <summary>Messages and schema made by protoc 3.21 of the files in proto/, their JSON by protobuf's own library.</summary>
public class ProtoTests
{
    private const string Car =
        "ChExTlhCUjMyRTg0Wjk5NTA3OBEzMzMzM7NHQB3NzMw9IPv//////////wEo/////////+//ATD/////Dzj///////////8BQA1ID1UAKGvuWQAACMWh2Mz5Zff///9p9v////////9wAXoDAP9h" +
        "gAECigESCajGSzeJEUhAEWZmZmZmJidAkgEQCgxsZWZ0ICJmcm9udCIQAZIBAJoBDQH+//////////8BrAKgAQSgAQWqAQFhqgEAsgEOCgNycG0RAAAAAABwp0CyAQwKAXQRAAAAAAAA+D+6AQ0I" +
        "BxIJCQAAAAAAAPA/yAEq0AEA2gELCIDiz6oGEMCp0zriARYI////////////ARCAtsqR/v////8B6gECCAzyASUKDgoBbhIJEQAAAAAAAPg/ChMKAWwSDjIMCgIIAAoCIAEKAioA+gEDCgFUggIC" +
        "AQCKAgF4";

    private const string CarJson = """
        {"vin":"1NXBR32E84Z995078","speed":47.4,"fuelLevel":0.1,"i32":-5,"i64":"-9007199254740993","u32":4294967295,"u64":"18446744073709551615","s32":-7,
        "s64":"-8","f32":4000000000,"f64":"18000000000000000000","sf32":-9,"sf64":"-10","engineOn":true,"raw":"AP9h","gear":"GEAR_DRIVE",
        "position":{"lat":48.137,"lon":11.575},"doors":[{"name":"left \"front\"","isOpen":true},{}],"codes":[1,-2,300],"looseCodes":[4,5],"tags":["a",""],
        "measures":{"rpm":3000,"t":1.5},"stops":{"7":{"lat":1}},"driverId":42,"trip":0,"at":"2023-11-14T22:13:20.123Z","took":"-1.500s","total":"12",
        "extra":{"n":1.5,"l":[null,true,{}]},"tows":{"vin":"T"},"gears":["GEAR_PARK","GEAR_UNKNOWN"],"other":"x"}
        """;

    private static readonly byte[] Schema = ReadSchema();

    private static Call Calls(byte[]? schema = null) => new()
    {
        Options = new RuleSqlOptions { Lookups = new FakeLookups { DescriptorSets = { ["b/fleet.desc"] = schema ?? Schema } } },
    };

    [Fact]
    public void Every_kind_of_field_is_what_protobuf_makes_of_it() =>
        Assert.Equal(CarJson.ReplaceLineEndings(""), Calls().Value($"decode('{Car}', 'proto', 'b', 'fleet.desc', 'car', 'Car')"));

    [Theory]
    [InlineData("CAEYARgCIwgDJA==", "old", "Old", """{"id":1,"codes":[1,2],"inner":{"depth":3}}""")]
    [InlineData("CAAaAgEC", "old.proto", "fleet.old.Old", """{"id":0,"codes":[1,2]}""")]
    [InlineData("", "car", "Car", "{}")]
    [InlineData("CgF4EAE=", "car", "Car.Door", """{"name":"x","isOpen":true}""")]
    [InlineData("CgF4EAA=", "car", "fleet.v1.Car.Door", """{"name":"x"}""")]
    [InlineData("CgFhCgFi", "car", "Car.Door", """{"name":"b"}""")]
    [InlineData("igEJCQAAAAAAAPA/igEJEQAAAAAAAABA", "car", "Car", """{"position":{"lat":1,"lon":2}}""")]
    [InlineData("wgEBYcgBBQ==", "car", "Car", """{"driverId":5}""")]
    [InlineData("yAEFwgEBYQ==", "car", "Car", """{"driverName":"a"}""")]
    [InlineData("gAFj", "car", "Car", """{"gear":99}""")]
    [InlineData("EQAAAAAAAPB/", "car", "Car", """{"speed":"Infinity"}""")]
    [InlineData("EQAAAAAAAPh/", "car", "Car", """{"speed":"NaN"}""")]
    [InlineData("sgEOCgNycG0RAAAAAABwp0CyAQ4KA3JwbREAAAAAAADwPw==", "car", "Car", """{"measures":{"rpm":1}}""")]
    [InlineData("sgEA", "car", "Car", """{"measures":{"":0}}""")]
    [InlineData("uAYB", "car", "Car", "{}")]
    [InlineData("2gEA", "car", "Car", """{"at":"1970-01-01T00:00:00Z"}""")]
    public void A_message_is_what_its_schema_says(string base64, string file, string message, string expected) =>
        Assert.Equal(expected, Calls().Value($"decode('{base64}', 'proto', 'b', 'fleet.desc', '{file}', '{message}')"));

    [Fact]
    public void The_payload_itself_can_be_one_and_what_is_in_it_is_addressed_by_name()
    {
        var call = new Call { Options = Calls().Options, Payload = Convert.FromBase64String(Car) };
        Assert.Equal("47.4", call.Value("decode(encode(*, 'base64'), 'proto', 'b', 'fleet.desc', 'car', 'Car').speed"));
        Assert.Equal("\"left \\\"front\\\"\"", call.Value("get(decode(encode(*, 'base64'), 'proto', 'b', 'fleet.desc', 'car', 'Car').doors, 0).name"));
    }

    [Theory]
    [InlineData("!!")]
    [InlineData("CgV4")]
    [InlineData("CgL//w==")]
    [InlineData("Cg==")]
    [InlineData("AAA=")]
    [InlineData("IwgD")]
    [InlineData("JA==")]
    [InlineData("//////////////8B")]
    [InlineData("2gEMCP///////////38=")]
    public void What_is_no_such_message_is_null(string base64) =>
        Assert.Equal("null", Calls().Value($"decode('{base64}', 'proto', 'b', 'fleet.desc', 'car', 'Car')"));

    [Theory]
    [InlineData("decode('', 'proto', 'b', 'none.desc', 'car', 'Car')", 28, "no descriptor set 'none.desc' in 'b'")]
    [InlineData("decode('', 'proto', 'b', 'fleet.desc', 'cars', 'Car')", 33, "no message 'Car' in a file 'cars'")]
    [InlineData("decode('', 'proto', 'b', 'fleet.desc', 'car', 'Bike')", 33, "no message 'Bike'")]
    [InlineData("decode('', 'proto', 'b')", 8, "takes 6 arguments")]
    [InlineData("decode('', 'hex')", 19, "no encoding 'hex'")]
    public void A_schema_that_there_is_not_is_refused(string expression, int column, string message)
    {
        var error = Calls().Refuse(expression);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        if (column < 28) Assert.Equal(column, error.Column);
        Assert.Contains("nothing", new Call { Options = new RuleSqlOptions() }.Refuse("get_thing_shadow('a', 'r')").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schema_may_come_with_the_message()
    {
        var call = new Call { Options = Calls().Options, Payload = """{"f":"car","m":"Car.Door"}"""u8.ToArray() };
        Assert.Equal("""{"name":"x"}""", call.Value("decode('CgF4', 'proto', 'b', 'fleet.desc', f, m)"));
        Assert.Null(call.Value("decode('CgF4', 'proto', 'b', 'fleet.desc', f, 'Bus' + m)"));
        Assert.Null(call.Value("decode('CgF4', 'proto', 'b', missing, f, m)"));
    }

    [Fact]
    public void Messages_in_each_other_have_a_limit()
    {
        var message = Array.Empty<byte>();
        for (var i = 0; i < 200; i++) message = [0xFA, 0x01, .. Varint(message.Length), .. message];
        Assert.Equal("null", Calls().Value($"decode('{Convert.ToBase64String(message)}', 'proto', 'b', 'fleet.desc', 'car', 'Car')"));
        var groups = Enumerable.Repeat((byte)0x53, 100_000).ToArray();
        Assert.Equal("null", Calls().Value($"decode('{Convert.ToBase64String(groups[..20_000])}', 'proto', 'b', 'fleet.desc', 'car', 'Car')"));
    }

    [Fact]
    public void A_message_that_is_too_large_fails()
    {
        var options = Calls().Options;
        var call = new Call { Options = options, Payload = new byte[(1024 * 1024) + 1] };
        Assert.Contains("1024 KiB", call.Failure("decode(encode(*, 'base64'), 'proto', 'b', 'fleet.desc', 'car', 'Car')"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Bytes_that_are_changed_somewhere_are_a_message_or_null(int seed)
    {
        var random = new Random(seed);
        var (message, schema) = (Convert.FromBase64String(Car), Schema);
        for (var i = 0; i < 2000; i++)
        {
            var changed = (byte[])message.Clone();
            for (var n = random.Next(1, 5); n > 0; n--) changed[random.Next(changed.Length)] = (byte)random.Next(256);
            var call = new Call { Options = Calls().Options, Payload = changed[..random.Next(changed.Length + 1)] };
            if (i < 300) Assert.NotNull(call.Value("decode(encode(*, 'base64'), 'proto', 'b', 'fleet.desc', 'car', 'Car')"));
            var changedSchema = (byte[])schema.Clone();
            for (var n = random.Next(1, 5); n > 0; n--) changedSchema[random.Next(changedSchema.Length)] = (byte)random.Next(256);
            var set = DescriptorSet.TryRead(changedSchema.AsSpan(0, random.Next(changedSchema.Length + 1)), out var problem);
            Assert.True(set is not null || problem.Length > 0);
            if (i < 300 && set?.Find("car", "Car") is not null) Calls(changedSchema).Compile("decode('', 'proto', 'b', 'fleet.desc', 'car', 'Car')");
        }
    }

    private static byte[] Varint(int value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }

    private static byte[] ReadSchema()
    {
        using var stream = typeof(ProtoTests).Assembly.GetManifestResourceStream("fleet.desc")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
