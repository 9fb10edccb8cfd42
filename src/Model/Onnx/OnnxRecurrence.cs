using LdNetGpu.Devices;
using LdNetGpu.Kernels.Recurrent;

namespace LdNetGpu.Model.Onnx;

/// <summary>
/// ONNX's operator for a recurrent unit. Its gates are the unit's in another order: rows of its matrices are blocks of
/// H, one a gate.
/// </summary>
/// <param name="Operator">LSTM, GRU or RNN.</param>
/// <param name="Gates">For each of ONNX's gates the place of the unit's own.</param>
/// <param name="Attributes">What makes the operator compute what the unit does.</param>
sealed record OnnxRecurrence(string Operator, int[] Gates, OnnxAttribute[] Attributes)
{
    /// <summary>The operator that computes what a unit of these traits does.</summary>
    /// <param name="unit">Its name.</param>
    /// <exception cref="UserException">ONNX has none.</exception>
    public static OnnxRecurrence Of(RecurrentUnit unit) => unit.Traits() switch
    {
        // i, o, f, c for i, f, g, o.
        { Gates: 4, HasCell: true, HasCandidate: false } => new("LSTM", [0, 3, 1, 2], []),
        // z, r, h for r, z, n; the reset gate is on the recurrent product.
        { Gates: 3, HasCell: false, HasCandidate: true } =>
            new("GRU", [1, 0, 2], [OnnxAttribute.Of("linear_before_reset", 1)]),
        { Gates: 1, HasCell: false, HasCandidate: false } => new("RNN", [0], []),
        _ => throw new UserException($"ONNX has no operator for the recurrent unit {unit}."),
    };

    /// <summary>Rows of a weight or bias in ONNX's order.</summary>
    /// <param name="values">[G·H, n] in the unit's order.</param>
    public float[] Ordered(float[] values)
    {
        var block = values.Length / Gates.Length;
        var ordered = new float[values.Length];
        for (var gate = 0; gate < Gates.Length; gate++)
            values.AsSpan(Gates[gate] * block, block).CopyTo(ordered.AsSpan(gate * block));
        return ordered;
    }
}
