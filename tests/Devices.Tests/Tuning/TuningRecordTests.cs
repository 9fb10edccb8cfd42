using System.Text.Json.Nodes;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Tuning;

namespace LdNetGpu.Tests.Tuning;

/// <summary>Records of tuning as files, whole and broken.</summary>
public sealed class TuningRecordTests
{
    static readonly TuningKey Key = new("K.F<float>", "ab12", "-DSPEC_kind=0", "driver 3.1", "a device", "many rows");

    static TuningRecord Whole => new(Key, [new("rows", [1, 2, 4]), new("columns", [8, 16])], [1, 8])
    {
        Work = "gemm 3x5x7",
        Seed = ulong.MaxValue,
        Bound = 0.125,
        BoundBy = "as measured",
        End = TuningEnd.Noise,
        Chosen = [4, 16],
        Results =
        [
            new([1, 8], TuningOutcome.Correct)
            {
                CompilationTime = 12.5, ValidationTime = 3.25, Runtimes = [2, 1.5, 3], Standing = TuningStanding.Slower,
                Timestamp = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            },
            new([2, 8], TuningOutcome.Correctness) { Problem = "a race" },
            new([4, 16], TuningOutcome.Correct) { Runtimes = [1], Standing = TuningStanding.Open },
        ],
    };

    [Fact]
    public void ARecordIsReadAsItWasWritten()
    {
        var json = Whole.ToJson();
        var read = TuningRecord.Parse(json, "file");
        Assert.Equal(json, read.ToJson());
        Assert.Equal(Key, read.Key);
        Assert.Equal((0.125, "as measured", TuningEnd.Noise, ulong.MaxValue, "gemm 3x5x7"),
            (read.Bound, read.BoundBy, read.End, read.Seed, read.Work));
        Assert.Equal([4, 16], read.Chosen);
        Assert.Equal((TuningOutcome.Correctness, "a race"), (read.Results[1].Outcome, read.Results[1].Problem));
        Assert.Equal([2, 1.5, 3], read.Results[0].Runtimes);
        Assert.Equal(2, read.Results[0].Median);
        Assert.Equal(double.NaN, read.Results[1].Median);
    }

    [Fact]
    public void AnOpenRecordHasNothingChosen()
    {
        var read = TuningRecord.Parse((Whole with { Chosen = null, End = TuningEnd.Open, Bound = null }).ToJson(), "f");
        Assert.Null(read.Chosen);
        Assert.Null(read.Bound);
        Assert.Equal(TuningEnd.Open, read.End);
    }

    /// <summary>What is put in a place of a whole record, and what is said of it.</summary>
    [Theory]
    [InlineData("schema_version", "\"2.0.0\"", "schema_version 2.0.0")]
    [InlineData("schema_version", "1", "schema_version is no text")]
    [InlineData("metadata", "{}", "another tuner wrote them")]
    [InlineData("metadata.tuning.version", "2", "metadata.tuning.version 2")]
    [InlineData("metadata.tuning.kernel", "null", "metadata.tuning.kernel is not there")]
    [InlineData("metadata.tuning.seed", "-1", "metadata.tuning.seed is no whole number from 0 on")]
    [InlineData("metadata.tuning.parameters", "{}", "metadata.tuning.parameters names no parameter")]
    [InlineData("metadata.tuning.parameters", "[]", "metadata.tuning.parameters is no object")]
    [InlineData("metadata.tuning.standard", "{}", "metadata.tuning.standard.rows is not there")]
    [InlineData("metadata.tuning.chosen", "{\"rows\":2,\"columns\":8}", "metadata.tuning.chosen is none of the")]
    [InlineData("metadata.tuning.end", "\"soon\"", "metadata.tuning.end is 'soon' and none of open, decided")]
    [InlineData("metadata.tuning.bound", "0", "metadata.tuning.bound is no number above 0")]
    [InlineData("results", "{}", "results is no array")]
    [InlineData("results.0.configuration.rows", "1.5", "results[0].configuration.rows is no whole number")]
    [InlineData("results.0.configuration", "{\"rows\":2,\"columns\":8}", "results has rows=2, columns=8 twice")]
    [InlineData("results.0.invalidity", "\"fine\"", "results[0].invalidity is 'fine'")]
    [InlineData("results.0.times.runtimes", "[1,-1]", "results[0].times.runtimes[1] is no number from 0 on")]
    [InlineData("results.0.times.validation", "\"1\"", "results[0].times.validation is no number from 0 on")]
    [InlineData("results.0.timestamp", "\"today\"", "results[0].timestamp is no time")]
    public void WhatIsWrongIsNamedWithItsPlace(string path, string value, string said)
    {
        var root = JsonNode.Parse(Whole.ToJson())!;
        var node = root;
        var parts = path.Split('.');
        foreach (var part in parts[..^1]) node = int.TryParse(part, out var i) ? node![i] : node![part];
        node![parts[^1]] = JsonNode.Parse(value);
        var message = Assert.Throws<UserException>(() => TuningRecord.Parse(root.ToJsonString(), "file")).Message;
        Assert.StartsWith("file: ", message, StringComparison.Ordinal);
        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.Contains("une again", message, StringComparison.Ordinal);
    }

