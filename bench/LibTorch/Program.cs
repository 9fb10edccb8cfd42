using System.Diagnostics;
using System.Text.Json;
using LdNetGpu.Bench.Torch;
using TorchSharp;

// A row's calls by libtorch, one turn for each line of standard input, as bench/Cpu asks its own processes for them:
//
//     libtorch-bench --version
//     libtorch-bench --only ROW --threads N --warm N [--cpu-time]
if (args.Contains("--version"))
{
    Console.WriteLine(torch.__version__);
    return 0;
}
var threads = int.Parse(Value("--threads"));
var warm = int.Parse(Value("--warm"));
var cpuTime = args.Contains("--cpu-time");
torch.set_num_threads(threads);
torch.manual_seed(0);
using var process = Process.GetCurrentProcess();

var name = Value("--only");
var call = Rows.Prepare(name);
for (var i = 0; i < warm; i++) Call();
Console.WriteLine("# ready");
while (Console.ReadLine() is not null)
{
    var (median, least) = Turn();
    process.Refresh();
    var line = new { name, us = median, least_us = least, peak_bytes = process.PeakWorkingSet64 };
    Console.WriteLine(JsonSerializer.Serialize(line));
}
return 0;

string Value(string option)
{
    var place = Array.IndexOf(args, option);
    if (place < 0 || place + 1 == args.Length) throw new ArgumentException($"{option} is missing.");
    return args[place + 1];
}

// Calls for half a second, the first of several left out, as on our side.
(double Median, double Least) Turn()
{
    var times = new List<double>();
    while (times.Sum() < 5e5)
    {
        var (start, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        Call();
        var time = cpuTime ? Environment.CpuUsage.TotalTime - used : Stopwatch.GetElapsedTime(start);
        times.Add(time.TotalMicroseconds);
    }
    if (times.Count > 1) times.RemoveAt(0);
    times.Sort();
    return (times[times.Count / 2], times[0]);
}

void Call()
{
    using var scope = torch.NewDisposeScope();
    call();
}
