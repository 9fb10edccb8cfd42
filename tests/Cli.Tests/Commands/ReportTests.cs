using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace LdNetGpu.Tests.Commands;

/// <summary>Runs side by side.</summary>
public sealed class ReportTests(TinyModels tiny)
{
    [Fact]
    public void EveryRunBelowAFolderIsFound()
    {
        var runs = Ldnet.Run("report", tiny.LanguageModels, tiny.Tagger, "--json").Json["runs"]!.AsArray();
        Assert.Equal(["backward", "forward", "tagger"], runs.Select(run => Path.GetFileName(Text(run!["name"]))));
        Assert.Equal(["language_model", "language_model", "tagger"], runs.Select(run => Text(run!["kind"])));
        var metrics = runs[2]!["metrics"]!.AsArray();
        Assert.Equal(File.ReadAllLines(Path.Combine(tiny.Tagger, "metrics.jsonl")).Length, metrics.Count);
        Assert.Equal("0.1", Text(runs[2]!["settings"]!["learning_rate"]));
        Assert.Equal("5", Text(runs[0]!["settings"]!["hidden_size"]));
    }

    [Fact]
    public void TaggersAreScoredAsEvalScoresThem()
    {
        var json = Ldnet.Run("report", tiny.Tagger, tiny.NoLm, "--data", tiny.TestFile, "--json").Json;
        foreach (var run in json["runs"]!.AsArray())
        {
            var score = Ldnet.Run("eval", "--model", Text(run!["name"]), "--data", tiny.TestFile, "--json").Json;
            Assert.Equal(Number(score["f1"]), Number(run["score"]!["f1"]));
            Assert.Equal(Number(score["multiply_adds_per_word"]), Number(run["multiply_adds_per_word"]));
            var interval = run["f1_interval"]!.AsArray();
            Assert.InRange(Number(run["score"]!["f1"]), Number(interval[0]), Number(interval[1]));
        }
        Assert.Null(json["runs"]![0]!["p_against_first"]);
        Assert.InRange(Number(json["runs"]![1]!["p_against_first"]), 0.0009, 1);
    }

    [Fact]
    public void DrawsAreThoseOfTheSeed()
    {
        var learned = tiny.PathOf("report-learned");
        // Scored on what it has learned by heart: so small a tagger finds nothing elsewhere.
        string[] training = tiny.TaggerTraining(learned, "--set", "max_epochs=40", "--set", "lr_decay=0", "--set",
            "dropout=0");
        Ldnet.Run(Array.ConvertAll(training, part => part == tiny.DevFile ? tiny.TrainFile : part)).Succeeded();
        string Interval(params string[] more) => Ldnet.Run(["report", learned, "--data", tiny.TrainFile, "--json",
            .. more]).Json["runs"]![0]!["f1_interval"]!.ToJsonString();
        Assert.Equal(Interval("--seed", "3"), Interval("--seed", "3"));
        Assert.NotEqual(Interval("--samples", "100"), Interval("--samples", "3000"));
    }

    [Fact]
    public void SeedsOfOneFolderAreTakenTogether()
    {
        var runs = tiny.PathOf("report-seeds");
        foreach (var (from, to) in new[] { (tiny.Tagger, "seed-1"), (tiny.NoLm, "seed-2") })
            tiny.CopyOf(from, Path.Combine("report-seeds", to));
        var json = Ldnet.Run("report", runs, "--data", tiny.TestFile, "--json").Json;
        var seeds = Assert.Single(json["seeds"]!.AsArray())!;
        Assert.Equal(2, Number(seeds["runs"]));
        Assert.Contains("2 seeds: F1 ", Ldnet.Run("report", runs, "--data", tiny.TestFile).Succeeded().Output);
    }

