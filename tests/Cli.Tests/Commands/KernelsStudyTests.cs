using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LdNetGpu.Cli.Studies;
using LdNetGpu.Tests.Data;

namespace LdNetGpu.Tests.Commands;

/// <summary>Two implementations of one result, by the program.</summary>
public sealed class KernelsStudyTests : IDisposable
{
    readonly TestFiles files = new();

    // What each study claims: fewer launches, fewer bytes moved, or fewer asked of memory; and never more of them.
    [Theory]
    [InlineData("lstm-cell", "launches", "moved_bytes")]
    [InlineData("dense-concatenation", "launches", "moved_bytes")]
    [InlineData("crf-warp", "loaded_bytes", "moved_bytes")]
    [InlineData("cross-entropy", "launches", "moved_bytes")]
    [InlineData("dropout-on-load", "launches", "moved_bytes")]
    [InlineData("one-pass-adam", "launches", "moved_bytes")]
    public void TheSecondImplementationNeedsLess(string name, params string[] figures)
    {
        var study = Study(name, "--device", "managed", "--batch", "3");
        Assert.Equal(name, study["study"]!.GetValue<string>());
        Assert.All(figures, figure => Assert.True(Figure(study, "second", figure) < Figure(study, "first", figure)));
        foreach (var implementation in (string[])["first", "second"])
        {
            Assert.True(Figure(study, implementation, "moved_bytes") >= study["necessary_bytes"]!.GetValue<long>());
            Assert.Equal(5, study[implementation]!["floor_seconds"]!.AsObject().Count);
        }
        Assert.Null(study["warm"]);
    }

    // Weights and both moments are read and written, gradients read: 7 floats of each element. A square root of each.
    [Fact]
    public void AdamsCountsAreThoseByHand()
    {
        var study = Study("one-pass-adam", "--device", "managed", "--batch", "3");
        const long Elements = 8 * 3 * 64;
        Assert.Equal(7 * 4 * Elements, study["necessary_bytes"]!.GetValue<long>());
        Assert.Equal((8, 1), (Figure(study, "first", "launches"), Figure(study, "second", "launches")));
        Assert.Equal(3 * 4 * Elements, Figure(study, "second", "stored_bytes"));
        Assert.Equal(0, Figure(study, "second", "flops") % Elements);
        Assert.Equal(Elements, Figure(study, "second", "functions"));
    }

    [Fact]
    public void ACrfsFlopsAreCountedInDouble()
    {
        var study = Study("crf-warp", "--device", "managed", "--batch", "3");
        foreach (var implementation in (string[])["first", "second"])
        {
            Assert.Equal(0, Figure(study, implementation, "lost_to_other_numbers"));
            // All but the mean over the sentences and what gradients are added to.
            Assert.InRange(Figure(study, implementation, "flops_in_double"),
                0.99 * Figure(study, implementation, "flops"), Figure(study, implementation, "flops") - 1);
            // An exponential of each pair of tags at each step behind the first, forward and backward.
            Assert.True(Figure(study, implementation, "functions") > 2 * 3 * 7 * 19 * 19);
        }
        var output = Run("crf-warp", "--device", "managed", "--batch", "3").Succeeded().Output;
        Assert.Matches(@"(?m)^  FLOPs in double +[\d,]+ +[\d,]+ ", output);
        Assert.Contains("at the rate of float", output, StringComparison.Ordinal);
        Assert.Equal(0, Figure(Study("one-pass-adam", "--device", "managed", "--batch", "3"), "first",
            "flops_in_double"));
    }

    [Fact]
    public void ABatchChangesTheCounts() => Assert.NotEqual(
        Figure(Study("dropout-on-load", "--device", "managed", "--batch", "3"), "first", "moved_bytes"),
        Figure(Study("dropout-on-load", "--device", "managed", "--batch", "5"), "first", "moved_bytes"));

