using System.Text.Json.Nodes;
using LdNetGpu.Tests.Data;

namespace LdNetGpu.Tests.Commands;

/// <summary>One JSON file and one text of what the pack's steps left.</summary>
public sealed class BenchCollectTests : IDisposable
{
    readonly TestFiles files = new();

    [Fact]
    public void AllPartsAreInBothFiles()
    {
        Part("revision.txt", "abc\n");
        Part("gpu.txt", "NVIDIA H200, 999\n");
        Part("steps.txt", "preflight 0 2 60\nconformance 2 31 130\nkernels-tf32 124 70 70\n");
        Part("prepare.json",
            """{ "device": "H200", "kernels": 3, "instances": 4, "compiled": 3, "failed": [{ "kernel": "K(1)", "problem": "K.cs(9): error" }] }""");
        Part("conformance.json",
            """
            { "results": { "summary": { "passed": 5, "failed": 1, "skipped": 2 },
              "tests": [{ "name": "Good", "status": "passed" }, { "name": "Bad(rows: 3)", "status": "failed", "message": "off by one" }] } }
            """);
        Part("kernels-float32.json",
            """{ "description": "H200", "sizes": "full", "cut": ["adam 9"], "rows": [{ "name": "a", "us": 10.0, "share": 0.5 }] }""");
        Part("torch-float32.jsonl", """{"name": "a", "us": 20.0}""");
        // What a step that was stopped leaves.
        Part("kernels-tf32.json", "");
        Ldnet.Run("bench", "collect", files.PathOf("parts"), "--out", files.PathOf("results")).Succeeded();

        Assert.Equal(["results.json", "results.txt"],
            Directory.GetFiles(files.PathOf("results")).Select(Path.GetFileName).Order());
        var json = JsonNode.Parse(File.ReadAllText(files.PathOf("results/results.json")))!;
        Assert.Equal("abc", json["revision"]!.GetValue<string>());
        Assert.Equal(2, json["steps"]![1]!["exit_code"]!.GetValue<int>());
        Assert.Equal(3, json["prepare"]!["compiled"]!.GetValue<int>());
        Assert.Equal("Bad(rows: 3)",
            Assert.Single(json["conformance"]!["failures"]!.AsArray())!["name"]!.GetValue<string>());
        Assert.Equal(10, json["bench"]!["float32"]!["rows"]![0]!["us"]!.GetValue<double>());
        Assert.Equal(0.5, json["ratios"]!["float32"]![0]!["torch-float32_ratio"]!.GetValue<double>());
        Assert.Null(json["bench"]!["tf32"]);
        Assert.Null(json["train"]);
        var text = File.ReadAllText(files.PathOf("results/results.txt"));
        foreach (var words in new[]
        {
            "abc; NVIDIA H200, 999", "conformance: FAILED with exit code 2 after 31 s", "kernels-tf32: CUT after 70 s",
            "failed: K(1): K.cs(9): error",
            "5 passed, 1 failed, 2 skipped", "failed: Bad(rows: 3): off by one", "torch-float32",
            "not measured, for the time was up: adam 9",
        })
            Assert.Contains(words, text, StringComparison.Ordinal);
    }

    [Fact]
    public void APartOfAnotherKindIsNamed()
    {
        Part("steps.txt", "preflight done\n");
        string[] collect = ["bench", "collect", files.PathOf("parts"), "--out", files.PathOf("results")];
        Ldnet.Run(collect).Failed(1, "steps.txt", "'preflight done'");
        Part("steps.txt", "preflight 0 2 60\n");
        Part("prepare.json", "{ \"kernels\": ");
        Ldnet.Run(collect).Failed(1, "prepare.json", "not whole");
        Ldnet.Run("bench", "collect", files.PathOf("nowhere"), "--out", files.PathOf("results"))
            .Failed(1, "nowhere", "no such folder");
    }

    public void Dispose() => files.Dispose();

    void Part(string name, string text) => files.Write(Path.Combine("parts", name), text);
}
