using System.CommandLine;
using System.Diagnostics;
using LdNetGpu.Bench;
using LdNetGpu.Devices.Mpi;
using LdNetGpu.Train.Distributed;

var words = new Option<int>("--words") { Description = "Of the vocabulary.", DefaultValueFactory = _ => 10_000 };
var width = new Option<int>("--width") { Description = "Of every layer.", DefaultValueFactory = _ => 200 };
var layers = new Option<int>("--layers") { Description = "Recurrent layers.", DefaultValueFactory = _ => 4 };
var batch = new Option<int>("--batch") { Description = "Streams of all ranks.", DefaultValueFactory = _ => 40 };
var bucket = new Option<double>("--bucket") { Description = "MiB.", DefaultValueFactory = _ => 4 };
var seconds = new Option<double>("--seconds") { Description = "Of each measurement.", DefaultValueFactory = _ => 3 };
var rounds = new Option<int>("--rounds")
{
    Description = "Of which medians are taken.", DefaultValueFactory = _ => 3,
};
var only = new Option<string[]>("--only")
{
    Description = "Paths whose names hold one of these.", AllowMultipleArgumentsPerToken = true,
};
var json = new Option<string?>("--json") { Description = "Results as JSON." };
var result = new Option<string?>("--result") { Hidden = true };
var threads = new Option<int>("--threads") { Hidden = true, DefaultValueFactory = _ => 1 };
var wire = new Option<int?>("--wire") { Hidden = true, Description = "Process that carries packets." };
var size = new Option<int>("--size") { Hidden = true, DefaultValueFactory = _ => 2 };
Option[] work = [words, width, layers, batch, bucket, seconds];

var measure = new RootCommand("Two ranks over several links: how fast, and what the cost model says of them.");
foreach (var option in (Option[])[.. work, rounds, only, json]) measure.Add(option);
measure.SetAction(parsed => Measurements.Run(WorkOf(parsed), parsed.GetValue(seconds),
    parsed.GetValue(rounds), parsed.GetValue(only) ?? [],
    parsed.GetValue(json)));

Command forecast = new("forecast", "What the cost model says of the paper's language model on 8, 64 and 1,024 GPUs.");
forecast.Add(bucket);
forecast.SetAction(parsed => Forecasts.Run(parsed.GetValue(bucket)));
measure.Add(forecast);

// What the others start.
Command alone = new("alone") { Hidden = true }, train = new("train") { Hidden = true };
foreach (var command in (Command[])[alone, train])
{
    foreach (var option in (Option[])[.. work, result, threads, size, wire]) command.Add(option);
    measure.Add(command);
}
alone.SetAction(parsed =>
{
    using var rank = new TrainingRank(WorkOf(parsed), new(null, 0, parsed.GetValue(size)), parsed.GetValue(threads));
    Launch.Write(parsed.GetValue(result)!, Turns.Alone(rank, parsed.GetValue(seconds)));
});
train.SetAction(parsed =>
{
    var link = Joined();
    using var rank = new TrainingRank(WorkOf(parsed), link, parsed.GetValue(threads));
    var carrier = parsed.GetValue(wire) is { } id ? Process.GetProcessById(id) : null;
    var times = Turns.Ranks(rank, link, parsed.GetValue(seconds), carrier);
    if (link.Rank == 0) Launch.Write(parsed.GetValue(result)!, times);
});
return measure.Parse(args).Invoke();

Work WorkOf(ParseResult parsed) => new(parsed.GetValue(words), parsed.GetValue(width), parsed.GetValue(layers),
    parsed.GetValue(batch), parsed.GetValue(bucket));

TimedLink Joined()
{
    var link = new MpiLink(new(MpiLibrary.Search(Launcher.Detect()!.Kind)), TimeSpan.FromSeconds(60),
        TimeSpan.FromMinutes(5), error => Environment.FailFast(error.Message));
    return new(link, link.Rank, link.Size);
}
