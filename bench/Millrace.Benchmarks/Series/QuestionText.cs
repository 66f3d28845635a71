using System.Text;
using Millrace.Benchmarks.Series.Data;
using Millrace.Benchmarks.Series.Engines;
using Millrace.Benchmarks.Series.Questions;

namespace Millrace.Benchmarks.Series;

/// <summary>What each engine is asked, for people who want to see it or ask it by hand.</summary>
internal static class QuestionText
{
    public static string Write(SeriesBenchOptions options)
    {
        var text = new StringBuilder();
        foreach (var question in options.Questions)
        {
            text.AppendLine($"-- {question.Name}: {question.Title}");
            var parameters = Parameters.Create(question, options.Shape, 0);
            foreach (var engine in options.Engines) text.AppendLine($"-- {engine}").AppendLine(Of(engine, question, parameters)).AppendLine();
        }

        return text.ToString().TrimEnd();
    }

    private static string Of(string engine, Question question, Parameters parameters) => engine switch
    {
        EngineKinds.Ours => MillraceSql.Of(question, parameters),
        EngineKinds.Postgres => PostgresSql.Of(question, parameters),
        EngineKinds.ClickHouse => ClickHouseSql.Of(question, parameters),
        _ => InfluxQl.WhyNot(question) ?? InfluxQl.Of(question, parameters).Text,
    };
}