    [Fact]
    public void ThePageHasCurvesTablesAndErrorsThatCanBeChosen()
    {
        if (Browser.WhyNot is { } problem) Assert.Skip(problem);
        var pruned = tiny.PathOf("report-pruned");
        Ldnet.Run(tiny.Pruning(pruned, "--layers", "1", "--lambda0", "4")).Succeeded();
        var page = tiny.PathOf("report.html");
        Ldnet.Run("report", tiny.Tagger, tiny.NoLm, pruned, tiny.LanguageModels, "--data", tiny.TestFile, "--html",
            page).Succeeded();
        var seen = Browser.Open(page);
        Assert.Equal("5 runs", Text(seen["title"]));
        Assert.Equal(["F1 on the deve", "Losses over th", "Perplexities o", "z of each laye"],
            seen["images"]!.AsArray().Select(image => Text(image!["alt"])[..14]));
        Assert.All(seen["images"]!.AsArray(), image => Assert.Equal(860, Number(image!["width"])));
        Assert.Equal(0, Number(seen["overflow"]));
        List<string[]> rows = [.. seen["rows"]!.AsArray().Select(row => (string[])[.. row!.AsArray().Select(Text)])];
        Assert.Contains(rows, row => row is ["learning_rate" or "max_epochs", ..] && row.Contains("1"));
        Assert.Contains(rows, row => row is [_, "missed" or "spurious" or "wrong type" or "wrong words", ..]);
        Assert.Contains("<select>", File.ReadAllText(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ErrorsAreChosenByAColumnAndByWords()
    {
        Assert.SkipWhen(Browser.WhyNot is not null, Browser.WhyNot ?? "");
        var file = tiny.PathOf("filters.html");
        Ldnet.Run("report", tiny.NoLm, tiny.Tagger, "--data", tiny.TestFile, "--html", file).Succeeded();
        await using var page = await BrowserPage.OpenAsync(new(file));
        const string Rows = "[...document.querySelectorAll('.filtered tr')].slice(1)";
        async Task<string[]> Shown(string cell) => [.. (await page.ValueAsync(
            $"{Rows}.filter(row => !row.hidden).map(row => row.cells[{cell}].textContent)"))!.AsArray().Select(Text)];
        var all = await Shown("0");
        Assert.Equal(2, all.Distinct().Count());
        await page.ValueAsync("(() => { const tagger = document.querySelector('.filters select'); "
            + "tagger.selectedIndex = 1; tagger.dispatchEvent(new Event('input', { bubbles: true })); })()");
        var chosen = await Shown("0");
        Assert.Single(chosen.Distinct());
        Assert.InRange(chosen.Length, 1, all.Length - 1);
        Assert.Equal($"{chosen.Length} of {all.Length}",
            (string?)await page.ValueAsync("document.querySelector('.filters output').textContent"));
        var word = (await Shown("5"))[0].Split(' ').MaxBy(part => part.Length)!;
        await page.ClickAsync(".filters input");
        await page.TypeAsync(word);
        var found = await Shown("5");
        Assert.NotEmpty(found);
        Assert.All(found, sentence => Assert.Contains(word, sentence, StringComparison.OrdinalIgnoreCase));
        await page.TypeAsync("nowhere");
        Assert.Empty(await Shown("5"));
    }

    [Fact]
    public void OnlyTheFirstErrorsAreShownWhereThereAreMore()
    {
        string Page(string most)
        {
            var page = tiny.PathOf("errors.html");
            Ldnet.Run("report", tiny.NoLm, "--data", tiny.TestFile, "--html", page, "--errors", most).Succeeded();
            return File.ReadAllText(page);
        }
        Assert.Contains("the first 2.", Page("2"), StringComparison.Ordinal);
        Assert.DoesNotContain("the first", Page("100000").Replace("the first tagger", ""), StringComparison.Ordinal);
    }

    // Length, its checksum, the message, its checksum.
    [Fact]
    public void EventFilesHoldTheFigures()
    {
        var events = tiny.PathOf("events");
        Ldnet.Run("report", tiny.Tagger, "--tensorboard", events).Succeeded();
        var file = Assert.Single(Directory.GetFiles(events, "events.out.tfevents.*", SearchOption.AllDirectories));
        var bytes = File.ReadAllBytes(file);
        var messages = new List<byte[]>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
            messages.Add(bytes[(at + 12)..(at + 12 + length)]);
            Assert.Equal(Masked(bytes[at..(at + 8)]), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)));
            Assert.Equal(Masked(messages[^1]),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length)));
            at += 12 + length + 4;
        }
        Assert.Contains("brain.Event:2", Encoding.Latin1.GetString(messages[0]), StringComparison.Ordinal);
        Assert.Equal(File.ReadAllLines(Path.Combine(tiny.Tagger, "metrics.jsonl")).Length, messages.Count - 1);
        var f1 = JsonNode.Parse(File.ReadAllLines(Path.Combine(tiny.Tagger, "metrics.jsonl"))[1])!["dev_f1"]!
            .GetValue<double>();
        var second = messages[2];
        var tag = Encoding.Latin1.GetString(second).IndexOf("dev_f1", StringComparison.Ordinal);
        Assert.Equal((float)f1, BinaryPrimitives.ReadSingleLittleEndian(second.AsSpan(tag + "dev_f1".Length + 1)));
    }

    // CRC-32C bit by bit, turned by 15 bits and moved on, as TFRecord has it; RFC 3720 gives that of 32 zeros.
    static uint Masked(byte[] bytes)
    {
        Assert.Equal(0x8A9136AAu, Crc(new byte[32]));
        return uint.RotateRight(Crc(bytes), 15) + 0xA282EAD8;

        static uint Crc(byte[] bytes)
        {
            var state = uint.MaxValue;
            foreach (var value in bytes)
            {
                state ^= value;
                for (var bit = 0; bit < 8; bit++) state = (state >> 1) ^ ((state & 1) == 1 ? 0x82F63B78 : 0);
            }
            return ~state;
        }
    }

    [Fact]
    public void ARunIsTakenOnceAndHasAFolderOfItsOwn()
    {
        Assert.Single(Ldnet.Run("report", tiny.NoLm, tiny.NoLm + "/", "--json").Json["runs"]!.AsArray());
        var inner = tiny.CopyOf(tiny.NoLm, "report-y/inner/one");
        tiny.CopyOf(tiny.NoLm, "report-y/one");
        // Another folder, and the same words once what leads out of it is left out.
        var outer = Path.Combine(tiny.PathOf("report-y"), "inner", "..", "one");
        Assert.Equal(2, Ldnet.Run("report", inner, outer, "--json").Json["runs"]!.AsArray().Count);
        Ldnet.Run("report", inner, outer, "--tensorboard", tiny.PathOf("y-events")).Failed(1, "one folder");
    }

    // Figures that somebody has broken are left out, and end nothing.
    [Fact]
    public void FiguresThatAreNoneAreLeftOut()
    {
        if (Browser.WhyNot is { } problem) Assert.Skip(problem);
        var run = tiny.CopyOf(tiny.NoLm, "report-odd");
        File.AppendAllText(Path.Combine(run, "metrics.jsonl"),
            "{\"epoch\": 2, \"dev_f1\": \"high\", \"scales\": [0.5, \"x\"]}\n{\"epoch\": \"3\", \"scales\": [0.25]}\n");
        var page = tiny.PathOf("odd.html");
        Ldnet.Run("report", run, "--html", page, "--tensorboard", tiny.PathOf("odd-events")).Succeeded();
        Assert.Contains(Browser.Open(page)["images"]!.AsArray(), image => Text(image!["alt"]).StartsWith("z of each"));
    }

    [Fact]
    public void WhatIsNoRunIsSaid()
    {
        Ldnet.Run("report", tiny.PathOf("nowhere")).Failed(1, "nowhere", "no such folder");
        Directory.CreateDirectory(tiny.PathOf("hollow"));
        Ldnet.Run("report", tiny.PathOf("hollow")).Failed(1, "hollow", "no model in it");
        Ldnet.Run("report", tiny.LanguageModels, "--data", tiny.TestFile).Failed(1, "no tagger among the runs");
        Ldnet.Run("report", tiny.Tagger, "--html", tiny.PathOf("no/page.html")).Failed(1, "there is no folder");
        var damaged = tiny.CopyOf(tiny.NoLm, "report-damaged");
        File.AppendAllText(Path.Combine(damaged, "metrics.jsonl"), "{ \"epoch\": \n");
        Ldnet.Run("report", damaged).Failed(1, "report-damaged", "metrics.jsonl", "line 2");
        Ldnet.Run("report").Failed(2);
    }

    static string Text(JsonNode? node) => node!.GetValue<string>();

    static double Number(JsonNode? node) => node!.GetValue<double>();
}
