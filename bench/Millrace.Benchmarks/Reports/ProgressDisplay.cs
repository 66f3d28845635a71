using Spectre.Console;

namespace Millrace.Benchmarks.Reports;

/// <summary>A progress bar on standard error, where a person watches it; nothing where it is piped.</summary>
internal static class ProgressDisplay
{
    /// <param name="title">Of the work.</param>
    /// <param name="total">What its reports run up to.</param>
    /// <param name="work">Given what to report to; any thread may.</param>
    public static async Task<T> ShowAsync<T>(string title, long total, Func<Action<long>, Task<T>> work)
    {
        if (Console.IsErrorRedirected) return await work(static _ => { });

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress().AutoClear(true).StartAsync(async context =>
        {
            var task = context.AddTask(Markup.Escape(title), maxValue: total);
            return await work(done => task.Value = done);
        });
    }

    /// <summary>A line on standard error, wherever that goes: of long work, what is known already.</summary>
    public static void Note(string line) => Console.Error.WriteLine(line);
}
