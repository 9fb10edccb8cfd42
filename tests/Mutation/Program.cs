using System.Diagnostics;
using LdNetGpu.Mutation;
using LdNetGpu.Tests;

// How many of the faults that this program plants in kernels and backward passes the tests catch: docs/mutation.md.
if (args is ["--worker", var workerRoot, var folder, var withCpu, .. var task])
{
    var worker = new Worker(workerRoot, folder, withCpu == "cpu");
    if (task is ["measure", var count, var file]) worker.Measure(int.Parse(count, null), file);
    else worker.Serve(Console.In);
    return 0;
}

if (Options.Read(args, out var problem) is not { } options)
{
    Console.Error.WriteLine(problem);
    return 2;
}
var root = RepositoryRoot.Path;
var watch = Stopwatch.StartNew();
var folderOfBuild = BuildFolder.Of(root, options.Parts);
var build = new MutatedBuild(root, folderOfBuild.Assemblies, options.Parts);
if (!folderOfBuild.Read(build))
{
    build.Run();
    folderOfBuild.Write(build);
}
Console.Error.WriteLine(Invariant($"{build.Mutants.Count} faults compile, {build.Refused} do not: ")
    + Invariant($"{watch.Elapsed.TotalSeconds:F0} s"));
var chosen = options.Choose(build.Mutants);
if (options.ListOnly)
{
    foreach (var mutant in chosen) Console.WriteLine(mutant);
    return 0;
}
using var process = new WorkerProcess(root, folderOfBuild.Assemblies, options.Parts.Contains(Part.Cpu));
var baseline = folderOfBuild.Baseline(() => process.Measure(build.Mutants.Count, TimeSpan.FromMinutes(30)));
foreach (var failing in baseline.Failing) Console.Error.WriteLine($"fails without a fault, not asked: {failing}");
Console.Error.WriteLine(Invariant($"{baseline.Tests.Count} tests, {baseline.Tests.Sum(test => test.Seconds):F0} s ")
    + Invariant($"of a run without a fault; {watch.Elapsed.TotalSeconds:F0} s so far"));
baseline = baseline with { Tests = [.. baseline.Tests.Where(test => test.Seconds <= options.Longest)] };
var known = KnownSurvivors.Read(Path.Combine(root, "tests", "Mutation", "known-survivors.json"));
var outcomes = new Trial(process, baseline, known).Run(chosen, options.Log);
var report = new Report(outcomes, options.Words(chosen.Count, build.Mutants.Count, baseline.Tests.Count));
Console.Write(report.Text());
if (options.JsonFile is { } json) File.WriteAllText(json, report.Json());
if (options.MarkdownFile is { } markdown) File.WriteAllText(markdown, report.Markdown());
Console.Error.WriteLine(Invariant($"{watch.Elapsed.TotalSeconds:F0} s"));
return Report.Score(outcomes) >= options.Minimum ? 0 : 1;
