using System.Text;
using System.Text.Json;
using Millrace.Sql.Payload;

namespace Millrace.Tests.Sql;

public class FieldReaderTests
{
    private static readonly string[] Car = ["vin", "trip_id", "name", "value", "timestamp"];

    [Fact]
    public void Fields_are_found_wherever_they_stand_and_the_shape_may_change()
    {
        var reader = new FieldReader(Car);
        string[] payloads =
        [
            """{"name":"speed","value":47.4,"vin":"V","trip_id":"T","timestamp":"2018"}""",
            """{"name":"speed","value":47.4,"vin":"V","trip_id":"T","timestamp":"2018"}""",
            """{"timestamp":"2018","trip_id":"T","vin":"V","name":"speed","value":47.4}""",
            """{"timestamp":"2018","x":[1,{"vin":2}],"trip_id":"T","vin":"V","name":"speed","value":47.4}""",
            """ { "name" : "speed" , "value" : 47.4 , "vin" : "V" , "trip_id" : "T" , "timestamp" : "2018" } """,
            """{"name":"speed","value":47.4,"vin":"V","trip_id":"T","timestamp":"2018"}""",
            """{"n\u0061me":"sp\u0065ed","value":47.4,"vin":"V","trip_id":"T","timestamp":"2018"}""",
            """{"n\u0061me":"sp\u0065ed","value":47.4,"vin":"V","trip_id":"T","timestamp":"2018"}""",
        ];
        foreach (var payload in payloads)
        {
            Assert.True(reader.TryRead(Encoding.UTF8.GetBytes(payload), out var fields), payload);
            Assert.Equal("V", Encoding.UTF8.GetString(fields.Text(0)));
            Assert.Equal("speed", Encoding.UTF8.GetString(fields.Text(2)));
            Assert.True(fields[3].TryGetDouble(out var value));
            Assert.Equal(47.4, value);
            Assert.Equal("2018", Encoding.UTF8.GetString(fields[4].Raw));
        }
    }

    [Fact]
    public void Messages_of_several_shapes_in_turns_are_read_without_allocation()
    {
        var reader = new FieldReader(["vin", "state.value", "at"], keepMembers: true);
        byte[][] payloads =
        [
            [.. """{"vin":"A","state":{"value":1,"unit":"C"},"at":"2018-02-15 08:20:18.000000000"}"""u8],
            [.. """{"at":"2018-02-15 08:20:18.000000000","state":{"unit":"C","value":2},"vin":"B"}"""u8],
            [.. """{ "at" : "2018" , "vin" : "C", "state" : { "value" : 3 } }"""u8],
            [.. """{"n\u0061me":"a name that is a good deal longer than one block is","vin":"D","state":{"value":4}}"""u8],
        ];
        var (allocated, vins) = (0L, "");
        for (var i = 0; i < 40; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.True(reader.TryRead(payloads[i % 4], out var fields));
            if (i >= 20) allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal([(byte)('1' + (i % 4))], fields[1].Raw);
            if (i >= 36) vins += Encoding.UTF8.GetString(fields.Text(0));
        }

        Assert.Equal(0, allocated);
        Assert.Equal("ABCD", vins);
    }

    [Fact]
    public void Values_of_every_length_end_where_they_end_at_every_distance_from_the_end_of_the_payload()
    {
        var reader = new FieldReader(["a", "b"]);
        string[] stops = ["", "\\n", "é", "\u0001", "\\", "x"];
        for (var length = 0; length < 70; length++)
            foreach (var stop in stops)
                for (var behind = 0; behind < 40; behind += 3)
                {
                    CheckValue(reader, $"\"{new string('v', length)}{stop}\"", behind);
                    CheckValue(reader, $"\"{stop}{new string('v', length)}", behind);
                }

        for (var length = 1; length < 45; length++)
            foreach (var form in new[] { "{0}", "-{0}", "{0}.5", "0.{0}", "-0.{0}", "{0}e5", "{0}.25E-7", "{0}.", "0{0}", "{0}e", "-", "+{0}", "{0}-", "tru", "truee", "null{0}", "false" })
                for (var behind = 0; behind < 40; behind++)
                    CheckValue(reader, string.Format(System.Globalization.CultureInfo.InvariantCulture, form, new string('7', length)), behind);
    }

