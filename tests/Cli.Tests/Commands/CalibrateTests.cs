using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace LdNetGpu.Tests.Commands;

/// <summary><c>ldnet calibrate</c> and <c>ldnet eval --calibration</c>.</summary>
public sealed class CalibrateTests(NamingTagger tiny) : IClassFixture<NamingTagger>
{
    string Copy([CallerMemberName] string name = "")
    {
        foreach (var file in Directory.EnumerateFiles(tiny.Folder, "*", SearchOption.AllDirectories))
            tiny.Write(Path.Combine(name, Path.GetRelativePath(tiny.Folder, file)), File.ReadAllBytes(file));
        return tiny.PathOf(name);
    }

    // Words without a name say nothing of how sure it is of names.
    [Fact]
    public void TextWithoutSpansIsRefused()
    {
        var folder = Copy();
        var nothing = tiny.Write("nothing.conll", "a O\nb O\n\nc O\n");
        Ldnet.Run("calibrate", "--model", folder, "--data", nothing).Failed(1, "nothing.conll", "holds no spans");
        Assert.False(File.Exists(Path.Combine(folder, "calibration.json")));
    }

    // What the tagger knows of it is one sentence, and words without a name.
    [Fact]
    public void TextThatIsMostlyOfOtherTypesIsRefused()
    {
        var folder = Copy();
        const string mixed = "Anna B-PER\nsaid O\n\nMars B-PLANET\n\nin O\ntown O\n\n";
        var foreign = tiny.Write("foreign.conll", mixed + "Ale B-DRINK\nof O\nVenus B-PLANET\n");
        Ldnet.Run("calibrate", "--model", folder, "--data", foreign).Failed(1, "foreign.conll", "3 of 4 spans",
            "does not know: 'DRINK', 'PLANET'", "'LOC', 'PER'");
        Assert.False(File.Exists(Path.Combine(folder, "calibration.json")));
        Ldnet.Run("calibrate", "--model", folder, "--data", tiny.Write("half.conll", mixed)).Succeeded();
    }

    [Fact]
    public void ATemperatureFileWithoutItsKeysSaysHowManyAreMissing()
    {
        var folder = Copy();
        File.WriteAllText(Path.Combine(folder, "calibration.json"), "{}");
        Ldnet.Run("calibrate", "--model", folder).Failed(1, "it lacks 'temperature', ", " and 1 more.");
    }

    [Fact]
    public void ATemperatureIsFittedKeptShownAndRemoved()
    {
        var folder = Copy();
        Assert.Contains("no temperature", Ldnet.Run("calibrate", "--model", folder).Succeeded().Output,
            StringComparison.Ordinal);
        Assert.Null(Ldnet.Run("calibrate", "--model", folder, "--json").Json["temperature"]);
        string[] tag = ["tag", "--model", folder, "--input", "conll", tiny.Labelled];
        var (tags, before) = (Ldnet.Run(tag).Succeeded().Output, Ldnet.Run([.. tag, "--confidence"]).Output);

        var fitted = Ldnet.Run("calibrate", "--model", folder, "--data", tiny.Labelled, "--json").Json;
        var temperature = (double)fitted["temperature"]!;
        Assert.True((double)fitted["loss_after"]! < (double)fitted["loss_before"]!);
        Assert.Equal((double)fitted["loss_before"]!, (double)fitted["before"]!["loss"]!);
        Assert.Equal((double)fitted["loss_after"]!, (double)fitted["after"]!["loss"]!);
        Assert.Equal((1, temperature), ((double)fitted["before"]!["temperature"]!,
            (double)fitted["after"]!["temperature"]!));
        var shown = Ldnet.Run("calibrate", "--model", folder, "--json").Json;
        Assert.Equal(temperature, (double)shown["temperature"]!);
        Assert.True((bool)shown["is_of_these_weights"]!);
        Assert.Contains($"temperature {temperature:f4}, fitted on 12 sentences",
            Ldnet.Run("calibrate", "--model", folder).Succeeded().Output, StringComparison.Ordinal);

        Assert.Equal(tags, Ldnet.Run(tag).Output);
        Assert.NotEqual(before, Ldnet.Run([.. tag, "--confidence"]).Succeeded().Output);
        Assert.Contains("removed", Ldnet.Run("calibrate", "--model", folder, "--remove").Succeeded().Output,
            StringComparison.Ordinal);
        Assert.Equal(before, Ldnet.Run([.. tag, "--confidence"]).Output);
        Assert.False((bool)Ldnet.Run("calibrate", "--model", folder, "--remove", "--json").Json["removed"]!);
    }