    [Fact]
    public void TimesAreTakenOnTheDeviceThatIsNamed()
    {
        var study = Study("dropout-on-load", "--batch", "3", "--samples", "4");
        foreach (var times in (string[])["warm", "cold"])
        {
            Assert.Equal((4, 4), (study[times]!["first_seconds"]!.AsArray().Count,
                study[times]!["second_seconds"]!.AsArray().Count));
            Assert.Matches("^(SAME|FASTER|SLOWER|AMBIGUOUS)$", study[times]!["verdict"]!.GetValue<string>());
        }
        Assert.Contains("both are the same code",
            Study("crf-warp", "--batch", "2")["why_not_timed"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void ASeedChoosesTheInputs()
    {
        string Ulps(string seed) =>
            Study("lstm-cell", "--device", "managed", "--batch", "3", "--seed", seed)["ulps_first"]!.ToJsonString();
        Assert.NotEqual(Ulps("1"), Ulps("2"));
    }

    [Fact]
    public void TheTableHasBothAndTheNotes()
    {
        var output = Run("lstm-cell", "--batch", "3", "--samples", "2").Succeeded().Output;
        Assert.Matches(@"(?m)^  launches +\d+ +\d+ +0\.\d\d$", output);
        Assert.Matches(@"(?m)^  floor on H200 SXM, µs +[\d.E-]+ +[\d.E-]+ +0\.\d\d$", output);
        Assert.Matches(@"(?m)^  Floats apart: 0: ", output);
        Assert.Matches(@"(?m)^  Warm: (SAME|FASTER|SLOWER|AMBIGUOUS) on cpu ", output);
    }

    [Theory, InlineData(5.55e-3, "5,550"), InlineData(0.99951e-3, "1,000"), InlineData(0.9994e-3, "999")]
    [InlineData(1.2345e-6, "1.23"), InlineData(0, "0")]
    public void TimesHaveNoExponents(double seconds, string words) => Assert.Equal(words, StudyReport.Micro(seconds));

    [Fact]
    public void APageHasEachStudyWithARoofline()
    {
        var file = files.PathOf("page.html");
        Run("one-pass-adam", "lstm-cell", "crf-warp", "--device", "managed", "--batch", "2", "--html", file)
            .Succeeded();
        var page = File.ReadAllText(file);
        Assert.Equal(3, Regex.Count(page, "<h2>"));
        // A CRF's scores are doubles, of which no roofline is known.
        var images = Regex.Matches(page, "src=\"data:image/svg\\+xml;base64,([^\"]+)\"");
        Assert.Equal(2, images.Count);
        var drawing = System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(images[0].Groups[1].Value));
        Assert.Contains("</svg>", drawing, StringComparison.Ordinal);
        Assert.Contains("H200 SXM", drawing, StringComparison.Ordinal);
        Assert.Contains("operation by operation", page, StringComparison.Ordinal);
    }

    [Fact]
    public void ThePageIsLaidOut()
    {
        if (Browser.WhyNot is { } problem) Assert.Skip(problem);
        var file = files.PathOf("page.html");
        Run("one-pass-adam", "--device", "managed", "--batch", "2", "--html", file).Succeeded();
        var seen = Browser.Open(file);
        Assert.Equal("Studies of kernels, batch 2", seen["title"]!.GetValue<string>());
        Assert.Equal(860, Assert.Single(seen["images"]!.AsArray())!["width"]!.GetValue<int>());
        Assert.Equal(0, seen["overflow"]!.GetValue<int>());
        Assert.Contains(seen["rows"]!.AsArray(), row => row![0]!.GetValue<string>() == "launches"
            && row[2]!.GetValue<string>() == "1");
    }

    [Theory]
    [InlineData(2, "nope", "nope: no study is called that; there are lstm-cell, dense-concatenation")]
    [InlineData(2, "lstm-cel", "Did you mean 'lstm-cell'?")]
    [InlineData(2, "lstm-cell --batch 0", "--batch")]
    [InlineData(2, "lstm-cell --samples 1", "--samples")]
    [InlineData(1, "lstm-cell --html FOLDER/no/page.html", "there is no folder")]
    [InlineData(1, "one-pass-adam --device managed --batch 1 --html FOLDER", "cannot be written")]
    public void WhatCannotBeIsRefused(int code, string arguments, string words) =>
        Run([.. arguments.Split(' ').Select(word => word.Replace("FOLDER", files.Folder, StringComparison.Ordinal))])
            .Failed(code, words);

    public void Dispose() => files.Dispose();

    static Ldnet Run(params string[] arguments) => Ldnet.Run(["kernels", "study", .. arguments]);

    static JsonNode Study(params string[] arguments) =>
        Assert.Single(Run([.. arguments, "--json"]).Json["studies"]!.AsArray())!;

    static long Figure(JsonNode study, string implementation, string figure) =>
        study[implementation]![figure] is JsonArray list ? list.Count
            : study[implementation]![figure]!.GetValue<long>();
}
