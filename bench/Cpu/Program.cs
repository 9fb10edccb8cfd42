using System.CommandLine;
using LdNetGpu.Bench;
using LdNetGpu.Devices;
using LdNetGpu.Tests;

var threads = new Option<int>("--threads") { Description = "Threads of each side.", DefaultValueFactory = _ => 2 };
var rounds = new Option<int>("--rounds")
{
    Description = "How often each row gets a new process of each side; the two then take turns.",
    DefaultValueFactory = _ => 3,
};
var cpuTime = new Option<bool>("--cpu-time")
    { Description = "Count processor time, not time on the wall: for a busy machine, with --threads 1." };
var only = new Option<string[]>("--only") { Description = "Measure only rows whose name contains one of these.",
    AllowMultipleArgumentsPerToken = true };
var peerName = new Option<string?>("--peer")
{
    Description = "libtorch or pytorch; by default the first of both that runs.",
};
var python =
    new Option<string?>("--python") { Description = "Python that can import torch; without, a few are tried." };
var json = new Option<string?>("--json") { Description = "Also write the figures to this file." };
var group = new Argument<string>("group");
var row = new Option<string>("--row") { Required = true };

// What the command starts for itself: one row, which prints a line of JSON for each line it reads.
var measure = new Command("measure") { group, row, threads, cpuTime };
measure.Hidden = true;
measure.SetAction(parsed => Measurement.Run(
    WorkList.Groups.First(work => work.Name == parsed.GetValue(group)), parsed.GetValue(row)!, parsed.GetValue(threads),
    parsed.GetValue(cpuTime)));

peerName.AcceptOnlyFromAmong(Peer.LibTorch, Peer.PyTorch);
var root = new RootCommand("Times LdNetGpu's CPU operations beside libtorch's or PyTorch's.")
{
    threads, rounds, cpuTime, only, peerName, python, json, measure,
};
root.SetAction(parsed =>
{
    try
    {
        Compare(parsed);
        return 0;
    }
    catch (UserException error)
    {
        Console.Error.WriteLine(error.Message);
        return 1;
    }
});
return root.Parse(args).Invoke();

void Compare(ParseResult parsed)
{
    var (peer, reason) = Peer.Find(RepositoryRoot.Path, parsed.GetValue(peerName), parsed.GetValue(python));
    var options = new RunOptions(parsed.GetValue(rounds), parsed.GetValue(threads), parsed.GetValue(cpuTime));
    var version = peer is null ? $"no peer ({reason})" : $"{peer.Name} {peer.Version}";
    Report.WriteHead(Console.Out, version, options);
    var peak = FmaPeak.Measure(options.Threads);
    var comparison = Comparison.Run(peer, parsed.GetValue(only) ?? [], options,
        (done, bestRate) => Report.WriteGroup(Console.Out, done, bestRate));
    var startUp = StartUp.Milliseconds(RepositoryRoot.Path);
    Report.WriteTail(Console.Out, comparison.BestRate, peak, startUp);
    if (parsed.GetValue(json) is { } file) Report.WriteJson(file, comparison, peak, version, startUp, options);
}
