namespace LdNetGpu.Model.Onnx;

/// <summary>
/// The best tag sequence of each sentence, in double: a scan over the words keeps each tag's best score and where it
/// came from, one back gives the tags.
/// </summary>
/// <param name="graph">That the nodes go to.</param>
/// <param name="transitions">[K, K], from x to, -infinity where forbidden; start and end are the last two.</param>
/// <param name="count">K.</param>
sealed class OnnxViterbi(OnnxGraph graph, float[] transitions, int count)
{
    readonly string one = graph.Constant("one", [1], 1L), two = graph.Constant("two", [1], 2L);

    /// <summary>Tags [B, T], int64, -1 where padded, and the sequences' scores [B], double.</summary>
    /// <param name="emissions">[T, B, K], float.</param>
    /// <param name="isWord">[T, B, 1], bool.</param>
    /// <param name="rows">[1]: B, int64.</param>
    public (string Tags, string Scores) Decode(string emissions, string isWord, string rows)
    {
        var (best, pointers) = Forward(ToDouble(graph, emissions), isWord, rows);
        var ends = graph.Constant("end_scores", [1, count],
            [.. Enumerable.Range(0, count).Select(tag => (double)transitions[tag * count + count - 1])]);
        var whole = graph.Add("Add", [best, ends]);
        var scores = graph.Add("ReduceMax", [whole], OnnxAttribute.Of("axes", [1]), OnnxAttribute.Of("keepdims", 0));
        var last = graph.Add("ArgMax", [whole], OnnxAttribute.Of("axis", 1));
        var padded = graph.Add("Where", [isWord, Backward(pointers, last), graph.Constant("none", [], -1L)]);
        var tags = graph.Add("Transpose", [graph.Add("Squeeze", [padded, two])], OnnxAttribute.Of("perm", [1, 0]));
        return (tags, scores);
    }

    // A sentence that is over keeps its scores, each tag from itself.
    (string Best, string Pointers) Forward(string emissions, string isWord, string rows)
    {
        // [1, to, from]: the maximum is over neighbours in memory.
        var scores = graph.Constant("transitions", [1, count, count],
            [.. Enumerable.Range(0, count * count).Select(i => (double)transitions[i % count * count + i / count])]);
        var itself = graph.Constant("itself", [1, count], [.. Enumerable.Range(0, count).Select(tag => (long)tag)]);
        var start = graph.Constant("start", [1, count], [.. Enumerable.Range(0, count)
            .Select(tag => tag == count - 2 ? 0 : double.NegativeInfinity)]);
        var initial = graph.Add("Expand", [start, graph.Add("Concat", [rows, one], OnnxAttribute.Of("axis", 0))]);

        var body = new OnnxGraph("best_scores", graph);
        var before = body.Input("best_before", OnnxType.Double, "batch", Invariant($"{count}"));
        var emitted = body.Input("emitted", OnnxType.Double, "batch", Invariant($"{count}"));
        var word = body.Input("is_word", OnnxType.Bool, "batch", "1");
        var sums = body.Add("Add", [body.Add("Unsqueeze", [before, one]), scores]);
        var best = body.Add("Add", [
            body.Add("ReduceMax", [sums], OnnxAttribute.Of("axes", [2]), OnnxAttribute.Of("keepdims", 0)), emitted]);
        var origin = body.Add("ArgMax", [sums], OnnxAttribute.Of("axis", 2), OnnxAttribute.Of("keepdims", 0));
        body.Output(body.Add("Where", [word, best, before]), OnnxType.Double, "batch", Invariant($"{count}"));
        body.Output(body.Add("Where", [word, origin, itself]), OnnxType.Int64, "batch", Invariant($"{count}"));
        return graph.AddPair("Scan", [initial, emissions, isWord], OnnxAttribute.Of("body", body),
            OnnxAttribute.Of("num_scan_inputs", 2));
    }

    // From the last step to the first: the tag, then the one that it came from. [T, B, 1].
    string Backward(string pointers, string last)
    {
        var body = new OnnxGraph("way_back", graph);
        var tag = body.Input("tag", OnnxType.Int64, "batch", "1");
        var origins = body.Input("origins", OnnxType.Int64, "batch", Invariant($"{count}"));
        body.Output(body.Add("GatherElements", [origins, tag], OnnxAttribute.Of("axis", 1)), OnnxType.Int64, "batch",
            "1");
        body.Output(body.Named(tag, "tag_here"), OnnxType.Int64, "batch", "1");
        return graph.AddPair("Scan", [last, pointers], OnnxAttribute.Of("body", body),
            OnnxAttribute.Of("num_scan_inputs", 1), OnnxAttribute.Of("scan_input_directions", [1]),
            OnnxAttribute.Of("scan_output_directions", [1])).Second;
    }

    static string ToDouble(OnnxGraph graph, string values) =>
        graph.Add("Cast", [values], OnnxAttribute.Of("to", (long)OnnxType.Double));
}
