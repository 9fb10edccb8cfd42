using System.Diagnostics;
using System.Globalization;
using LdNetGpu.Bench;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;

// A tagger on a labelled file, by this engine and by ONNX Runtime from its exported graph: whether both say the same of
// every sentence, and how long each takes from ids to tags, in turns.
//
//     onnx-bench MODEL FILE [--rounds 9] [--threads 1]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args.Length < 2)
{
    Console.Error.WriteLine("onnx-bench MODEL FILE [--rounds 9] [--threads 1]");
    return 2;
}
var (rounds, threads) = (Number("--rounds", 9), Number("--threads", 1));
var graph = Path.Combine(Path.GetTempPath(), $"onnx-bench-{Environment.ProcessId}.onnx");
try
{
    using var loaded = TaggerFolder.Load(new CpuBackend<float>(new CpuDevice(threads)), args[0]);
    var bytes = TaggerOnnxFile.Write(loaded, graph);
    using var runtime = new RuntimeTagger(graph, threads);
    var file = LabelledFile.Load(args[1]);
    Console.WriteLine($"{args[1]}: {file.Sentences.Count} sentences, {file.WordCount} words; {threads} threads; "
        + $"graph of {bytes:N0} bytes; median of {rounds} rounds, in turns");
    Console.WriteLine($"{"sentences a batch",-18}{"ours ms",10}{"runtime ms",12}{"ratio",8}   differences");
    foreach (var size in new[] { 1, 32, 128 })
    {
        var batches = EncodedBatch.Of(file.Sentences, loaded.Vocabularies, size);
        var difference = Differences.Of(loaded.Tagger, runtime, batches);
        Action ours = () => batches.ForEach(batch => loaded.Tagger.Decode(batch.Padded)),
            theirs = () => batches.ForEach(batch => runtime.Tags(batch));
        List<double> own = [], other = [];
        for (var round = 0; round <= rounds; round++)
        {
            own.Add(Time(ours));
            other.Add(Time(theirs));
        }
        var (a, b) = (Median(own.Skip(1)), Median(other.Skip(1)));
        Console.WriteLine($"{size,-18}{a,10:f1}{b,12:f1}{a / b,8:f2}   {difference}");
    }
}
catch (UserException error)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
finally
{
    File.Delete(graph);
}
return 0;

static double Time(Action work)
{
    var clock = Stopwatch.StartNew();
    work();
    return clock.Elapsed.TotalMilliseconds;
}

static double Median(IEnumerable<double> times) => times.Order().ElementAt(times.Count() / 2);

int Number(string option, int standard)
{
    var place = Array.IndexOf(args, option);
    return place < 0 ? standard : int.Parse(args[place + 1], CultureInfo.InvariantCulture);
}
