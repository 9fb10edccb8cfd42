using LdNetGpu.Kernels.Recurrent;


namespace LdNetGpu.Tests;

/// <summary>
/// One recurrence written down element by element from its equations: what the fast one is held against.
/// </summary>
static class RecurrenceReference
{
    /// <summary>h_t and the final states, from input products <paramref name="x"/> [T·B x G·H].</summary>
    public static (double[] Hidden, double[] FinalHidden, double[] FinalCell) Run(
        RecurrenceShape shape, int[] lengths, double[] x, double[] weight, double[] bias, double[] h0, double[] c0)
    {
        var (unit, steps, batch, size, reverse) = shape;
        var gates = unit.Traits().Gates;
        var hidden = new double[steps * batch * size];
        var (finalHidden, finalCell) = (new double[batch * size], new double[batch * size]);
        for (var b = 0; b < batch; b++)
        {
            var (h, c) = (h0[(b * size)..((b + 1) * size)], c0[(b * size)..((b + 1) * size)]);
            for (var step = 0; step < lengths[b]; step++)
            {
                var row = (reverse ? lengths[b] - 1 - step : step) * batch + b;
                var (newH, newC) = (new double[size], new double[size]);
                for (var j = 0; j < size; j++)
                {
                    double In(int gate) => x[row * gates * size + gate * size + j];
                    double Recurrent(int gate) => Enumerable.Range(0, size)
                        .Sum(k => weight[(gate * size + j) * size + k] * h[k]) + bias[gate * size + j];
                    switch (unit)
                    {
                        case RecurrentUnit.Lstm:
                            var (i, f) = (Sigmoid(In(0) + Recurrent(0)), Sigmoid(In(1) + Recurrent(1)));
                            var (g, o) = (Math.Tanh(In(2) + Recurrent(2)), Sigmoid(In(3) + Recurrent(3)));
                            newC[j] = f * c[j] + i * g;
                            newH[j] = o * Math.Tanh(newC[j]);
                            break;
                        case RecurrentUnit.Gru:
                            var (r, z) = (Sigmoid(In(0) + Recurrent(0)), Sigmoid(In(1) + Recurrent(1)));
                            var n = Math.Tanh(In(2) + r * Recurrent(2));
                            newH[j] = (1 - z) * n + z * h[j];
                            break;
                        case RecurrentUnit.Tanh:
                            newH[j] = Math.Tanh(In(0) + Recurrent(0));
                            break;
                        default:
                            throw new NotSupportedException($"Write the equations of {unit} here.");
                    }
                }
                (h, c) = (newH, newC);
                h.CopyTo(hidden, row * size);
            }
            h.CopyTo(finalHidden, b * size);
            c.CopyTo(finalCell, b * size);
        }
        return (hidden, finalHidden, finalCell);
    }

    static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
