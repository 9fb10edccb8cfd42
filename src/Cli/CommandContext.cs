using System.CommandLine;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using LdNetGpu.Cli.Commands;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Mpi;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Variants;
using LdNetGpu.Train;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Distributed;

namespace LdNetGpu.Cli;

/// <summary>
/// What a running command has at hand: its arguments, the global options, where results and progress go.
/// </summary>
public sealed class CommandContext(ParseResult parsed) : IDisposable
{
    ComputeDevice? device;
    DeviceBackend<float>? backend;
    ShownProgress? progress;
    RankGroup? ranks;
    bool isJoining;

    /// <summary>True when the result is to be JSON.</summary>
    public bool Json => parsed.GetValue(GlobalOptions.Json);

    /// <summary>Seed of every random draw.</summary>
    public ulong Seed => (ulong)parsed.GetValue(GlobalOptions.Seed);

    /// <summary>Threads asked for; 0 for every core.</summary>
    public int Threads => parsed.GetValue(GlobalOptions.Threads);

    /// <summary>The device of <c>--device</c>, opened at the first call.</summary>
    public ComputeDevice Device
    {
        get
        {
            if (device is not null) return device;
            device = Choice.ForRank(ranks?.LocalRank).Open(Threads, Compiler);
            ranks?.Use(device);
            return device;
        }
    }

    DeviceChoice Choice => DeviceChoice.Parse(parsed.GetValue(GlobalOptions.Device)!)!;

    /// <summary>What <c>--compiler</c> said.</summary>
    public KernelCompiler Compiler =>
        Enum.Parse<KernelCompiler>(parsed.GetValue(GlobalOptions.Compiler)!, ignoreCase: true);

    /// <summary>What <c>--math</c> said.</summary>
    public ProductPrecision Math =>
        Enum.Parse<ProductPrecision>(parsed.GetValue(GlobalOptions.Math)!, ignoreCase: true);

    /// <summary>The operations on <see cref="Device"/> that models are trained and run with.</summary>
    public DeviceBackend<float> Backend => backend ??= DeviceChoice.BackendOf<float>(Device, Math);

    /// <summary>The same in double precision, for checks.</summary>
    public DeviceBackend<double> DoubleBackend => DeviceChoice.BackendOf<double>(Device);

    /// <summary>What <c>--config</c> and <c>--set</c> said; its <c>Read</c> gives a checked options record.</summary>
    public SettingsSource Settings =>
        new(parsed.GetValue(GlobalOptions.Config), parsed.GetValue(GlobalOptions.Set) ?? []);

    /// <summary>
    /// Cancelled by Ctrl-C or SIGTERM: save and leave. Work that has nothing to save throws, and the program ends with
    /// <see cref="ExitCode.Interrupted"/>.</summary>
    public CancellationToken Cancellation => (parsed.InvocationConfiguration as Invocation)?.Cancellation
        ?? CancellationToken.None;

    /// <summary>What every reading of a file keeps to: the limits that were given, and Ctrl-C.</summary>
    public FileReading Reading => new()
    {
        MostLineBytes = parsed.GetValue(GlobalOptions.MaxLine), MostWordBytes = parsed.GetValue(GlobalOptions.MaxWord),
        MostInflation = parsed.GetValue(GlobalOptions.MaxInflation), Cancellation = Cancellation,
    };

    /// <summary>Who is told of the library's work besides the user; null for none.</summary>
    public IProgress<WorkProgress>? Observer => (parsed.InvocationConfiguration as Invocation)?.Observer;

    /// <summary>Shows the user how far the library's work is, until the command's result is written.</summary>
    public IProgress<WorkProgress> Progress => progress ??= new(this);

    /// <summary>Where results go, and nothing else; of several ranks the first has them.</summary>
    public TextWriter Output => IsFollower ? TextWriter.Null : parsed.InvocationConfiguration.Output;

    /// <summary>Where people are told things that are not the result; of several ranks by the first.</summary>
    public TextWriter Messages => IsFollower ? TextWriter.Null : parsed.InvocationConfiguration.Error;

    /// <summary>Whether there are other processes, so that one of all tells people what has failed.</summary>
    public bool HasOthers => isJoining || ranks is not null;

    /// <summary>The processes that were joined; null where there is none besides this one.</summary>
    public RankGroup? Ranks => ranks;

    bool IsFollower => ranks is { IsFirst: false };

    /// <summary>The value of one of the command's options.</summary>
    public T Value<T>(Option<T> option) => parsed.GetValue(option)!;

