using System.Text;

namespace Millrace.Server.Cli;

/// <summary>A person at the keyboard.</summary>
internal static class Keyboard
{
    /// <summary>A line that is typed and not shown; the question goes to the standard error, so that the output can be piped.</summary>
    public static string ReadSecret(string question)
    {
        Console.Error.Write(question);
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace) typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar)) typed.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}
