using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Model.Onnx;

/// <summary>Ids of the sentence end, which the graph puts behind each sentence where the tagger reads it.</summary>
/// <param name="Character">Among the characters.</param>
/// <param name="Word">Among the tagger's words.</param>
/// <param name="Forward">Among the forward language model's.</param>
/// <param name="Backward">Among the backward language model's, which begins at it.</param>
sealed record SentenceEndIds(int Character, int Word, int Forward, int Backward);

/// <summary>
/// A tagger as one ONNX graph, from ids to tags. Inputs are int64, a sentence a row, -1 behind its end.
/// <list type="bullet">
/// <item><c>words</c> [B, T], and with language models <c>forward_words</c> and <c>backward_words</c> [B, T], in the
/// sentence's order;</item>
/// <item><c>characters</c> [B, C]: those of a word, a space, those of the next, a space;</item>
/// <item><c>word_starts</c> and <c>word_ends</c> [B, T]: the place of each word's first character, and of the space
/// behind it.</item>
/// </list>
/// Outputs are <c>tags</c> [B, T], int64, -1 where padded; <c>scores</c> [B], double: of the tags with their
/// transitions, start and end; <c>emissions</c> [B, T, K], float. Sentence ends are put in by the graph.
/// </summary>
sealed class OnnxTagger
{
    readonly Tagger<float> tagger;
    readonly SentenceEndIds ends;
    readonly OnnxGraph graph = new("tagger");
    readonly OnnxLayers layers;

    OnnxTagger(Tagger<float> tagger, SentenceEndIds ends) =>
        (this.tagger, this.ends, layers) = (tagger, ends, new(graph, tagger));

    /// <summary>The graph of a tagger.</summary>
    /// <param name="tagger">Read when the graph is written; must stay until then.</param>
    /// <param name="ends">Ids of the sentence end.</param>
    /// <exception cref="Devices.UserException">ONNX has no operator for a recurrent unit of the tagger's.</exception>
    public static OnnxGraph Graph(Tagger<float> tagger, SentenceEndIds ends)
    {
        var built = new OnnxTagger(tagger, ends);
        built.Build();
        return built.graph;
    }

    bool EndsInWord => tagger.Options.SentenceEnd == SentenceEnd.Words;

    void Build()
    {
        var words = new OnnxSentences(graph, Ids("words"));
        var positions = EndsInWord ? words.WithEnd(Id(ends.Word)) : words;
        var lengths = positions.RecurrentLengths;
        List<string> parts = [Characters()];
        if (tagger.Forward is not null) parts.Add(LanguageModels());
        parts.Add(layers.Embedding("word_embed", layers.Transpose(positions.Ids, 1, 0)));
        var hidden = Both("word_rnn", layers.SideBySide(parts), lengths);
        var emissions = layers.Linear("crf.hidden2tag", EndsInWord ? WithoutLast(hidden) : hidden);
        Decode(words, emissions);
    }

    void Decode(OnnxSentences words, string emissions)
    {
        var count = tagger.Shape.Tags.Count;
        var mask = CrfMasks.Mask(tagger.Shape.Tags, tagger.Options.Constraints);
        float[] transitions = [.. layers["crf.transitions"].ToArray().Zip(mask, (score, allowed) => score + allowed)];
        var isWord = graph.Add("Less", [words.Places, OnnxSentences.Column(graph, words.Lengths)]);
        isWord = graph.Add("Unsqueeze", [layers.Transpose(isWord, 1, 0), graph.Constant("axis", [1], 2L)]);
        var rows = graph.Add("Gather", [graph.Add("Shape", [words.Ids]), graph.Constant("axis", [1], 0L)]);
        var (tags, scores) = new OnnxViterbi(graph, transitions, count).Decode(emissions, isWord, rows);
        graph.Output(graph.Named(tags, "tags"), OnnxType.Int64, "batch", "words");
        graph.Output(graph.Named(scores, "scores"), OnnxType.Double, "batch");
        graph.Output(graph.Named(layers.Transpose(emissions, 1, 0, 2), "emissions"), OnnxType.Float, "batch", "words",
            Invariant($"{count}"));
    }

