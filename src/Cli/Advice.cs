using System.CommandLine;
using LdNetGpu.Autograd;
using LdNetGpu.Cli.Commands;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Mpi;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Distributed;
using LdNetGpu.Train.Import;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Cli;

/// <summary>What to do about a fault in words of the command line, which the library below does not know.</summary>
static class Advice
{
    const string LessMemory = "Use a smaller batch (--set batch_size=...), fewer tokens a batch, or a smaller model "
        + "('ldnet config list' names its sizes)";

    /// <summary>The fault's own message, with advice behind it where there is some.</summary>
    /// <param name="error">What is wrong.</param>
    /// <param name="command">The command line: only what it takes is advised. Null: whatever there is.</param>
    public static string After(UserException error, ParseResult? command = null) => Of(error, command) is { } advice
        ? error.Message + Before(error) + advice : error.Message;

    // A compiler's log has lines of its own.
    static string Before(UserException error) => error is KernelCompilationException ? Environment.NewLine : " ";

    static string? Of(UserException error, ParseResult? command) => error switch
    {
        OutOfDeviceMemoryException { Device: "cpu" } => $"{LessMemory}.",
        OutOfDeviceMemoryException => $"{LessMemory}, or --device cpu.",
        DeviceLostException => "Training: what was saved stands, and --resume goes on from there.",
        UnsupportedOnDeviceException { Alternatives: { Count: > 0 } others } =>
            $"Give {string.Join(", or ", others.Select(Flags))}.",
        KernelCompilationException refused =>
            $"'ldnet kernels show \"{refused.Kernel.Name}\" --target {refused.Target}' prints the text.",
        TrainingDivergedException { LastGood: { } folder } =>
            $"The last good state is in {folder}: add --resume and a lower learning rate (--set learning_rate=...) or "
            + "clip_norm.",
        DivergedException => "Train with a lower learning rate (--set learning_rate=...) or clip_norm.",
        CheckpointWriteException => "Then go on with --resume.",
        NoCheckpointException => "'ldnet lm train', 'ldnet tagger train' and 'ldnet prune' write such folders.",
        InputLimitException { Limit: InputLimit.LineBytes } => "The limit is --max-line.",
        InputLimitException { Limit: InputLimit.WordBytes } => "The limit is --max-word.",
        InputLimitException { Limit: InputLimit.Inflation } => "The limit is --max-inflation.",
        FolderTakenException { IsOther: false } => Takes(command, CommonOptions.Resume)
            ? "Give --resume to go on with it, or another --out." : "Give another --out.",
        FolderTakenException or OutputFolderException => "Give another --out.",
        FileTakenException => "Give another --out, or move the file away.",
        FolderInUseException => "Wait for its end, or give another --out."
            + (Launcher.IsPresent && !Takes(command, CommonOptions.RankTimeout)
                ? " Each of the processes that were started here does the whole work: this command does not divide it "
                    + $"among them{(Takes(command, ShardOptions.Shard) ? "; --shard does" : "")}." : ""),
        RankFailedException { IsLost: true } when Takes(command, CommonOptions.Resume) =>
            "--resume goes on from the last checkpoint, with as many ranks or others.",
        TooFewToSplitException { Unit: SplitUnit.Document } few when few.Sentences >= few.Needed =>
            "Give --by sentence.",
        ResumeException => "--resume goes on with a run, another --out begins one.",
        DirectionException => "Give --direction forward or --direction backward.",
        LayersLeftException =>
            "--resume with --set max_epochs=... or --set learning_rate=... goes on; --lambda0 and --layers go with "
            + "another --out.",
        InputException { Remedy: not InputRemedy.None } input => InputAdvice.Of(input.Remedy, command),
        _ => null,
    };

    static bool Takes(ParseResult? command, Option option) =>
        command is null || command.CommandResult.Command.Options.Contains(option);

    static string Flags(DeviceAlternative other) => string.Join(' ', new[]
    {
        other.Device is { } device ? $"--device {device}" : null,
        other.Compiler is { } compiler ? $"--compiler {compiler.ToString().ToLowerInvariant()}" : null,
    }.OfType<string>());
}
