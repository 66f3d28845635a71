using System.CommandLine;

namespace Millrace.Server.Cli.Output;

/// <summary>How rows are written.</summary>
internal enum OutputFormat
{
    Table,
    Csv,
    Json,
    JsonLines,
    Parquet,
}

internal static class OutputFormats
{
    public static Option<string> Option(params string[] choices)
    {
        var option = new Option<string>("--format") { Description = "how rows are written", DefaultValueFactory = _ => choices[0] };
        option.AcceptOnlyFromAmong(choices);
        return option;
    }

    public static OutputFormat Of(string choice) => choice switch
    {
        "csv" => OutputFormat.Csv,
        "json" => OutputFormat.Json,
        "jsonl" => OutputFormat.JsonLines,
        "parquet" => OutputFormat.Parquet,
        _ => OutputFormat.Table,
    };
}
