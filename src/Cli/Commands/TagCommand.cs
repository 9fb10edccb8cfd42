using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Tagging;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet tag</c>: tags text as it comes, in bounded memory.</summary>
sealed class TagCommand : CliCommand
{
    // What the format of a text is told from; live, no more than the first line may be waited for.
    const int LinesToJudge = 20;

    readonly Option<string> model = new("--model") { Description = "A tagger, whole or pruned.", HelpName = "DIR",
        Required = true };
    readonly Argument<string?> file = new("FILE")
    {
        Description = "Text to tag; standard input without it.", Arity = ArgumentArity.ZeroOrOne,
    };

    readonly Option<string> input = new("--input")
    {
        Description =
        "text: a tokenised sentence a line; conll: a word a line, tags ignored; auto: told from the first lines.",
        HelpName = "F",
        DefaultValueFactory = _ => "auto",
    };

    readonly Option<string> format = new("--format")
    {
        Description = "conll: word and tag a line; jsonl: a sentence a line with its spans.",
        HelpName = "F",
        DefaultValueFactory = _ => "conll",
    };

    readonly Option<bool> live = new("--live")
    {
        Description =
        "Answers each sentence as it comes, for a program that waits for it; at a terminal always. Slower than many at "
        + "once.",
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
            ("ldnet tag --model pruned --format jsonl --nbest 3 news.txt", "The three best readings."),
        ];
        Notes = "Text must be tokenised as the tagger's training text was. Output tags are IOB2.";
        input.AcceptOnlyFromAmong("auto", "text", "conll");
        format.AcceptOnlyFromAmong("conll", "jsonl");
        Add(file);
        foreach (var option in new Option[] { model, input, format, live, confidence, best }) Add(option);
    }

    protected override int Execute(CommandContext context)
    {
        using var loaded = TaggerFolder.Load(context.Backend, context.Value(model));
        var isLive = IsLive(context);
        var options =
            new TextTaggerOptions { Readings = context.Value(best), WithConfidence = context.Value(confidence) };
        var tagger = new TextTagger(loaded, isLive ? options with { WindowWords = 1 } : options);
        using var progress = context.StartProgress("tagging", 0, "words");
        foreach (var tagged in tagger.Tag(Sentences(context)))
        {
            Write(context, tagged);
            if (isLive) context.Output.Flush();
            progress.Advance(tagged.Words.Length);
            if (context.Cancellation.IsCancellationRequested) return ExitCode.Interrupted;
        }
        return ExitCode.Success;
    }

    bool IsLive(CommandContext context) => context.Value(live)
        || context.Value(file) is null && !Console.IsInputRedirected;

    IEnumerable<Sentence> Sentences(CommandContext context)
    {
        var path = context.Value(file);
        var lines = path is null ? TextLines.Read(Console.OpenStandardInput(), "standard input") : TextLines.Read(path);
        var name = path ?? "standard input";
        var judged = context.Value(input) != "auto" ? 0 : IsLive(context) ? 1 : LinesToJudge;
        var (first, all) = TextLines.Peek(lines, judged);
        var isConll = context.Value(input) == "conll"
            || context.Value(input) == "auto" && DataCheck.LooksLikeConll(first);
        return isConll ? new ConllReader(name, ConllOptions.Unlabelled).Sentences(all) : Corpus.ToSentences(all, name);
    }

    void Write(CommandContext context, TaggedSentence sentence)
    {
        if (context.Value(format) == "jsonl" || context.Json) WriteJson(context.Output, sentence);
        else WriteColumns(context.Output, sentence);
    }

    static void WriteColumns(TextWriter output, TaggedSentence sentence)
    {
        for (var reading = 0; reading < sentence.Readings.Count; reading++)
        {
            var (tags, probability, _) = sentence.Readings[reading];
            if (probability is { } known) output.WriteLine($"# {reading + 1} {known:g6}");
            for (var i = 0; i < tags.Length; i++)
            {
                var trust = reading == 0 && sentence.Confidence is { } confidences
                    ? "\t" + confidences[i].ToString("f4")
                    : "";
                output.WriteLine($"{sentence.Words[i]}\t{tags[i]}{trust}");
            }
            output.WriteLine();
        }
    }

    static void WriteJson(TextWriter output, TaggedSentence sentence)
    {
        using var buffer = new MemoryStream();
        using (var json =
            new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartArray("words");
            foreach (var word in sentence.Words) json.WriteStringValue(word);
            json.WriteEndArray();
            WriteReading(json, sentence, sentence.Readings[0]);
            if (sentence.Confidence is { } confidences)
            {
                json.WriteStartArray("confidence");
                foreach (var value in confidences) json.WriteNumberValue(Math.Round(value, 6));
                json.WriteEndArray();
            }
            if (sentence.Readings[0].Probability is not null)
            {
                json.WriteStartArray("nbest");
                foreach (var reading in sentence.Readings)
                {
                    json.WriteStartObject();
                    json.WriteNumber("probability", reading.Probability!.Value);
                    WriteReading(json, sentence, reading);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        output.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
    }

    static void WriteReading(Utf8JsonWriter json, TaggedSentence sentence, TaggedReading reading)
    {
        json.WriteStartArray("tags");
        foreach (var tag in reading.Tags) json.WriteStringValue(tag);
        json.WriteEndArray();
        json.WriteStartArray("spans");
        foreach (var span in reading.Spans)
        {
            json.WriteStartObject();
            json.WriteNumber("start", span.Start);
            json.WriteNumber("end", span.End);
            json.WriteString("type", span.Type);
            json.WriteString("text", sentence.TextOf(span));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
