using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using LdNetGpu.Devices;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet bench ratios</c>: what <c>bench kernels</c> found, beside what the PyTorch script found.</summary>
sealed class BenchRatiosCommand : CliCommand
{
    readonly Argument<string> ours = new("KERNELS.json") { Description = "What 'ldnet bench kernels --json' wrote." };
    readonly Option<string[]> peers = new("--peer")
    {
        Description = "Lines that bench/peers/torch_ldnet.py wrote; may be repeated. A column is called after its "
            + "file.",
        HelpName = "FILE",
    };

    public BenchRatiosCommand()
        : base("ratios",
            "Lays the rows of 'bench kernels' beside PyTorch's: ours / PyTorch, where both measured the same.")
    {
        Examples = [("ldnet bench ratios kernels.json --peer torch-fp32.jsonl --peer torch-tf32.jsonl",
            "One table of ratios; below 1 ours is faster.")];
        Add(ours);
        Add(peers);
    }

    /// <summary>Rows of one run of ours beside the peers' sides.</summary>
    internal sealed record Ratios((string Name, double Time, double? Share)[] Rows,
        (string Name, string Problem)[] Failed, Side[] Sides)
    {
        /// <exception cref="UserException">A file is of another kind; names it, and its line.</exception>
        public static Ratios Read(string kernels, IEnumerable<string> peers)
        {
            var (rows, failed) = Kernels(kernels);
            return new(rows, failed, [.. peers.Select(Peer)]);
        }

        public JsonArray ToJson() => BenchRatiosCommand.ToJson(Rows, Sides);

        public void Write(TextWriter output)
        {
            BenchRatiosCommand.Write(Rows, Sides, output);
            foreach (var (name, problem) in Failed) output.WriteLine($"failed: {name}: {problem}");
        }
    }

    /// <summary>One side's median microseconds by row.</summary>
    internal sealed record Side(string Name, IReadOnlyDictionary<string, double> Microseconds)
    {
        public double? Of(string row) => Microseconds.TryGetValue(row, out var time) ? time : null;
    }

    protected override int Execute(CommandContext context)
    {
        var ratios = Ratios.Read(context.Value(ours), context.Value(peers) ?? []);
        context.Report(ratios.ToJson(), ratios.Write);
        return ExitCode.Success;
    }

    static ((string Name, double Time, double? Share)[] Rows, (string Name, string Problem)[] Failed) Kernels(
        string file)
    {
        try
        {
            var measured = Member(JsonNode.Parse(File.ReadAllText(file)), "rows").AsArray()
                .ToLookup(row => row?["us"] is not null);
            return (
                [.. measured[true].Select(row =>
                    (Member(row, "name").GetValue<string>(), Member(row, "us").GetValue<double>(),
                        row!["share"]?.GetValue<double>()))],
                [.. measured[false].Select(
                    row => (Member(row, "name").GetValue<string>(), Member(row, "problem").GetValue<string>()))]);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new UserException($"{file}: not what 'ldnet bench kernels --json' writes: {error.Message}");
        }
    }

    // Lines that start with # are the script's remarks.
    static Side Peer(string file)
    {
        var times = new Dictionary<string, double>();
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            if (!line.StartsWith('{')) continue;
            try
            {
                var row = JsonNode.Parse(line);
                times[Member(row, "name").GetValue<string>()] = Member(row, "us").GetValue<double>();
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException)
            {
                throw new UserException($"{file}:{number}: not a row of bench/peers/torch_ldnet.py: {error.Message}");
            }
        }
        return new(Path.GetFileNameWithoutExtension(file), times);
    }

    static JsonNode Member(JsonNode? node, string name) =>
        node?[name] ?? throw new JsonException($"\"{name}\" is missing.");

    static JsonArray ToJson((string Name, double Time, double? Share)[] rows, Side[] sides) =>
        [.. rows.Select(
            row => (JsonNode)new JsonObject([new("name", row.Name), new("us", row.Time), new("share", row.Share),
                .. sides.SelectMany(side => new KeyValuePair<string, JsonNode?>[]
                {
                    new(side.Name + "_us", side.Of(row.Name)), new(side.Name + "_ratio", row.Time / side.Of(row.Name)),
                })]))];

    static void Write((string Name, double Time, double? Share)[] rows, Side[] sides, TextWriter output)
    {
        var table = new TextTable(["work", "ours µs", "of floor",
            .. sides.SelectMany(side => new[] { side.Name + " µs", "ratio" })]);
        foreach (var (name, time, share) in rows)
            table.Add([name, Text(time), share?.ToString("P0") ?? "",
                .. sides.SelectMany(side => new[] { Text(side.Of(name)), Text(time / side.Of(name), "F2") })]);
        table.WriteTo(output);
        // The peer at its fastest, a captured graph or compiled code, has rows of its own.
        foreach (var side in sides)
        {
            var others = side.Microseconds.Where(row => !rows.Any(known => known.Name == row.Key))
                .Select(row => $"{row.Key} {Text(row.Value)}").ToArray();
            if (others.Length > 0) output.WriteLine($"{side.Name} alone, µs: {string.Join(", ", others)}");
        }
    }

    static string Text(double? value, string format = "N1") => value?.ToString(format) ?? "";
}
