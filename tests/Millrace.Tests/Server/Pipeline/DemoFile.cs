namespace Millrace.Tests.Server.Pipeline;

/// <summary>The pipeline of the demo, found from the test's own folder upwards.</summary>
internal static class DemoFile
{
    public static string Text()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "samples", "demo", "pipeline.yaml");
            if (File.Exists(path)) return File.ReadAllText(path);
        }

        throw new FileNotFoundException("samples/demo/pipeline.yaml is in no folder above the tests.");
    }
}
