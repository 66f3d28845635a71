using Millrace.Sql.Rules;

namespace Millrace.Tests.Sql;

public class SetTests
{
    private const string Weather =
        """{"device1":{"deviceId":"weather_sensor","deviceData":{"sensors":{"temp_fahrenheit":75,"humidity":60},"location":[47.606,-122.332]}}}""";

    [Theory]
    [InlineData("SET @s = device1.deviceData.sensors SELECT @s.temp_fahrenheit AS t, @s.humidity", """{"t":75,"humidity":60}""")]
    [InlineData("SET @f = device1.deviceData.sensors.temp_fahrenheit, @c = (@f - 32) * 5 / 9 SELECT floor(@c) AS c, @f", """{"c":23,"f":75}""")]
    [InlineData("SET @a = 1, @b = @a + 1, @c = @b + @a SELECT [@a, @b, @c] AS r", """{"r":[1,2,3]}""")]
    [InlineData("set @l = device1.deviceData.location SELECT @l[1] AS lon, get(@l, 0) AS lat", """{"lon":-122.332,"lat":47.606}""")]
    [InlineData("SET @x = missing SELECT @x AS x, isUndefined(@x) AS u", """{"u":true}""")]
    [InlineData("SET @x = NULL SELECT @x", """{"x":null}""")]
    [InlineData("SET @_9a = 'it''s' + 1 SELECT upper(@_9a) AS u, @_9a + @_9a AS d", """{"u":"IT'S1","d":"it's1it's1"}""")]
    [InlineData("SET @A = 1, @a = 2 SELECT @A, @a", """{"A":1,"a":2}""")]
    [InlineData("SET @o = {'k': [1, 2]} SELECT (SELECT VALUE i * 10 FROM @o.k AS i) AS r", """{"r":[10,20]}""")]
    [InlineData("SET @n = 10 SELECT (SELECT VALUE @n + x FROM device1.deviceData.location AS x WHERE x > @n) AS r", """{"r":[57.606]}""")]
    [InlineData("SET @all = (SELECT VALUE x FROM device1.deviceData.location AS x) SELECT (SELECT VALUE [@all, y] FROM @all AS y WHERE y < 0) AS r", """{"r":[[[47.606,-122.332],-122.332]]}""")]
    [InlineData("SET @c = true SELECT 1 AS x FROM 'a/b' WHERE @c", """{"x":1}""")]
    [InlineData("SET @c = 'a' = 'b' SELECT @c", """{"c":false}""")]
    public void Variables_stand_for_their_values(string sql, string expected) =>
        Assert.Equal((RuleResult.Output, expected), Rule.Run(sql.Contains("FROM 'a/b'", StringComparison.Ordinal) ? sql : $"{sql} FROM 'a/b'", Weather));

    [Fact]
    public void A_variable_is_computed_once_a_message_and_anew_for_the_next()
    {
        var rule = Rule.Compile("SET @id = newuuid() SELECT @id AS a, @id AS b, (SELECT VALUE @id FROM xs) AS c FROM '#'");
        var context = new RuleContext(TimeProvider.System, new Random(1));
        var seen = new HashSet<string>();
        for (var i = 0; i < 3; i++)
        {
            var output = new System.Buffers.ArrayBufferWriter<byte>();
            var record = new Millrace.Contracts.Records.Record { Topic = "a"u8, Payload = """{"xs":[1,2]}"""u8, Offset = i };
            Assert.Equal(RuleResult.Output, rule.Evaluate(record, context, output));
            using var json = System.Text.Json.JsonDocument.Parse(output.WrittenMemory);
            var id = json.RootElement.GetProperty("a").GetString()!;
            Assert.Equal([id, id, id], [json.RootElement.GetProperty("b").GetString()!, .. json.RootElement.GetProperty("c").EnumerateArray().Select(e => e.GetString()!)]);
            Assert.True(seen.Add(id));
        }
    }

    [Fact]
    public void A_variable_of_chance_is_the_same_in_the_statement_and_in_the_templates_of_its_rule()
    {
        var rule = Rule.Compile("SET @id = newuuid(), @other = newuuid() SELECT newuuid() AS own, @other AS other, @id AS id FROM '#'");
        Assert.True(Template.TryCompile("${newuuid()}/${@id}", rule.TemplateOptions, out var template, out _));
        var context = new RuleContext(TimeProvider.System, new Random(1));
        var (output, text) = (new System.Buffers.ArrayBufferWriter<byte>(), new System.Buffers.ArrayBufferWriter<byte>());
        var record = new Millrace.Contracts.Records.Record { Topic = "a"u8, Payload = "{}"u8, Offset = 7, ArrivalNs = 8 };
        Assert.Equal(RuleResult.Output, rule.Evaluate(record, context, output));
        Assert.True(template.TryRender(record, new RuleContext(TimeProvider.System), text));
        using var json = System.Text.Json.JsonDocument.Parse(output.WrittenMemory);
        var ids = json.RootElement.EnumerateObject().Select(m => m.Value.GetString()!).ToArray();
        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal(ids[2], System.Text.Encoding.UTF8.GetString(text.WrittenSpan).Split('/')[1]);
    }

    [Theory]
    [InlineData("SELECT @x FROM 't'", 8, "SET declares variables")]
    [InlineData("SET @speed = 1 SELECT @sped FROM 't'", 23, "did you mean @speed?")]
    [InlineData("SET @a = 1, @a = 2 SELECT @a FROM 't'", 13, "has its value already")]
    [InlineData("SET a = 1 SELECT a FROM 't'", 5, "SET @a")]
    [InlineData("SET @a = @a SELECT @a FROM 't'", 10, "no value yet")]
    [InlineData("SET @a = @b, @b = 1 SELECT @a FROM 't'", 10, "no value yet")]
    [InlineData("SET @a 1 SELECT @a FROM 't'", 8, "'='")]
    [InlineData("SET @a == 1 SELECT @a FROM 't'", 8, "write '='")]
    [InlineData("SET @a = 1 FROM 't'", 12, "SELECT")]
    [InlineData("SET @a = 1, SELECT @a FROM 't'", 13, "a variable")]
    [InlineData("SET SELECT 1 AS a FROM 't'", 5, "a variable")]
    [InlineData("SET @é = 1 SELECT @é FROM 't'", 5, "digits and '_'")]
    [InlineData("SET @ = 1 SELECT 1 AS x FROM 't'", 5, "followed by the name")]
    [InlineData("SELECT a FROM 't' SET @a = 1", 19, "WHERE or the end")]
    [InlineData("SET @a = uper('x') SELECT 1 AS x FROM 't'", 10, "upper()")]
    public void A_mistake_is_named_where_it_stands(string sql, int column, string message)
    {
        var error = Rule.Refuse(sql);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal((1, column), (error.Line, error.Column));
    }

    [Fact]
    public void There_are_ten_variables_at_most_with_names_of_64_characters()
    {
        static string Sql(int count) => $"SET {string.Join(", ", Enumerable.Range(0, count).Select(static i => $"@v{i} = {i}"))} SELECT @v0 FROM 't'";
        Rule.Compile(Sql(10));
        Assert.Contains("10 variables", Rule.Refuse(Sql(11)).Message, StringComparison.Ordinal);
        Rule.Compile($"SET @{new string('a', 64)} = 1 SELECT 1 AS x FROM 't'");
        Assert.Contains("64", Rule.Refuse($"SET @{new string('a', 65)} = 1 SELECT 1 AS x FROM 't'").Message, StringComparison.Ordinal);
    }
}
