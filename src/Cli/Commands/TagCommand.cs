using System.CommandLine;
using LdNetGpu.Devices;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Tagging;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet tag</c>: tags text as it comes, in bounded memory.</summary>
sealed class TagCommand : CliCommand
{
    readonly Option<string> model = new("--model") { Description = "A tagger, whole or pruned.", HelpName = "DIR",
        Required = true };
    readonly Argument<string[]> files = new("FILE")
    {
        Description = "Text to tag; standard input without it. With --out any number of files and folders.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    readonly Option<string> input = new("--input")
    {
        Description = "text: a tokenised sentence a line; conll: a word a line, tags ignored; raw: text that nobody "
            + "cut into words; auto: columns if TABs or tags on several lines show them, else text.",
        HelpName = "F",
        DefaultValueFactory = _ => TagInput.Auto,
    };

    readonly Option<string> format = new("--format")
    {
        Description = "conll: word and tag a line; jsonl: a sentence a line with its spans; of raw text also "
            + "entities: its names as a JSON array of entity_group, score, word, start and end, as Hugging Face's "
            + "pipelines give them; tsv: the same as a table.",
        HelpName = "F",
        DefaultValueFactory = _ => TagFormat.Columns,
    };

    readonly Option<string> offsets = new("--offsets")
    {
        Description = "What places in raw text are counted in: codepoints, as Python counts, or utf16, as C#, Java and "
            + "JavaScript do.",
        HelpName = "U",
        DefaultValueFactory = _ => OffsetUnit.CodePoints,
    };

    readonly Option<string?> sentenceBreak =
        RawTextOption.SentenceBreak("blank by default, but line where answers are waited for.");

    readonly Option<bool> keepColumns = new("--keep-columns")
    {
        Description = "Columns of the input stay, the tag is one more behind them: 'ldnet score' reads that.",
    };

    readonly Option<bool> live = new("--live")
    {
        Description = "Answers each sentence as it comes, for a program that waits for it; at a terminal always. "
            + "Slower than many at once.",
    };

    readonly Option<bool> confidence =
        new("--confidence") { Description = "Adds each tag's probability given the sentence." };
    readonly Option<int> best = NumberOption.Of("--nbest",
        "The N most likely tag sequences of each sentence with their probabilities.", 1, 1, 1000);

    public TagCommand() : base("tag", "Tags text: standard input by default, streaming, in bounded memory.")
    {
        Examples =
        [
            ("ldnet tag --model pruned < sentences.txt", "Word and IOB2 tag a line."),
            ("ldnet tag --model pruned --format jsonl --confidence news.conll.gz", "One JSON object a sentence."),
            ("ldnet tag --model pruned --keep-columns test.conll | ldnet score", "Tags a labelled file and scores it."),
            ("ldnet tag --model pruned --format jsonl --nbest 3 news.txt", "The three best readings."),
            ("ldnet tag --model pruned --input raw --format entities page.txt", "Names with their places, as JSON."),
            ("ldnet tag --model pruned --out tagged texts", "Each file of a folder into one of another; what is there "
                + "is not made again."),
            ("ldnet tag --model pruned --out tagged --shard 3/32 texts", "One machine's part of them."),
            ("ldnet tag --model pruned --out tagged --check-shards 32 texts", "What is left to do."),
        ];
        Notes = "Text must be tokenised as the tagger's training text was; --input raw cuts it, as English is usually "
            + "cut. Output tags are IOB2. Line n of a text is line n of jsonl. Places in raw text count every "
            + "character from 0, line ends and a byte order mark too; a score is the probability that the name is "
            + "there with exactly these words and this type.";
        input.AcceptOnlyFromAmong(TagInput.Auto, TagInput.Text, TagInput.Conll, TagInput.Raw);
        format.AcceptOnlyFromAmong(TagFormat.Columns, TagFormat.JsonLines, TagFormat.Entities, TagFormat.Table);
        offsets.AcceptOnlyFromAmong(OffsetUnit.CodePoints, OffsetUnit.Utf16);
        Add(files);
        foreach (var option in new Option[] { model, input, format, offsets, sentenceBreak, keepColumns, live,
            confidence, best, CommonOptions.LmStorage })
            Add(option);
        foreach (var option in ColumnOptions.Unlabelled) Add(option);
        foreach (var option in ShardOptions.All) Add(option);
        ShardOptions.RequireThatTheyGoTogether(this, files, live);
        ColumnOptions.RefuseForText(this, input, TagInput.Conll, [TagInput.Text, TagInput.Raw], Signs);
        Validators.Add(result =>
        {
            // What was said, be it a value or not.
            string? Said(Option option) => result.GetResult(option)?.Tokens is [var token] ? token.Value : null;
            var isRaw = Said(input) == TagInput.Raw;
            var isOfNames = Said(format) is TagFormat.Entities or TagFormat.Table;
            if (isOfNames && !isRaw)
                result.AddError($"--format {Said(format)}: places are those of raw text: it goes with --input raw.");
            if (isOfNames && Said(best) is { } readings and not "1")
                result.AddError($"--nbest {readings}: names are those of one reading: it goes with --format jsonl or "
                    + "conll.");
            if (isOfNames && result.GetResult(confidence) is { Implicit: false })
                result.AddError($"--confidence: --format {Said(format)} has scores without it.");
            foreach (var option in new Option[] { offsets, sentenceBreak })
                if (result.GetResult(option) is { Implicit: false } && !isRaw)
                    result.AddError($"{option.Name}: goes with --input raw.");
            if (result.GetValue(keepColumns)
                && (Said(format) == TagFormat.JsonLines
                    || result.GetValue(GlobalOptions.Json) && result.GetResult(ShardOptions.Output) is null))
                result.AddError("--keep-columns: jsonl has no columns to keep: it goes with --format conll.");
        });
    }

    protected override int Execute(CommandContext context)
    {
        var settings = SettingsOf(context);
        var folder = context.Value(model);
        return context.Value(ShardOptions.Output) is { } output
            ? new TagFiles(context, settings, folder, output, context.Value(files)).Run()
            : Stream(context, settings, folder);
    }

    int Stream(CommandContext context, TagSettings settings, string folder)
    {
        var (output, cancellation) = (context.Output, context.Cancellation);
        var isLive = IsLive(context);
        using var loaded = TaggerToRun.Load(context, folder);
        settings.NoteStale(context, loaded, folder);
        var tagger = new TextTagger(loaded,
            isLive ? settings.Tagger with { WindowWords = 1 } : settings.Tagger);
        var file = context.Value(files).FirstOrDefault();
        if (Directory.Exists(file))
            throw new UserException($"{file}: is a folder. --out DIR tags each file in it into a file of its own.");
        var source = TagInput.Open(file, settings, isLive, context.Note);
        var writer = new TaggedOutput(output, source, settings);
        using var progress = context.StartProgress("tagging", 0, "words");
        var isWritten = true;
        foreach (var tagged in tagger.Tag(Read()))
        {
            writer.Write(tagged);
            isWritten = false;
            if (tagged.Words.Length > 0) progress.Advance(tagged.Words.Length);
            if (cancellation.IsCancellationRequested) return ExitCode.Interrupted;
        }
        writer.End();
        return ExitCode.Success;

        // All that was tagged is out before more is waited for.
        IEnumerable<Sentence> Read()
        {
            using var rest = source.Checked().GetEnumerator();
            while (true)
            {
                if (!isWritten) output.Flush();
                isWritten = true;
                if (!rest.MoveNext()) yield break;
                yield return rest.Current;
            }
        }
    }

    TagSettings SettingsOf(CommandContext context)
    {
        var form = context.Value(format);
        if (context.Json && !context.Given(ShardOptions.Output)) form = TagFormat.AsJson(form);
        return new()
        {
            Format = form, Input = context.Value(input), Columns = ColumnOptions.ReadUnlabelled(context),
            Sign = Signs.FirstOrDefault(context.Given), Raw = new() { Break = BreakOf(context) },
            Offsets = new(context.Value(offsets) == OffsetUnit.Utf16), KeepsColumns = context.Value(keepColumns),
            HasConfidence = context.Value(confidence), Readings = context.Value(best),
            LmStorage = context.Value(CommonOptions.LmStorage),
        };
    }

    // Who waits for the answer to a line would wait for the next line.
    SentenceBreak BreakOf(CommandContext context) => RawTextOption.BreakOf(context, sentenceBreak)
        ?? (IsLive(context) ? SentenceBreak.Line : SentenceBreak.BlankLine);

    // Who says something of columns has columns.
    IReadOnlyList<Option> Signs => [keepColumns, .. ColumnOptions.Unlabelled];

    bool IsLive(CommandContext context) => context.Value(live)
        || context.Value(files).Length == 0 && !Console.IsInputRedirected;
}