    /// <summary>The escape of one half of a character, in a name and in a value.</summary>
    [Theory]
    [InlineData("\"schema_version\"", "\"schema_\\ud83dversion\"", "no JSON")]
    [InlineData("\"gemm 3x5x7\"", "\"gemm \\ud83d\"", "metadata.tuning.work has half a character")]
    public void HalfACharacterIsRefused(string whole, string half, string said)
    {
        var json = Whole.ToJson();
        Assert.Contains(whole, json, StringComparison.Ordinal);
        Assert.Contains(said, Assert.Throws<UserException>(() => TuningRecord.Parse(
            json.Replace(whole, half, StringComparison.Ordinal), "file")).Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(""), InlineData("{"), InlineData("{\"a\":1,\"a\":2}"), InlineData("null"), InlineData("[1]")]
    public void WhatIsNoRecordIsRefused(string text) => Assert.StartsWith("file: ",
        Assert.Throws<UserException>(() => TuningRecord.Parse(text, "file")).Message, StringComparison.Ordinal);

    /// <summary>A record that breaks off anywhere, or has any byte gone, is refused or read, and nothing else.
    /// </summary>
    [Fact]
    public void NoBrokenRecordThrowsAnythingElse()
    {
        var json = Whole.ToJson();
        for (var i = 0; i < json.Length; i += 3)
            foreach (var broken in (string[])[json[..i], json.Remove(i, 1), json.Remove(i, 1).Insert(i, "9")])
                try
                {
                    _ = TuningRecord.Parse(broken, "file");
                }
                catch (UserException error)
                {
                    Assert.StartsWith("file: ", error.Message, StringComparison.Ordinal);
                }
    }

    [Fact]
    public void AKeysHashIsOfEachOfItsParts()
    {
        TuningKey[] others =
        [
            Key with { Kernel = "x" }, Key with { Text = "x" }, Key with { Flags = "x" }, Key with { Driver = "x" },
            Key with { Device = "x" }, Key with { Sizes = "x" },
        ];
        Assert.Equal(7, others.Append(Key).Select(key => key.Hash).Distinct().Count());
        Assert.Null(Key.DifferenceFrom(Key with { }));
        Assert.All(others, other => Assert.Throws<UserException>(() => Whole.RequireOf(other, "file")));
    }

    [Fact]
    public void ATextWhoseLinesMovedIsTheSame()
    {
        Assert.Equal(TuningKey.HashOf("#line 3 \"A.cs\"\nint x;"), TuningKey.HashOf("#line 4 \"A.cs\"\nint x;"));
        Assert.NotEqual(TuningKey.HashOf("int x;"), TuningKey.HashOf("int y;"));
    }

    [Fact]
    public void WhatCannotBeWrittenLeavesNothing()
    {
        var folder = Directory.CreateTempSubdirectory("ldnet-tuning-").FullName;
        try
        {
            // A folder is where the file should be.
            var place = Directory.CreateDirectory(Path.Combine(folder, "taken")).FullName;
            Assert.Contains("cannot be written",
                Assert.Throws<UserException>(() => TuningFolder.Write(Whole, place)).Message);
            Assert.Equal([place], Directory.GetFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
