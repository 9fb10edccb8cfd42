using System.CommandLine;
using System.Text.Json;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet data check</c>: what to know of a file before training on it.</summary>
sealed class DataCheckCommand : CliCommand
{
    readonly Argument<string> file = new("FILE") { Description = "CoNLL columns or plain text, gzip or not." };
    readonly Option<string> format = new("--format")
    {
        Description = "conll, text, or auto: told from the first lines.", HelpName = "F",
        DefaultValueFactory = _ => "auto",
    };

    readonly Option<string?> embeddings = new("--embeddings")
    {
        Description = "Word vectors, text or .bin, whose coverage to report.", HelpName = "FILE",
    };

    readonly Option<string?> vocabulary = new("--vocabulary")
    {
        Description = "A vocabulary, one token a line, whose <unk> rate to report.", HelpName = "FILE",
    };

    public DataCheckCommand() : base("check",
        "Counts, tag scheme, defects with line numbers, coverage: what to know of a file before training on it.")
    {
        Examples =
        [
            ("ldnet data check train.conll", "Columns, scheme, tags, spans, odd words, repeats."),
            ("ldnet data check train.conll --embeddings glove.6B.100d.txt --vocabulary lm/forward/vocab/words.txt",
                "Also how much of it the models know."),
        ];
        format.AcceptOnlyFromAmong("auto", "conll", "text");
        Add(file);
        foreach (var option in new Option[] { format, embeddings, vocabulary }) Add(option);
        foreach (var option in ColumnOptions.Labelled) Add(option);
        ColumnOptions.RefuseForText(this, format, "conll", ["text"], ColumnOptions.Labelled);
    }

    protected override int Execute(CommandContext context)
    {
        var report = DataCheck.Check(context.Value(file), new DataCheckOptions
        {
            Conll = context.Value(format) switch
            {
                "conll" => true,
                "text" => false,
                _ => ColumnOptions.Labelled.Any(context.Given) ? true : null,
            },
            Columns = ColumnOptions.ReadLabelled(context),
            Scheme = ColumnOptions.Scheme(context.Value(ColumnOptions.TagScheme)),
            Embeddings = context.Value(embeddings),
            Vocabulary = context.Value(vocabulary) is { } path ? Vocabulary.Load(path) : null,
        });
        var json = JsonSerializer.SerializeToNode(report, DataReportJson.Default.DataReport)!;
        context.Report(json, writer => Write(report, writer));
        return ExitCode.Success;
    }

    static void Write(DataReport report, TextWriter writer)
    {
        var facts = new TextTable("of " + report.File, "");
        facts.Add("format", report.Format);
        if (report.Separator is not null) facts.Add("separator, columns", $"{report.Separator}, {report.Columns}");
        if (report.Scheme is not null) facts.Add("tag scheme", $"{report.Scheme} ({report.SchemeExplanation})");
        if (report.Comments > 0) facts.Add("comment lines", Number(report.Comments.Value));
        if (report.OtherLines > 0) facts.Add("lines of no word (2-3, 2.1)", Number(report.OtherLines.Value));
        facts.Add("documents", Number(report.Documents));
        facts.Add("sentences", Number(report.Sentences));
        facts.Add("words", Number(report.Words));
        facts.Add("different words", Number(report.WordTypes));
        facts.Add("longest sentence",
            $"{Number(report.LongestSentence.Length)} words, line {report.LongestSentence.Line}");
        facts.Add("longest word", $"{Number(report.LongestWord.Length)} characters, line {report.LongestWord.Line}");
        facts.Add("repeated sentences", Number(report.RepeatedSentences));
        if (report.UnknownRate is { } unknown) facts.Add("<unk> rate", Percent(unknown));
        if (report.EmbeddingFile is { } vectors) facts.Add("word vectors", vectors.Summary());
        if (report.Embeddings is { } coverage) facts.Add("words with a vector", coverage.Summary());
        facts.WriteTo(writer);
        foreach (var (title, counts) in new[] { ("spans", report.Spans), ("tags", report.Tags) })
        {
            if (counts is null) continue;
            writer.WriteLine();
            var table = new TextTable(title, "count");
            foreach (var (name, count) in counts) table.Add(name.Length > 0 ? name : "(no type)", Number(count));
            table.WriteTo(writer);
        }
        writer.WriteLine();
        if (report.Defects.Count == 0) writer.WriteLine("No defects found.");
        foreach (var defect in report.Defects)
        {
            writer.WriteLine($"{defect.Kind}: {Number(defect.Count)}");
            foreach (var example in defect.Examples)
                writer.WriteLine($"  line {example.Line}: {example.Text}: {example.Problem}");
        }
    }

    static string Number(long value) => value.ToString("N0");

    static string Percent(double share) => (100 * share).ToString("f2") + " %";
}