    [Fact]
    public void EvaluationMeasuresAtTheFoldersTemperature()
    {
        var folder = Copy();
        string[] eval = ["eval", "--model", folder, "--data", tiny.Labelled];
        Assert.Null(Ldnet.Run([.. eval, "--json"]).Json["calibration"]);
        var fitted = Ldnet.Run("calibrate", "--model", folder, "--data", tiny.Labelled, "--json").Json;
        var measured = Ldnet.Run([.. eval, "--calibration", "--json"]).Json["calibration"]!;
        Assert.True(JsonNode.DeepEquals(fitted["after"], measured));
        var bins = measured["spans"]!["bins"]!.AsArray();
        Assert.Equal(10, bins.Count);
        Assert.Equal((int)measured["spans"]!["predicted"]!, bins.Sum(bin => (int)bin!["count"]!));
        var ece = bins.Sum(bin => (int)bin!["count"]! * Math.Abs((double)bin["share_correct"]!
            - (double)bin["confidence"]!)) / (int)measured["spans"]!["predicted"]!;
        Assert.Equal(ece, (double)measured["spans"]!["ece"]!, 1e-12);
        Assert.Equal(3, Ldnet.Run([.. eval, "--calibration", "--bins", "3", "--json"])
            .Json["calibration"]!["tags"]!["bins"]!.AsArray().Count);
        var text = Ldnet.Run([.. eval, "--calibration"]).Succeeded().Output;
        Assert.Contains("spans: ECE, bins of equal counts", text, StringComparison.Ordinal);
        Assert.Contains($"T = {(double)fitted["temperature"]!:f3}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void TheTextSaysHowItsColumnsAre()
    {
        var folder = Copy();
        var other = tiny.Write("other.conll", "B-PER\tAnna\nO\tleft\nX-LOC\tParis\n");
        string[] command = ["calibrate", "--model", folder, "--data", other, "--tag-column", "1", "--word-column", "2"];
        Ldnet.Run(command).Failed(1, "X-LOC", "line 3");
        // A tag of no scheme has no likelihood in any: nothing but the readable one would do.
        var lenient = tiny.Write("lenient.conll", "I-PER\tAnna\nO\tleft\nI-LOC\tParis\n");
        command[4] = lenient;
        Ldnet.Run([.. command, "--tag-scheme", "iob2"]).Failed(1, "I-PER");
        Ldnet.Run([.. command, "--tag-scheme", "iob2", "--lenient"]).Succeeded();
    }

    [Fact]
    public void AStaleTemperatureIsSaid()
    {
        var folder = Copy();
        Ldnet.Run("calibrate", "--model", folder, "--data", tiny.Labelled).Succeeded();
        var path = Path.Combine(folder, "calibration.json");
        var file = JsonNode.Parse(File.ReadAllText(path))!;
        file["weights_crc32c"] = "00000000";
        File.WriteAllText(path, file.ToJsonString());
        string[] tag = ["tag", "--model", folder, "--input", "conll", tiny.Labelled];
        Assert.DoesNotContain("ldnet calibrate", Ldnet.Run(tag).Succeeded().Error, StringComparison.Ordinal);
        Assert.Contains("'ldnet calibrate' fits it anew", Ldnet.Run([.. tag, "--confidence"]).Succeeded().Error,
            StringComparison.Ordinal);
        Assert.Contains("fitted to other weights", Ldnet.Run("calibrate", "--model", folder).Succeeded().Output,
            StringComparison.Ordinal);
        File.WriteAllText(path, "{");
        Ldnet.Run(tag).Failed(1, "calibration.json", "damaged");
        Ldnet.Run("calibrate", "--model", folder).Failed(1, "calibration.json", "damaged");
        Ldnet.Run("calibrate", "--model", folder, "--remove").Succeeded();
        Ldnet.Run(tag).Succeeded();
    }

    [Theory]
    [InlineData("calibrate --model TAGGER --data TEXT --remove", "--remove")]
    [InlineData("calibrate --model TAGGER --bins 5", "--bins")]
    [InlineData("calibrate --model TAGGER --html page.html", "--html")]
    [InlineData("calibrate --model TAGGER --tag-column 2", "--tag-column")]
    [InlineData("calibrate --model TAGGER --data TEXT --bins 0", "--bins 0")]
    [InlineData("eval --model TAGGER --data TEXT --bins 5", "--bins")]
    [InlineData("eval --model TAGGER --data TEXT --html page.html", "--html")]
    public void OptionsWithoutAnEffectAreRefused(string command, string words) => Ldnet.Run([.. command.Split(' ')
        .Select(word => word == "TAGGER" ? tiny.Folder : word == "TEXT" ? tiny.Labelled : word)]).Failed(2, words);

    [Fact]
    public void WhatCannotBeFittedLeavesTheFolderAsItWas()
    {
        var folder = Copy();
        var planets = tiny.Write("planets.conll", "Mars B-PLANET\n");
        Ldnet.Run("calibrate", "--model", folder, "--data", planets).Failed(1, "planets.conll", "nothing to fit");
        Ldnet.Run("calibrate", "--model", folder, "--data", tiny.PathOf("none.conll")).Failed(1, "none.conll");
        Ldnet.Run("calibrate", "--model", folder, "--data", tiny.Labelled, "--html",
            tiny.PathOf("nowhere/page.html")).Failed(1, "--html");
        Ldnet.Run("calibrate", "--model", tiny.PathOf("nowhere")).Failed(1, "nowhere");
        Assert.False(File.Exists(Path.Combine(folder, "calibration.json")));
    }

    [Fact]
    public void ThePageIsLaidOutWithItsDiagrams()
    {
        if (Browser.WhyNot is { } problem) Assert.Skip(problem);
        var folder = Copy();
        var page = tiny.PathOf("calibration.html");
        var fitted = Ldnet.Run("calibrate", "--model", folder, "--data", tiny.Labelled, "--html", page, "--json").Json;
        var seen = Browser.Open(page);
        Assert.Equal(4, seen["images"]!.AsArray().Count);
        Assert.All(seen["images"]!.AsArray(), image => Assert.Equal((480, 440),
            ((int)image!["width"]!, (int)image["height"]!)));
        Assert.Equal(0, (int)seen["overflow"]!);
        var rows = seen["rows"]!.AsArray().Select(row => row!.AsArray().Select(cell => (string)cell!).ToArray());
        Assert.Contains(rows, row => row.SequenceEqual(["spans: ECE, bins of equal width",
            $"{(double)fitted["before"]!["spans"]!["ece"]!:f4}", $"{(double)fitted["after"]!["spans"]!["ece"]!:f4}"]));
        var single = tiny.PathOf("single.html");
        Ldnet.Run("eval", "--model", folder, "--data", tiny.Labelled, "--calibration", "--html", single).Succeeded();
        Assert.Equal(2, Browser.Open(single)["images"]!.AsArray().Count);
    }
}
