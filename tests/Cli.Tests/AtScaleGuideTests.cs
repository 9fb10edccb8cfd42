using LdNetGpu.Tests.Commands;
using LdNetGpu.Tests.Data;

namespace LdNetGpu.Tests;

/// <summary>
/// The guide "Many files, many seeds": its scripts, expanded by the shell with Slurm's variables as a task has them,
/// and its other commands.
/// </summary>
public sealed class AtScaleGuideTests(TinyModels tiny) : IDisposable
{
    const int Tasks = 2;

    static readonly string[] Blocks =
    [
        .. MarkdownPage.Read("docs/guides/at-scale.md").Blocks.Where(block => block.Language == "bash")
            .Select(block => block.Code),
    ];

    readonly TestFiles files = TestFiles.InMemory();

    public void Dispose() => files.Dispose();

    [Fact]
    public void ShardsOfAnArrayAreTheWholeFolder()
    {
        foreach (var name in new[] { "a.txt", "b/c.txt", "d.txt" }) files.Write($"texts/{name}", "Ann lives here.\n");
        var script = Script("--job-name=tag");
        foreach (var task in Enumerable.Range(1, Tasks))
        {
            Assert.Equal(1, Run(Check()).ExitCode);
            foreach (var line in Expanded(script, task)) Run(line).Succeeded();
        }
        Run(Check()).Succeeded();
        Assert.Equal(3, Directory.GetFiles(files.PathOf("tagged"), "*.txt.jsonl", SearchOption.AllDirectories).Length);
        // On one machine there is nothing left to do.
        var whole = Assert.Single(Blocks, block => block.EndsWith("--out tagged texts\n", StringComparison.Ordinal));
        Assert.Equal(3, (int)Run([.. Assert.Single(Expanded(whole, 0)), "--json"]).Json["done_before"]!);

        string[] Check()
        {
            var check = Assert.Single(Blocks, block => block.Contains("--check-shards"));
            return Assert.Single(Expanded(check.Replace("32", $"{Tasks}"), 0));
        }
    }

    [Fact]
    public void SeedsOfAnArrayAreThoseOfOneCommand()
    {
        foreach (var text in new[] { tiny.TrainFile, tiny.DevFile, tiny.TestFile })
            files.Write(Path.GetFileName(text), File.ReadAllBytes(text));
        string[] small = [.. tiny.TaggerTraining("").SkipWhile(word => word != "--set"), "--set", "max_epochs=1"];
        var script = Script("--job-name=seeds");
        foreach (var task in Enumerable.Range(1, Tasks))
            foreach (var line in Expanded(script, task)) Run([.. line, .. small]).Succeeded();
        Run(["tagger", "train", "--train", "train.conll", "--dev", "dev.conll", "--test", "test.conll", "--seeds",
            $"{Tasks}", "--out", "runs/together", .. small]).Succeeded();
        // The same once more as a job of MPI's tasks, here of one.
        var job = Assert.Single(Expanded(Script("--job-name=ranks").Replace("srun --mpi=pmi2 ldnet", "ldnet")
            .Replace("--seeds 5", $"--seeds {Tasks}"), 0));
        Assert.Contains("nothing to resume", Run([.. job.Select(word => word == "runs" ? "runs/job" : word), .. small])
            .Succeeded().Error, StringComparison.Ordinal);
        foreach (var folder in new[] { "together", "job" })
            foreach (var task in Enumerable.Range(1, Tasks))
                Assert.Equal(File.ReadAllBytes(files.PathOf($"runs/{folder}/seed-{task}/model.safetensors")),
                    File.ReadAllBytes(files.PathOf($"runs/seed-{task}/model.safetensors")));
        foreach (var folder in new[] { "together", "job" })
            Directory.Delete(files.PathOf($"runs/{folder}"), recursive: true);
        var report = Assert.Single(Blocks, block => block.StartsWith("ldnet report", StringComparison.Ordinal));
        var seeds = Run([.. Assert.Single(Expanded(report, 0)), "--samples", "100", "--json"]).Json;
        Assert.Equal(Tasks, seeds["runs"]!.AsArray().Count);
        Assert.True(File.Exists(files.PathOf("report.html")));
    }

    static string Script(string word) => Assert.Single(Blocks, block =>
        block.StartsWith("#!/bin/bash\n#SBATCH", StringComparison.Ordinal) && block.Contains(word));

    /// <summary>The arguments of each call of the program in a script.</summary>
    string[][] Expanded(string script, int task)
    {
        var calls = files.PathOf("calls");
        File.Delete(calls);
        var variables = $"SLURM_ARRAY_TASK_ID={task} SLURM_ARRAY_TASK_COUNT={Tasks} SLURM_CPUS_PER_TASK=1";
        var done = LdnetProcess.RunInShell(
            $"ldnet() {{ printf '%s\\0' \"$@\" >> '{calls}'; echo >> '{calls}'; }}; set -eu; {variables}\n{script}");
        Assert.True(done.ExitCode == 0, done.Error);
        return [.. File.ReadAllLines(calls).Select(call => call.TrimEnd('\0').Split('\0'))];
    }

    Ldnet Run(string[] line) => Ldnet.Run([.. line.Select(Here)
        .Where((word, i) => word != "--threads" && (i == 0 || line[i - 1] != "--threads"))]);

    // What the guide calls by its name is in the test's folder.
    string Here(string word) => word == "pruned" ? tiny.NoLm
        : word.Split('/')[0] is "texts" or "tagged" or "runs" or "report.html" || word.EndsWith(".conll")
            ? files.PathOf(word) : word;
}
