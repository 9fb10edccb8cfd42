using System.Text;
using LdNetGpu.Devices;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Shards;
using LdNetGpu.Train.Tagging;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet tag --out</c>: each file's tags in a file of their own; of a shard, or of all.</summary>
/// <param name="context">Of the command.</param>
/// <param name="settings">Of every file.</param>
/// <param name="model">A tagger's folder.</param>
/// <param name="output">Where to.</param>
/// <param name="sources">Files and folders.</param>
sealed class TagFiles(CommandContext context, TagSettings settings, string model, string output, string[] sources)
{
    readonly ShardFolder folder = new(output);
    readonly HashSet<string> taken = [];

    /// <summary>Does the work, or looks how far it is.</summary>
    public int Run()
    {
        var checksum = TaggerChecksum.Of(model);
        folder.RequireApart(sources);
        var inputs = ShardInput.Find(sources);
        if (context.Value(ShardOptions.Check) is { } count)
            return Check(ShardPlan.Divide(inputs, count), LedgerOf(checksum));
        var shard = context.Value(ShardOptions.Shard);
        var report = new ShardReport(output, shard, checksum);
        try
        {
            TagShard(shard, ShardPlan.Divide(inputs, shard.Count)[shard.Number - 1], report, checksum);
        }
        catch (OperationCanceledException)
        {
            context.Note($"{output}: what is finished stays. The same command goes on from here.");
            return ExitCode.Interrupted;
        }
        return report.Report(context);
    }

    ShardLedger LedgerOf(string checksum) =>
        new(folder, TagFormat.EndingOf(settings.Format), checksum, settings.Canonical);

    int Check(IReadOnlyList<IReadOnlyList<ShardInput>> shards, ShardLedger ledger)
    {
        var report = new ShardCheckReport(output);
        using (var progress = context.StartProgress("checking", shards.Sum(inputs => inputs.Count), "files"))
            foreach (var inputs in shards) report.Add(inputs, [.. inputs.Select(input => StateOf(input, ledger,
                progress).State)]);
        return report.Report(context);
    }

    void TagShard(Shard shard, IReadOnlyList<ShardInput> inputs, ShardReport report, string checksum)
    {
        if (inputs.Count == 0) return;
        using var run = ShardRun.Begin(folder, shard);
        // Behind the lock: another run of this shard may have ended just now.
        var ledger = LedgerOf(checksum);
        var open = new List<(ShardInput Input, OutputState State)>();
        using (var progress = ledger.HasRecords ? context.StartProgress("checking", inputs.Count, "files") : null)
            foreach (var input in inputs)
            {
                var (state, fault) = StateOf(input, ledger, progress);
                if (fault is not null) report.AddFault(input, context.MessageOf(fault));
                else if (Refusal(input, state, ledger) is { } refusal) report.AddFault(input, refusal);
                else if (state == OutputState.Done) report.AddDone();
                else open.Add((input, state));
            }
        if (open.Count == 0) return;
        using var loaded = TaggerToRun.Load(context, model);
        if (TaggerChecksum.Of(model) != checksum)
            throw new UserException($"{model}: was written anew while it was read. Start again.");
        settings.NoteStale(context, loaded, model);
        var tagger = new TextTagger(loaded, settings.Tagger);
        using var shown = context.StartProgress(shard == Shard.Whole ? "tagging" : $"tagging, shard {shard}",
            open.Sum(one => one.Input.Bytes), "bytes");
        foreach (var (input, state) in open)
            try
            {
                report.Add(state, run.Write(ledger, input, (source, target) => Tag(tagger, input, source, target),
                    bytes => shown.Advance(bytes, input.Name)));
            }
            catch (UnreadableInputException error)
            {
                report.AddFault(input, context.MessageOf(error.Cause));
            }
    }

    TextCounts Tag(TextTagger tagger, ShardInput input, Stream source, Stream target)
    {
        using var written = new StreamWriter(target, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        var text = UnreadableInputException.Marked(
            () => TagInput.Read(source, input.Path, settings, live: false, Note));
        var writer = new TaggedOutput(written, text, settings);
        var (sentences, words) = (0L, 0L);
        foreach (var tagged in tagger.Tag(UnreadableInputException.Marked(text.Checked()),
            cancellation: context.Cancellation))
        {
            writer.Write(tagged);
            sentences += Math.Min(1, tagged.Words.Length);
            words += tagged.Words.Length;
        }
        writer.End();
        return new(sentences, words);

        // Of the first text that was taken so, or else of thousands.
        void Note(string line)
        {
            if (taken.Add(line[line.IndexOf(": taken as", input.Path.Length, StringComparison.Ordinal)..]))
                context.Note(line);
        }
    }

    (OutputState State, UserException? Fault) StateOf(ShardInput input, ShardLedger ledger, Progress? progress)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        progress?.Advance(1, input.Name);
        try
        {
            return (ledger.StateOf(input), null);
        }
        catch (UserException error)
        {
            return (OutputState.InputChanged, error);
        }
    }

    string? Refusal(ShardInput input, OutputState state, ShardLedger ledger) => state switch
    {
        OutputState.OutputEdited => $"{folder.PathOf(ledger.OutputOf(input))}: is not as it was written: edited, or "
            + "damaged. Move it away, and it is made again.",
        OutputState.OutputForeign => $"{folder.PathOf(ledger.OutputOf(input))}: is there, and no manifest in {output} "
            + "speaks for it. Move it away, or give another --out.",
        _ => null,
    };
}