    /// <summary>The value of one of the command's arguments.</summary>
    public T Value<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    /// <summary>True when the user gave this option, rather than its default standing in.</summary>
    public bool Given(Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>What is wrong, with what this command line could do about it.</summary>
    public string MessageOf(UserException error) => Advice.After(error, parsed);

    /// <summary>The same of any error; null of one that is no fault of the user's.</summary>
    internal string? FaultOf(Exception error) => Failure.UserMessage(error, parsed);

    /// <summary>Writes the command's result once: JSON with <c>--json</c>, else <paramref name="human"/>.</summary>
    public void Report(JsonNode json, Action<TextWriter> human)
    {
        progress?.End();
        if (Json) Output.WriteLine(json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        else human(Output);
    }

    /// <summary>
    /// Joins the processes that a launcher has started with this one, all with the same command line; null where there
    /// is none.
    /// </summary>
    /// <exception cref="UserException">There is no MPI library, not the launcher's, or a rank is another
    /// program's or was started with something else.</exception>
    public RankGroup? JoinRanks()
    {
        // Its launcher ends what waits for others where one of them has failed: that is no interruption.
        (isJoining, Interruption.IsToldByWork) = (true, Launcher.IsPresent);
        ranks = RankGroup.Join(new()
        {
            Silence = TimeSpan.FromSeconds(parsed.GetValue(CommonOptions.RankTimeout)),
            OnGpus = Choice.IsNvidia,
            BucketBytes = (long)(parsed.GetValue(CommonOptions.Bucket) * (1 << 20)),
            ShardsOptimizer = parsed.GetValue(CommonOptions.ShardOptimizer),
            Abandon = error =>
            {
                Failure.Report(error, parsed.InvocationConfiguration.Error, parsed);
                Environment.Exit(ExitCode.UserFault);
            },
        });
        (isJoining, Interruption.IsToldByWork) = (false, ranks is { IsFirst: false });
        if (ranks is null) return null;
        ranks.RequireSame("version", typeof(CommandContext).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);
        ranks.RequireSame("command line", string.Join(' ', parsed.Tokens.Select(token => token.Value)));
        return ranks;
    }

    /// <summary>Tells people what has ended a command that several ranks run: once, by the first that can.</summary>
    /// <returns>The exit code.</returns>
    public int ReportFailure(Exception error)
    {
        progress?.End();
        // Where ranks end together, the process is gone with the last of them.
        StandardOutput.TryFlush(parsed.InvocationConfiguration.Output);
        var words = new StringWriter();
        var code = Failure.Report(error, words, parsed);
        var text = words.ToString().Trim();
        var isHeaded = text.StartsWith(Head, StringComparison.Ordinal);
        var what = isHeaded ? text[Head.Length..] : text;
        if (ranks is not null && ranks.Fail(error, text.Length == 0 ? "was interrupted." : what, code)) return code;
        if (ranks is null) UnjoinedRank.Tell(code, Tell);
        else Tell(ranks.Rank);
        return code;

        void Tell(int? rank)
        {
            var messages = parsed.InvocationConfiguration.Error;
            // What says of itself which rank it is about is that of another.
            if (rank is null || error is RankFailedException || !isHeaded) messages.Write(words);
            else messages.WriteLine($"{Head}rank {rank}: {what}");
        }
    }

    const string Head = "error: ";

    /// <summary>One line to standard error.</summary>
    public void Note(string line) => Messages.WriteLine(line);

    /// <summary>Ends a command that saved and left: says how to go on.</summary>
    public int Interrupted(string folder)
    {
        progress?.End();
        Note($"{folder}: saved. The same command with --resume goes on from here.");
        return ExitCode.Interrupted;
    }

    /// <summary>
    /// Shows how far a long work is, on standard error: a bar on a terminal, a line now and then elsewhere.
    /// </summary>
    /// <param name="label">What is being done: <c>forward language model</c>.</param>
    /// <param name="total">Units in all; 0 when unknown.</param>
    /// <param name="unit">What is counted, in the plural: <c>words</c>.</param>
    /// <param name="before">Units that were done before, a resumed run's.</param>
    public Progress StartProgress(string label, long total, string unit, long before = 0) =>
        Messages != Console.Error || Console.IsErrorRedirected || Environment.GetEnvironmentVariable("TERM") == "dumb"
            ? new LineProgress(Messages, TimeProvider.System, label, total, unit, before)
            : new TerminalProgress(label, total, unit, before);

    public void Dispose()
    {
        progress?.End();
        ranks?.Dispose();
        (device as IDisposable)?.Dispose();
    }
}
