using System.Text.Json;

namespace Millrace.SystemTests;

/// <summary>A rule that puts what is published into a stream, and another that puts it into a table.</summary>
public static class RowsPipeline
{
    public const string Text = """
        streams:
          rows: { partitions: 3, retention: 1d }
        tables:
          fleet.rows: { dimensions: [vin] }
        flows:
          stream:
            sql: SELECT * FROM 'dt/rows/#'
            to: { stream: { name: rows, key: "${vin}" } }
          table:
            sql: SELECT * FROM 'dt/rows/#'
            to:
              series:
                table: fleet.rows
                dimensions: [vin]
                measure: { name: name, value: value }
                time: { field: timestamp }

        """;

    /// <summary>What is in the stream, partition by partition.</summary>
    public static async Task<List<(string Vin, long Number)>> StreamAsync(MillraceProcess server)
    {
        var found = new List<(string, long)>();
        for (var partition = 0; partition < 3; partition++)
        {
            var from = "oldest";
            while (true)
            {
                var page = await server.GetAsync($"api/v1/streams/rows/partitions/{partition}/records?from={from}&limit=5000");
                JsonElement[] records = [.. page.GetProperty("records").EnumerateArray()];
                if (records.Length == 0) break;
                foreach (var record in records)
                {
                    var row = JsonSerializer.Deserialize<JsonElement>(record.GetProperty("data").GetString()!);
                    found.Add((row.GetProperty("vin").GetString()!, row.GetProperty("value").GetInt64()));
                }

                from = page.GetProperty("next").GetString()!;
            }
        }

        return found;
    }
}