    // [T, B, word_embedding].
    string Characters()
    {
        var given = new OnnxSentences(graph, graph.Input("characters", OnnxType.Int64, "batch", "characters"));
        var (starts, finals) = (new OnnxSentences(graph, Ids("word_starts")),
            new OnnxSentences(graph, Ids("word_ends")));
        var characters =
            tagger.Options.SentenceEnd == SentenceEnd.None ? given : given.WithEnd(Id(ends.Character));
        if (EndsInWord)
        {
            // The end's own place is behind the last space.
            var place = OnnxSentences.Column(graph, given.Lengths);
            (starts, finals) = (starts.WithEnd(place), finals.WithEnd(place));
        }
        var embedded = layers.Embedding("char_embed", layers.Transpose(characters.Ids, 1, 0));
        var lengths = characters.RecurrentLengths;
        var forward = At(Direction("char_fw", reverse: false), finals.Ids);
        var backward = At(Direction("char_bw", reverse: true), starts.Ids);
        return layers.Transpose(layers.Linear("char_seq", layers.SideBySide([forward, backward])), 1, 0, 2);

        string Direction(string name, bool reverse) => layers.Recurrent(name, "", tagger.Options.Unit,
            embedded, lengths, reverse);
    }

    // [C, B, H] at places [B, T]: [B, T, H].
    string At(string states, string places) => graph.Add("GatherND",
        [layers.Transpose(states, 1, 0, 2), graph.Add("Unsqueeze", [places, graph.Constant("axis", [1], 2L)])],
        OnnxAttribute.Of("batch_dims", 1));

    string Both(string name, string input, string lengths) => layers.SideBySide(
    [
        layers.Recurrent(name, "", tagger.Options.Unit, input, lengths, reverse: false),
        layers.Recurrent(name, "_reverse", tagger.Options.Unit, input, lengths, reverse: true),
    ]);

    // [T, B, lm_projection].
    string LanguageModels()
    {
        var forward = new OnnxSentences(graph, Ids("forward_words"));
        var backward = new OnnxSentences(graph, Ids("backward_words")).WithEnd(Id(ends.Backward));
        if (EndsInWord) forward = forward.WithEnd(Id(ends.Forward));
        var read = Representation("f_lm", tagger.Forward!, forward);
        var reversed = Representation("b_lm", tagger.Backward!, backward);
        if (!EndsInWord) reversed = WithoutLast(reversed);
        return graph.Add("Relu", [layers.Linear("lm_seq", layers.SideBySide([read, reversed]))]);
    }

    // [steps, B, width].
    string Representation(string name, LanguageModelEncoder<float> encoder, OnnxSentences sentences)
    {
        var lengths = sentences.RecurrentLengths;
        var embedded = layers.Embedding(name + ".word_embed", layers.Transpose(sentences.Ids, 1, 0));
        var (dense, scales) = (encoder.Shape.Stack.IsDense, encoder.Scale?.ToArray());
        List<string> outputs = [];
        for (var l = 0; l < encoder.Stack.Layers.Count; l++)
        {
            var input = dense ? layers.SideBySide([embedded, .. outputs]) : l == 0 ? embedded : outputs[^1];
            var output = layers.Recurrent(Invariant($"{name}.rnn.layer.{l}.layer"), "", encoder.Shape.Stack.Unit,
                input, lengths, encoder.Reverse);
            outputs.Add(dense && scales is not null
                ? graph.Add("Mul", [output, graph.Constant("scale", [], scales[l])]) : output);
        }
        return tagger.Options.LmMixing == LanguageModelMixing.Elmo ? Mixed(name, outputs)
            : dense ? layers.SideBySide([embedded, .. outputs])
            : outputs.Count > 0 ? outputs[^1] : embedded;
    }

    // γ · Σ softmax(s)_l · h_l.
    string Mixed(string name, IReadOnlyList<string> outputs)
    {
        var scores = Array.ConvertAll(layers[name + ".rnn.weight_list"].ToArray(), score => (double)score);
        var largest = scores.Max();
        var sum = scores.Sum(score => Math.Exp(score - largest));
        var scale = layers[name + ".rnn.gamma"].ToArray()[0];
        return outputs.Select((output, l) => graph.Add("Mul",
            [output, graph.Constant("mix", [], (float)(scale * Math.Exp(scores[l] - largest) / sum))]))
            .Aggregate((mixed, output) => graph.Add("Add", [mixed, output]));
    }

    string WithoutLast(string steps) => graph.Add("Slice",
        [steps, graph.Constant("first", [1], 0L), graph.Constant("last", [1], -1L), graph.Constant("axis", [1], 0L)]);

    string Ids(string name) => graph.Input(name, OnnxType.Int64, "batch", "words");

    string Id(int id) => graph.Constant("sentence_end", [], (long)id);
}
