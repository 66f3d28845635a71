using System.Globalization;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Series.Questions;

/// <summary>Two engines must say the same.</summary>
internal static class AnswerCheck
{
    private const double MostDifference = 1e-9;

    /// <param name="question">What was asked.</param>
    /// <param name="one">An engine's name and answer.</param>
    /// <param name="other">Another's.</param>
    /// <exception cref="FaultException">They do not; it names the first row that differs.</exception>
    public static void Same(Question question, (string Engine, Answer Answer) one, (string Engine, Answer Answer) other)
    {
        var rows = Math.Min(one.Answer.Rows.Count, other.Answer.Rows.Count);
        var at = 0;
        while (at < rows && Same(one.Answer.Rows[at], other.Answer.Rows[at])) at++;
        if (at == rows && one.Answer.Rows.Count == other.Answer.Rows.Count) return;
        throw new FaultException(Fault.Corrupt, string.Create(CultureInfo.InvariantCulture,
            $"{question.Name}: {one.Engine} answers {one.Answer.Rows.Count:N0} rows and {other.Engine} {other.Answer.Rows.Count:N0}; the first that differs, of both sorted, is row {at}:\n")
            + $"  {one.Engine}: {RowOf(one.Answer, at)}\n  {other.Engine}: {RowOf(other.Answer, at)}");
    }

    private static bool Same(object?[] one, object?[] other)
    {
        for (var i = 0; i < one.Length; i++)
        {
            var same = (one[i], other[i]) switch
            {
                (double x, double y) => Math.Abs(x - y) <= MostDifference * Math.Max(Math.Abs(x), Math.Abs(y)),
                var (x, y) => Equals(x, y),
            };
            if (!same) return false;
        }

        return true;
    }

    private static string RowOf(Answer answer, int at) => at >= answer.Rows.Count
        ? "none"
        : string.Join(", ", answer.Rows[at].Select(static v => v is null ? "null" : Convert.ToString(v, CultureInfo.InvariantCulture)));
}
