using System.Diagnostics;

namespace Millrace.SystemTests;

/// <summary>Waits for what another process will do in its own time.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static async Task AsyncTrue(Func<Task<bool>> condition, TimeSpan patience, Func<string> otherwise)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > patience) throw new TimeoutException(otherwise());
            await Task.Delay(Pause);
        }
    }

    /// <summary>Ends when the value is the expected one; fails with the last one seen.</summary>
    public static async Task Equal<T>(T expected, Func<Task<T>> actual, int seconds = 20)
    {
        var last = default(T);
        await AsyncTrue(
            async () => EqualityComparer<T>.Default.Equals(last = await actual(), expected),
            TimeSpan.FromSeconds(seconds),
            () => $"expected {expected}, and after {seconds} s it is {last}");
    }
}
