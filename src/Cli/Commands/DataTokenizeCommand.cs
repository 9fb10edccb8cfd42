using System.CommandLine;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Tagging;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet data tokenize</c>: raw text as language models and people who label it take it.</summary>
sealed class DataTokenizeCommand : CliCommand
{
    const string Text = "text", Columns = "conll";

    // Each file is a document, which 'data split' keeps together.
    const string DocumentStart = "-DOCSTART-";

    readonly Argument<string[]> files = new("FILE")
    {
        Description = "Text as people write it, each file by itself; standard input without one.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    readonly Option<string> format = new("--format")
    {
        Description = "text: a sentence a line; conll: a word a line and a blank line behind each sentence, each "
            + "file a document, to be labelled.",
        HelpName = "F", DefaultValueFactory = _ => Text,
    };

    readonly Option<string?> sentenceBreak = RawTextOption.SentenceBreak("blank by default.");

    public DataTokenizeCommand()
        : base("tokenize", "Cuts raw text into sentences and words, as 'tag --input raw' does.")
    {
        Examples =
        [
            ("ldnet data tokenize books/*.txt > text.txt", "For 'ldnet lm train', a sentence a line."),
            ("ldnet data tokenize --format conll news.txt > news.conll", "A word a line, to write tags behind."),
        ];
        Notes = "No word is changed, and none is lost. With --json each sentence is an object of its line and words.";
        format.AcceptOnlyFromAmong(Text, Columns);
        Add(files);
        Add(format);
        Add(sentenceBreak);
    }

    protected override int Execute(CommandContext context)
    {
        var cut = new RawTextOptions { Break = RawTextOption.BreakOf(context, sentenceBreak) ?? default };
        var isColumns = context.Value(format) == Columns;
        var paths = context.Value(files) ?? [];
        foreach (var path in paths) InputFile.Open(path).Dispose();
        using var progress = context.StartProgress("tokenising", 0, "words");
        foreach (var sentences in paths.Length == 0
            ? [RawText.Read(StandardStreams.OpenInput(), "standard input", cut)]
            : paths.Select(path => RawText.ReadFile(path, cut)))
        {
            if (isColumns && !context.Json) context.Output.Write($"{DocumentStart}\n\n");
            foreach (var sentence in sentences)
            {
                context.Output.Write(context.Json ? Json(sentence)
                    : isColumns ? string.Join('\n', sentence.Words) + "\n\n" : string.Join(' ', sentence.Words) + "\n");
                progress.Advance(sentence.Words.Length);
                if (context.Cancellation.IsCancellationRequested) return ExitCode.Interrupted;
            }
        }
        return ExitCode.Success;
    }

    static string Json(Sentence sentence) => TaggedJson.Text(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("line", sentence.FirstLine);
        json.WriteStartArray("words");
        foreach (var word in sentence.Words) json.WriteStringValue(word);
        json.WriteEndArray();
        json.WriteEndObject();
    }) + "\n";
}
