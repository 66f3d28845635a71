using Millrace.Benchmarks.Stacks;

namespace Millrace.Benchmarks.Pipeline;

/// <summary>The pipeline that is measured, as a user would write it.</summary>
internal static class PipelineFile
{
    private const string Series =
        $$"""
        tables:
          {{MillraceTable.Name}}: { dimensions: [vin, trip_id] }
        flows:
          telemetry:
            sql: "SELECT * FROM 'dt/cars/+/telemetry'"
            to:
              series:
                table: {{MillraceTable.Name}}
                dimensions: [vin, trip_id]
                measure: { name: name, value: value }
                time: { field: timestamp }

        """;

    private const string Lake =
        """
          lake:
            sql: "SELECT * FROM 'dt/cars/+/telemetry'"
            to:
              lake: { stream: cars }

        """;

    public static string Text(bool lake) => lake ? Series + Lake : Series;
}
