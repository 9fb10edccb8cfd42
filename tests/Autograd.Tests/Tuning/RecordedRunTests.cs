using System.Text.Json.Nodes;
using LdNetGpu.Autograd;
using LdNetGpu.Devices.Tuning;

namespace LdNetGpu.Tests;

/// <summary>Searches that were run on a device come to the same end from their records (README.md beside them).
/// </summary>
public sealed class RecordedRunTests
{
    public static TheoryData<string> Names => ["products.json", "row_sums.json"];

    static TuningRecord Read(string name) => TuningRecord.Parse(Text(name), name);

    static string Text(string name) =>
        File.ReadAllText(RepositoryRoot.Combine("tests", "Autograd.Tests", "Tuning", "Recorded", name));

    [Theory, MemberData(nameof(Names))]
    public void TheSearchComesToTheSameEnd(string name)
    {
        var record = Read(name);
        var options = new TuningOptions { Seed = record.Seed, Bound = record.Bound, BoundBy = record.BoundBy };
        var again = new TuningSearch(new RecordedBench(record), options, TimeProvider.System)
            .Run(null, TestContext.Current.CancellationToken);
        Assert.Equal((record.End, record.Text(record.Chosen!)), (again.End, again.Text(again.Chosen!)));
        Assert.Equal(record.Results.Select(Words), again.Results.Select(Words));

        string Words(TuningResult result) =>
            $"{record.Text(result.Values)}: {result.Outcome}, {result.Standing}, {string.Join(' ', result.Runtimes)}";
    }

    [Theory, MemberData(nameof(Names))]
    public void ARecordIsWrittenAsItWasRead(string name) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Text(name)), JsonNode.Parse(Read(name).ToJson())));

    /// <summary>What the T4 schema of results asks for, and of what kind.</summary>
    [Theory, MemberData(nameof(Names))]
    public void ResultsAreAsTheSchemaHasThem(string name)
    {
        var root = JsonNode.Parse(Text(name))!;
        Assert.Matches(@"^\d+\.\d+\.\d+$", root["schema_version"]!.GetValue<string>());
        Assert.NotEmpty(root["results"]!.AsArray());
        Assert.All(root["results"]!.AsArray(), result =>
        {
            Assert.NotEmpty(result!["configuration"]!.AsObject());
            foreach (var time in (string[])["compilation_time", "framework", "search_algorithm", "validation"])
                Assert.True(result["times"]![time]!.GetValue<double>() >= 0);
            _ = result["times"]!["runtimes"]!.AsArray();
            Assert.Contains(result["invalidity"]!.GetValue<string>(),
                (string[])["timeout", "compile", "runtime", "correctness", "constraints", "correct"]);
            Assert.InRange(result["correctness"]!.GetValue<double>(), 0, 1);
            Assert.Equal("time", Assert.Single(result["objectives"]!.AsArray())!.GetValue<string>());
            Assert.All(result["measurements"]!.AsArray(), measurement =>
            {
                Assert.NotEmpty(measurement!["name"]!.GetValue<string>());
                Assert.NotNull(measurement["unit"]!.GetValue<string>());
            });
        });
    }
}
