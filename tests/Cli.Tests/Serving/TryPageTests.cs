namespace LdNetGpu.Tests.Serving;

/// <summary>The page of <c>ldnet serve</c>, in a browser.</summary>
[Collection(Serving.Name)]
public sealed class TryPageTests(ServingFixture serving)
{
    const int Enter = 13, Tab = 9;
    const string Marks = "[...document.querySelectorAll('#text mark')]";
    const string Done = "document.querySelector('#status').textContent !== ''";

    [Fact]
    public async Task NamesAreColouredAfterAClick()
    {
        Assert.SkipWhen(Browser.WhyNot is not null, Browser.WhyNot ?? "");
        await using var page = await BrowserPage.OpenAsync(serving.Server.Address);
        await FillAsync(page, "😀 Anna lives in Paris. <b>Karl</b> Lee");
        await page.ClickAsync("#tag");
        await page.UntilAsync(Done);
        var names = (string?)await page.ValueAsync(
            $"{Marks}.map(m => m.lastChild.textContent + ' ' + m.firstChild.textContent).join()");
        Assert.Contains("PER Anna", names);
        Assert.Contains("LOC Paris", names);
        var colours = (await page.ValueAsync($"{Marks}.map(m => getComputedStyle(m).backgroundColor)"))!.AsArray()
            .Select(colour => (string)colour!).ToList();
        Assert.DoesNotContain("rgba(0, 0, 0, 0)", colours);
        Assert.True(colours.Distinct().Count() > 1, "one colour for all types");
        // The text stands there as it was typed, tags of HTML as text.
        Assert.Equal("😀 Anna lives in Paris. <b>Karl</b> Lee", (string?)await page.ValueAsync(
            "(() => { const c = document.querySelector('#text').cloneNode(true); "
            + "c.querySelectorAll('small').forEach(s => s.remove()); return c.textContent; })()"));
        Assert.Equal(0, (int)(await page.ValueAsync("document.querySelectorAll('#text b').length"))!);
        Assert.Equal(colours.Count,
            (int)(await page.ValueAsync("document.querySelectorAll('#names tbody tr').length"))!);
        Assert.Equal(0, (int)(await page.ValueAsync(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"))!);
        // Nothing is loaded but the answer.
        Assert.Equal([$"{serving.Server.Address}tag"],
            (await page.ValueAsync("performance.getEntriesByType('resource').map(r => r.name)"
                + ".filter(n => !n.endsWith('favicon.ico'))"))!.AsArray().Select(name => (string)name!));
    }

    [Fact]
    public async Task TheKeyboardIsEnough()
    {
        Assert.SkipWhen(Browser.WhyNot is not null, Browser.WhyNot ?? "");
        await using var page = await BrowserPage.OpenAsync(serving.Server.Address);
        await page.ValueAsync("document.querySelector('#input').value = ''");
        await page.PressAsync("Tab", Tab);
        Assert.Equal("input", (string?)await page.ValueAsync("document.activeElement.id"));
        await page.TypeAsync("Oslo and Paris");
        await page.PressAsync("Enter", Enter, isControl: true);
        await page.UntilAsync(Done);
        Assert.True((int)(await page.ValueAsync($"{Marks}.length"))! > 0);
    }

    [Fact]
    public async Task AKeyIsAskedForAndProblemsAreShown()
    {
        Assert.SkipWhen(Browser.WhyNot is not null, Browser.WhyNot ?? "");
        const string key = "0123456789abcdef0123";
        using var server = ServedTagger.StartWith([("LDNET_API_KEY", key)], serving.Tagger.Folder);
        await using var page = await BrowserPage.OpenAsync(server.Address);
        Assert.True((bool?)await page.ValueAsync("document.querySelector('#keyed').hidden"));
        await page.ClickAsync("#tag");
        await page.UntilAsync("document.querySelector('#problem').textContent.includes('no key')");
        Assert.Equal("key", (string?)await page.ValueAsync("document.activeElement.id"));
        await page.TypeAsync(key);
        await page.ClickAsync("#tag");
        await page.UntilAsync(Done);
        Assert.Equal("", (string?)await page.ValueAsync("document.querySelector('#problem').textContent"));
        Assert.True((int)(await page.ValueAsync($"{Marks}.length"))! > 0);
    }

    static async Task FillAsync(BrowserPage page, string text)
    {
        await page.ValueAsync("document.querySelector('#input').value = ''");
        await page.ClickAsync("#input");
        await page.TypeAsync(text);
    }
}
