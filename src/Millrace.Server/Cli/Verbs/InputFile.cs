namespace Millrace.Server.Cli.Verbs;

/// <summary>A file that the command line names; <c>-</c> is the standard input.</summary>
internal static class InputFile
{
    /// <returns>At most one byte more than the limit, so that whoever has the limit can say so.</returns>
    public static byte[] Read(CliContext context, string path, int limit)
    {
        try
        {
            return path == "-" ? CliContext.ReadAtMost(context.In(), limit) : context.ReadFile(path, limit);
        }
        catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
        {
            throw new CliException(Exit.Invalid, $"Cannot read {path}: {cannot.Message}", cannot);
        }
    }
}
