namespace Millrace.Fuzz;

/// <summary>A target took an input in a way that it must not.</summary>
public sealed class BrokenPromiseException(string message) : Exception(message)
{
    public static void Unless(bool holds, string message)
    {
        if (!holds) throw new BrokenPromiseException(message);
    }
}