    [Fact]
    public void What_was_found_before_is_forgotten()
    {
        var reader = new FieldReader(Car);
        Assert.True(reader.TryRead("""{"vin":"V","value":1}"""u8, out _));
        Assert.True(reader.TryRead("""{"vin":"V"}"""u8, out var fields));
        Assert.Equal(FieldKind.Missing, fields[3].Kind);
        Assert.True(fields.Text(3).IsEmpty);
        Assert.False(reader.TryRead("""{"vin":"V","value":1"""u8, out fields));
        Assert.Equal(FieldKind.Missing, fields[0].Kind);
    }

    [Fact]
    public void Paths_step_into_objects_and_the_last_of_a_name_counts()
    {
        var reader = new FieldReader(["a.b", "a", "a.c.d"]);
        Assert.True(reader.TryRead("""{"a":{"b":1,"c":{"d":[2]},"b":3}}"""u8, out var fields));
        Assert.Equal("3", Encoding.UTF8.GetString(fields[0].Raw));
        Assert.Equal(FieldKind.Object, fields[1].Kind);
        Assert.Equal("[2]", Encoding.UTF8.GetString(fields[2].Raw));
        Assert.True(reader.TryRead("""{"a":{"b":1,"c":{"d":2}},"a":{"b":{}}}"""u8, out fields));
        Assert.Equal(FieldKind.Object, fields[0].Kind);
        Assert.Equal(FieldKind.Missing, fields[2].Kind);
        Assert.True(reader.TryRead("""{"a":{"b":1},"a":[{"b":1}]}"""u8, out fields));
        Assert.Equal(FieldKind.Missing, fields[0].Kind);
        Assert.Equal(FieldKind.Array, fields[1].Kind);
    }

    [Fact]
    public void Members_come_in_their_order_with_their_field()
    {
        var reader = new FieldReader(["Time", "DeviceID"], keepMembers: true);
        var seen = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            seen.Clear();
            Assert.True(reader.TryRead("""{"Time":1.5,"DeviceID":"d","watt_me\u0061sure":777.8,"on":true}"""u8, out var fields));
            foreach (var member in fields.Members)
                seen.Add($"{Encoding.UTF8.GetString(member.Name)} {member.Field} {member.Value.Kind} {Encoding.UTF8.GetString(member.Text)}");
        }

