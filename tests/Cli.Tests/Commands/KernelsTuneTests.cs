using System.Text.Json.Nodes;
using LdNetGpu.Devices.Tuning;
using LdNetGpu.Tests.Data;

namespace LdNetGpu.Tests.Commands;

/// <summary><c>ldnet kernels tune</c>.</summary>
public sealed class KernelsTuneTests : IDisposable
{
    static readonly string[] SmallSums = ["--device", "opencl", "--size", "rows=2000", "--size", "columns=16"];

    readonly TestFiles files = new();

    public void Dispose() => files.Dispose();

    static string Recorded(string name) =>
        RepositoryRoot.Combine("tests", "Autograd.Tests", "Tuning", "Recorded", name);

    [Fact]
    public void RowSumsAreTunedAndTheRecordIsWritten()
    {
        RequireOpenCl();
        var file = files.PathOf("rows.json");
        var record = Ldnet.Run(["kernels", "tune", "SumRowBlocks", .. SmallSums, "--out", file, "--json"]).Json;
        Assert.True(JsonNode.DeepEquals(record, JsonNode.Parse(File.ReadAllText(file))));
        Assert.Equal("1.0.0", record["schema_version"]!.GetValue<string>());
        var results = record["results"]!.AsArray();
        Assert.All(results, result => Assert.Equal("correct", result!["invalidity"]!.GetValue<string>()));
        var tuning = record["metadata"]!["tuning"]!;
        Assert.Equal("sum rows 2000x16", tuning["work"]!.GetValue<string>());
        Assert.Equal("few columns", tuning["sizes"]!.GetValue<string>());
        Assert.Equal(64, tuning["standard"]!["rowBlock"]!.GetValue<int>());
        Assert.Contains(tuning["chosen"]!["rowBlock"]!.GetValue<int>(), (int[])[8, 16, 32, 64, 128, 256]);
    }

