using Microsoft.Playwright;

namespace Millrace.SystemTests;

/// <summary>The live page in a real browser.</summary>
public sealed class LivePageTests
{
    [Fact]
    public async Task The_page_shows_what_arrives_and_survives_a_restart()
    {
        await using var server = await MillraceProcess.StartAsync(await DemoAsync());
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var page = await browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = 1280, Height = 900 } });
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        await page.GotoAsync(server.Http.BaseAddress!.ToString());

        // A chart that moves, without a click.
        await page.Locator("canvas").First.WaitForAsync();
        await Eventually.AsyncTrue(async () => await CountAsync(page) > 0, TimeSpan.FromSeconds(30), () => "no message is counted");
        var before = await CountAsync(page);
        await Eventually.AsyncTrue(async () => await CountAsync(page) > before, TimeSpan.FromSeconds(30), () => "the count does not move");

        await server.KillAsync();
        await page.GetByText("reconnecting", new PageGetByTextOptions { Exact = false }).First.WaitForAsync();
        await server.StartAgainAsync();
        before = await CountAsync(page);
        await Eventually.AsyncTrue(async () => await CountAsync(page) > before, TimeSpan.FromSeconds(60), () => "the page did not come back");
        Assert.Empty(errors);
    }

    private static async Task<string> DemoAsync() => await File.ReadAllTextAsync(Scratch.Repository("samples/demo/pipeline.yaml"));

    private static async Task<long> CountAsync(IPage page)
    {
        var text = await page.GetByTestId("messages").Locator("dd").First.InnerTextAsync();
        return long.TryParse(string.Concat(text.Where(char.IsAsciiDigit)), out var count) ? count : 0;
    }
}
