using Microsoft.Extensions.FileProviders;

namespace Millrace.Server.Api;

/// <summary>The console at <c>/</c>.</summary>
internal static class ConsolePage
{
    public static void UseConsolePage(this WebApplication app)
    {
        var root = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        if (!File.Exists(Path.Combine(root, "index.html")))
        {
            app.MapGet("/", static () => Results.Text("The console was not built. Build it with: ./dev build\n"));
            return;
        }

        var files = new PhysicalFileProvider(root);
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,
            OnPrepareResponse = static context =>
            {
                // Names under assets/ carry a hash of what is in them.
                var forever = context.Context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal);
                context.Context.Response.Headers.CacheControl = forever ? "public, max-age=31536000, immutable" : "no-cache";
            },
        });
    }
}