    [Fact]
    public void ProgressIsShownByLinesAndTheReportSaysWhatWasChosen()
    {
        RequireOpenCl();
        var run = Ldnet.Run(["kernels", "tune", "SumRowBlocks", .. SmallSums, "--budget", "2", "--out",
            files.PathOf("rows.json")]).Succeeded();
        Assert.Contains("rowBlock=64: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("checking: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("ReductionKernels.SumRowBlocks<float> in sum rows 2000x16 (few columns), seed 1", run.Output,
            StringComparison.Ordinal);
        Assert.Contains("chosen", run.Output, StringComparison.Ordinal);
        Assert.Contains("GB/s", run.Output, StringComparison.Ordinal);
        var record = TuningFolder.Read(files.PathOf("rows.json"));
        Assert.InRange(record.Results.Count, 1, 2);
        Assert.True(record.End is TuningEnd.Budget or TuningEnd.Roofline);
    }

    [Fact]
    public void ASearchIsGoneOnWith()
    {
        RequireOpenCl();
        var file = files.PathOf("rows.json");
        string[] line = ["kernels", "tune", "SumRowBlocks", .. SmallSums, "--out", file];
        Ldnet.Run(line).Succeeded();
        var whole = TuningFolder.Read(file);
        // As an interruption leaves it, of results that say nothing passed, so that it shows whether they are kept.
        var open = whole with
        {
            End = TuningEnd.Open, Chosen = null, Results =
            [
                new(whole.Standard, TuningOutcome.Runtime) { Problem = "kept", Timestamp = whole.Results[0].Timestamp },
            ],
        };
        TuningFolder.Write(open, file);
        Ldnet.Run([.. line, "--resume"]).Succeeded();
        var record = TuningFolder.Read(file);
        Assert.Equal("kept", record.Results[0].Problem);
        Assert.NotEqual(TuningEnd.Open, record.End);
        Assert.True(record.Results.Count > 1);
        Refused("is of seed 1, and this has 2", [.. line, "--resume", "--seed", "2"], open);
        Refused("'sum rows 2000x16', and this is 'sum rows 2001x16'",
            [.. line, "--resume", "--size", "rows=2001"], open);

        void Refused(string said, string[] arguments, TuningRecord record)
        {
            TuningFolder.Write(record, file);
            Ldnet.Run(arguments).Failed(1, said);
        }
    }

    [Fact]
    public void AnInterruptionLeavesARecordToGoOnWith()
    {
        RequireOpenCl();
        var file = files.PathOf("rows.json");
        string[] line = ["kernels", "tune", "SumRowBlocks", .. SmallSums, "--out", file];
        var interrupted = Ldnet.RunInterrupted(line);
        Assert.Equal(130, interrupted.ExitCode);
        Assert.Contains($"{file}: saved. The same command with --resume goes on from here.", interrupted.Error,
            StringComparison.Ordinal);
        Assert.Equal(TuningEnd.Open, TuningFolder.Read(file).End);
        Ldnet.Run([.. line, "--resume"]).Succeeded();
        Assert.NotEqual(TuningEnd.Open, TuningFolder.Read(file).End);
    }

    [Theory]
    [InlineData("products.json", "kernel GemmKernels.Multiply<float>, and here it is ReductionKernels.SumRowBlocks")]
    [InlineData("version", "schema_version 9.0.0")]
    [InlineData("device", "device 'another', and here it is '")]
    [InlineData("text", "another text of ReductionKernels.SumRowBlocks<float>")]
    [InlineData("nothing", "no JSON: line 1")]
    [InlineData("absent", "to go on with. Leave --resume out.")]
    public void ARecordOfSomethingElseIsNotGoneOnWith(string which, string said)
    {
        RequireOpenCl();
        var file = files.PathOf("rows.json");
        string[] line = ["kernels", "tune", "SumRowBlocks", .. SmallSums, "--out", file, "--resume"];
        if (which == "products.json") File.Copy(Recorded(which), file);
        else if (which == "nothing") File.WriteAllText(file, "rows");
        else if (which != "absent")
        {
            Ldnet.Run([.. line[..^1], "--budget", "1"]).Succeeded();
            var root = JsonNode.Parse(File.ReadAllText(file))!;
            if (which == "version") root["schema_version"] = "9.0.0";
            else root["metadata"]!["tuning"]![which] = "another";
            File.WriteAllText(file, root.ToJsonString());
        }
        Ldnet.Run(line).Failed(1, said);
    }

    [Theory]
    [InlineData("CrfKernels.Forward", "no constant of it is tunable here; there are GemmKernels.Multiply, Reduction")]
    [InlineData("GemmKernels.Multiply<double>", "kernels are tuned in float")]
    [InlineData("NoSuch", "no kernel has that in its name")]
    [InlineData("SumRowBlocks --work gemm.NN", "is tuned in sum rows")]
    [InlineData("SumRowBlocks --size m=3", "--size m: sum rows has rows, columns")]
    [InlineData("SumRowBlocks", "--device cpu: kernels are tuned where they are timed")]
    [InlineData("SumRowBlocks --device managed", "--device managed: kernels are tuned where they are timed")]
    [InlineData("SumRowBlocks --out no/such/folder/f.json", "there is no folder")]
    public void WhatCannotBeTunedIsSaid(string arguments, string said) =>
        Ldnet.Run(["kernels", "tune", .. arguments.Split(' ')]).Failed(1, said);

    [Fact]
    public void NoFileIsWrittenOver()
    {
        var file = files.Write("rows.json", "mine");
        Ldnet.Run("kernels", "tune", "SumRowBlocks", "--device", "opencl", "--out", file)
            .Failed(1, "is there already");
        Assert.Equal("mine", File.ReadAllText(file));
    }

    [Theory]
    [InlineData("--budget 0"), InlineData("--budget s"), InlineData("--budget -1s"), InlineData("--budget 1m")]
    [InlineData("--size rows"), InlineData("--size rows=0"), InlineData("--size rows=x"), InlineData("--work nothing")]
    public void BadUsageIsRefused(string arguments) =>
        Ldnet.Run(["kernels", "tune", "SumRowBlocks", .. arguments.Split(' ')]).Failed(2, arguments.Split(' ')[1]);

    static void RequireOpenCl()
    {
        if (OpenClForTests.WhyNot is { } problem) Assert.Skip(problem);
    }
}