        Assert.Equal(["Time 0 Number 1.5", "DeviceID 1 String d", "watt_measure -1 Number 777.8", "on -1 True true"], seen);
    }

    [Theory]
    [InlineData("", PayloadFault.Truncated, 0)]
    [InlineData("{", PayloadFault.Truncated, 1)]
    [InlineData("{\"vin\":\"V", PayloadFault.Truncated, 9)]
    [InlineData("{\"vin\":tru", PayloadFault.Truncated, 10)]
    [InlineData("{\"vin\":trux}", PayloadFault.Unexpected, 10)]
    [InlineData("{\"vin\":1,}", PayloadFault.Unexpected, 9)]
    [InlineData("{\"vin\":01}", PayloadFault.Unexpected, 8)]
    [InlineData("{\"vin\":1.}", PayloadFault.Unexpected, 9)]
    [InlineData("{\"vin\":+1}", PayloadFault.Unexpected, 7)]
    [InlineData("{\"vin\":NaN}", PayloadFault.Unexpected, 7)]
    [InlineData("{\"vin\":\"\t\"}", PayloadFault.Unexpected, 8)]
    [InlineData("{\"vin\":\"\\x\"}", PayloadFault.Unexpected, 9)]
    [InlineData("{\"vin\":\"\\u12g4\"}", PayloadFault.Unexpected, 12)]
    [InlineData("{\"vin\":1} x", PayloadFault.Trailing, 10)]
    [InlineData("{\"vin\":1}{}", PayloadFault.Trailing, 9)]
    [InlineData("{'vin':1}", PayloadFault.Unexpected, 1)]
    [InlineData("{\"vin\" 1}", PayloadFault.Unexpected, 7)]
    [InlineData("{\"a\":[1}}", PayloadFault.Unexpected, 7)]
    [InlineData("[1]", PayloadFault.NotAnObject, 0)]
    [InlineData("[1", PayloadFault.Truncated, 2)]
    [InlineData("[1] 2", PayloadFault.Trailing, 4)]
    [InlineData("hello", PayloadFault.Unexpected, 0)]
    [InlineData("\uFEFF{}", PayloadFault.Unexpected, 0)]
    public void What_is_no_JSON_object_is_refused_with_the_byte(string payload, PayloadFault fault, int position)
    {
        var reader = new FieldReader(Car);
        Assert.False(reader.TryRead(Encoding.UTF8.GetBytes(payload), out _));
        Assert.Equal(new PayloadError(fault, position), reader.Error);
    }

    [Fact]
    public void Strings_must_be_UTF8()
    {
        var reader = new FieldReader(Car);
        Assert.False(reader.TryRead([.. "{\"vin\":\""u8, 0xC3, 0x28, .. "\"}"u8], out _));
        Assert.Equal(new PayloadError(PayloadFault.NotUtf8, 7), reader.Error);
        Assert.True(reader.TryRead("""{"vin":"é€😀, and a good deal more than one block of them: é€😀"}"""u8, out _));
        Assert.False(reader.TryRead([.. "{\""u8, 0xFF, .. "\":1}"u8], out _));
    }

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character()
    {
        var reader = new FieldReader(["a"]);
        Assert.True(reader.TryRead("""{"a":"x\ud83dy\ude00\ud83d\ude00"}"""u8, out var fields));
        Assert.Equal("x\uFFFDy\uFFFD😀", Encoding.UTF8.GetString(fields.Text(0)));
    }

    [Fact]
    public void Depth_is_limited_as_in_System_Text_Json()
    {
        var reader = new FieldReader(Car);
        static byte[] Nested(int arrays) => Encoding.UTF8.GetBytes("{\"a\":" + new string('[', arrays) + new string(']', arrays) + "}");
        Assert.True(reader.TryRead(Nested(63), out _));
        Assert.False(reader.TryRead(Nested(64), out _));
        Assert.Equal(PayloadFault.TooDeep, reader.Error.Fault);
        Assert.False(reader.TryRead(Nested(5_000_000), out _));
    }

    [Theory]
    [InlineData("47.4", 47.4)]
    [InlineData("-0.001", -0.001)]
    [InlineData("0", 0)]
    [InlineData("64.10065503146477", 64.10065503146477)]
    [InlineData("1e-7", 1e-7)]
    [InlineData("123456789012345678901234567890", 1.2345678901234568e29)]
    [InlineData("1.7976931348623157e308", double.MaxValue)]
    [InlineData("5e-324", double.Epsilon)]
    public void Doubles_are_the_nearest(string number, double expected)
    {
        var reader = new FieldReader(["x"]);
        Assert.True(reader.TryRead(Encoding.UTF8.GetBytes($"{{\"x\":{number}}}"), out var fields));
        Assert.True(fields[0].TryGetDouble(out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("3", true, 3)]
    [InlineData("3.0", true, 3)]
    [InlineData("3e2", true, 300)]
    [InlineData("-9223372036854775808", true, long.MinValue)]
    [InlineData("9223372036854775808", false, 0)]
    [InlineData("3.5", false, 0)]
    [InlineData("1e400", false, 0)]
    [InlineData("true", false, 0)]
    [InlineData("\"3\"", false, 0)]
    public void Longs_are_whole_numbers_only(string number, bool possible, long expected)
    {
        var reader = new FieldReader(["x"]);
        Assert.True(reader.TryRead(Encoding.UTF8.GetBytes($"{{\"x\":{number}}}"), out var fields));
        Assert.Equal(possible, fields[0].TryGetLong(out var value));
        if (possible) Assert.Equal(expected, value);
        Assert.False(number == "1e400" && fields[0].TryGetDouble(out _));
    }

    [Fact]
    public void Random_numbers_are_read_as_the_framework_reads_them()
    {
        var random = new Random(3);
        var reader = new FieldReader(["x"]);
        for (var i = 0; i < 20_000; i++)
        {
            var number = RandomJson.Number(random);
            Assert.True(reader.TryRead(Encoding.UTF8.GetBytes($"{{\"x\":{number}}}"), out var fields), number);
            var expected = double.Parse(number, System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(double.IsFinite(expected), fields[0].TryGetDouble(out var value));
            if (double.IsFinite(expected)) Assert.Equal(expected, value);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("x,x")]
    public void Names_that_are_none_or_twice_are_refused(string names) =>
        Assert.Throws<ArgumentException>(() => new FieldReader(names.Split(',')));

    [Fact]
    public void Random_and_damaged_documents_are_read_as_the_framework_reads_them()
    {
        string[] wanted = ["a", "vin", "b.a", "b.é.vin", "é", "b\tq"];
        var reader = new FieldReader(wanted, keepMembers: true);
        var accepted = 0;
        for (var seed = 0; seed < 30_000; seed++)
        {
            var random = new Random(seed);
            // Several of one shape in a row, so that the remembered pieces are at work on the damaged ones too.
            var json = Encoding.UTF8.GetBytes(RandomJson.Object(new Random(seed / 5), random.Next(3)));
            if (random.Next(2) == 0) RandomJson.Damage(ref json, random);
            if (Check(reader, wanted, json, seed)) accepted++;
        }

        Assert.InRange(accepted, 15_000, 28_000);
    }

    private static void CheckValue(FieldReader reader, string value, int behind)
    {
        var json = Encoding.UTF8.GetBytes($"{{\"a\":{value}{new string(' ', behind % 4)},\"b\":{new string('1', 1 + behind)}}}");
        var cut = Encoding.UTF8.GetBytes($"{{\"a\":{value}{new string(' ', behind)}");
        foreach (var bytes in new[] { json, cut, [.. cut, (byte)'}'] })
        {
            var isJson = true;
            try
            {
                using var document = JsonDocument.Parse(bytes);
            }
            catch (JsonException)
            {
                isJson = false;
            }

            // Twice, because the second time it knows what stands before the value.
            for (var i = 0; i < 2; i++)
            {
                Assert.True(isJson == reader.TryRead(bytes, out var fields), Encoding.UTF8.GetString(bytes));
                if (isJson) Assert.Equal(value.Trim('"'), Encoding.UTF8.GetString(fields[0].Raw));
            }
        }
    }

    private static bool Check(FieldReader reader, string[] wanted, byte[] json, int seed)
    {
        var read = reader.TryRead(json, out var fields);
        JsonElement root;
        try
        {
            using var document = JsonDocument.Parse(json);
            root = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            Assert.False(read, $"seed {seed} accepts {Encoding.UTF8.GetString(json)}");
            Assert.InRange(reader.Error.Position, 0, json.Length);
            return false;
        }

        if (!read)
        {
            var why = reader.Error.Fault;
            Assert.True(why == PayloadFault.NotUtf8 || (why == PayloadFault.NotAnObject && root.ValueKind != JsonValueKind.Object), $"seed {seed}: {reader.Error}: {Encoding.UTF8.GetString(json)}");
            Assert.True(why != PayloadFault.NotUtf8 || !System.Text.Unicode.Utf8.IsValid(json), $"seed {seed}");
            return false;
        }

        try
        {
            Compare(root, fields, wanted, seed);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: the framework reads the document, and then cannot give its text.
        }

        return true;
    }

    private static void Compare(JsonElement root, Fields fields, string[] wanted, int seed)
    {
        for (var i = 0; i < wanted.Length; i++) Same(Find(root, wanted[i]), fields, i, seed);
        var member = 0;
        foreach (var expected in root.EnumerateObject())
        {
            Assert.Equal(expected.Name, Encoding.UTF8.GetString(fields.Members[member].Name));
            Assert.Equal(expected.Value.GetRawText(), Raw(fields.Members[member++].Value));
        }

        Assert.Equal(member, fields.Members.Count);
    }

    private static void Same(JsonElement? expected, Fields fields, int index, int seed)
    {
        if (expected is not { } value)
        {
            Assert.True(fields[index].Kind == FieldKind.Missing, $"seed {seed}, field {index}");
            return;
        }

        Assert.True(fields[index].Kind != FieldKind.Missing, $"seed {seed}, field {index}");
        Assert.Equal(value.GetRawText(), Raw(fields[index]));
        if (value.ValueKind == JsonValueKind.String) Assert.Equal(value.GetString(), Encoding.UTF8.GetString(fields.Text(index)));
    }

    private static string Raw(Field field) => field.Kind == FieldKind.String
        ? $"\"{Encoding.UTF8.GetString(field.Raw)}\""
        : Encoding.UTF8.GetString(field.Raw);

    private static JsonElement? Find(JsonElement root, string path)
    {
        foreach (var step in path.Split('.'))
        {
            if (root.ValueKind != JsonValueKind.Object) return null;
            JsonElement? last = null;
            foreach (var member in root.EnumerateObject())
                if (member.Name == step) last = member.Value;
            if (last is null) return null;
            root = last.Value;
        }

        return root;
    }
}
