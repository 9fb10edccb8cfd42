namespace LdNetGpu.Model.Onnx;

/// <summary>
/// Ids of sentences side by side, [B, n], -1 behind each sentence's last: where that is, and what is put there.
/// </summary>
/// <param name="graph">That the nodes go to.</param>
/// <param name="ids">[B, n], int64.</param>
sealed class OnnxSentences(OnnxGraph graph, string ids)
{
    readonly string lengths = Count(graph, ids);

    /// <summary>[B, n].</summary>
    public string Ids => ids;

    /// <summary>[B] ids of each sentence, int64.</summary>
    public string Lengths => lengths;

    /// <summary>[B] ids of each sentence, int32, as recurrent operators take them.</summary>
    public string RecurrentLengths => graph.Add("Cast", [lengths], OnnxAttribute.Of("to", 6));

    /// <summary>[1, n]: 0, 1, ..., n - 1.</summary>
    public string Places { get; } = CountUp(graph, ids);

    /// <summary>[B, n + 1]: the ids, and one more behind each sentence's last.</summary>
    /// <param name="end">The id, a scalar or [B, 1].</param>
    public OnnxSentences WithEnd(string end)
    {
        var longer = graph.Add("Pad",
            [ids, graph.Constant("padding", [4], 0L, 0, 0, 1), graph.Constant("none", [], -1L)]);
        var places = CountUp(graph, longer);
        var isEnd = graph.Add("Equal", [places, Column(graph, lengths)]);
        return new(graph, graph.Add("Where", [isEnd, end, longer]));
    }

    /// <summary>[B] to [B, 1].</summary>
    /// <param name="graph">That the node goes to.</param>
    /// <param name="values">[B].</param>
    public static string Column(OnnxGraph graph, string values) =>
        graph.Add("Unsqueeze", [values, graph.Constant("axis", [1], 1L)]);

    static string Count(OnnxGraph graph, string ids)
    {
        var real = graph.Add("GreaterOrEqual", [ids, graph.Constant("zero", [], 0L)]);
        return graph.Add("ReduceSum",
            [graph.Add("Cast", [real], OnnxAttribute.Of("to", (long)OnnxType.Int64)), graph.Constant("axis", [1], 1L)],
            OnnxAttribute.Of("keepdims", 0));
    }

    static string CountUp(OnnxGraph graph, string ids)
    {
        var count = graph.Add("Gather", [graph.Add("Shape", [ids]), graph.Constant("axis", [], 1L)]);
        var places = graph.Add("Range",
            [graph.Constant("zero", [], 0L), count, graph.Constant("one", [], 1L)]);
        return graph.Add("Unsqueeze", [places, graph.Constant("axis", [1], 0L)]);
    }
}
