using LdNetGpu.Kernels.Crf;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <content>Operations over sequences: recurrences and conditional random fields.</content>
sealed partial record OverlapCase
{
    static IEnumerable<OverlapCase> Recurrences()
    {
        const int Steps = 2, Batch = 2, Hidden = 2, Rows = Steps * Batch;
        foreach (var unit in Enum.GetValues<RecurrentUnit>())
        {
            var traits = unit.Traits();
            var gates = traits.Gates * Hidden;
            var shape = new RecurrenceShape(unit, Steps, Batch, Hidden);
            Operand[] cells = traits.HasCell ? [new("initial cell state", Batch, Hidden)] : [];
            Operand[] saved = traits.Saves ? [new("saved values", Rows, Hidden)] : [];
            Operand[] common =
            [
                new("gates", Rows, gates), new("recurrent weight", gates, Hidden),
                new("initial hidden state", Batch, Hidden), new("hidden output", Rows, Hidden), .. cells, .. saved,
            ];
            Operand[] finalCell = traits.HasCell ? [new("final cell state", Batch, Hidden)] : [];
            Operand[] bias = traits.HasCandidate ? [new("recurrent bias", 1, gates)] : [];
            Operand[] forward = [.. common, new("final hidden state", Batch, Hidden), .. finalCell, .. bias];
            yield return new($"Recurrence.Forward of {unit}", (backend, x) =>
                backend.Recurrence.Forward(new RecurrenceForward<float>
                {
                    Shape = shape,
                    Gates = Find(forward, x, "gates"),
                    RecurrentWeight = Find(forward, x, "recurrent weight"),
                    RecurrentBias = Find(forward, x, "recurrent bias"),
                    InitialHidden = Find(forward, x, "initial hidden state"),
                    InitialCell = Find(forward, x, "initial cell state"),
                    Hidden = Find(forward, x, "hidden output"),
                    Saved = Find(forward, x, "saved values"),
                    FinalHidden = Find(forward, x, "final hidden state"),
                    FinalCell = Find(forward, x, "final cell state"),
                }))
                {
                    Operands = forward,
                    InPlace =
                    [
                        ("final hidden state", "initial hidden state"), ("final cell state", "initial cell state"),
                    ],
                };
            Operand[] cellGradients = traits.HasCell
                ? [new("final cell gradient", Batch, Hidden), new("initial cell gradient", Batch, Hidden)] : [];
            Operand[] biasGradient = traits.HasCandidate ? [new("recurrent bias gradient", 1, gates)] : [];
            Operand[] backward =
            [
                .. common, new("hidden gradient", Rows, Hidden), new("final hidden gradient", Batch, Hidden),
                new("recurrent weight gradient", gates, Hidden), new("initial hidden gradient", Batch, Hidden),
                .. cellGradients, .. biasGradient,
            ];
            yield return new($"Recurrence.Backward of {unit}", (backend, x) =>
                backend.Recurrence.Backward(new RecurrenceBackward<float>
                {
                    Shape = shape,
                    Gates = Find(backward, x, "gates"),
                    RecurrentWeight = Find(backward, x, "recurrent weight"),
                    InitialHidden = Find(backward, x, "initial hidden state"),
                    InitialCell = Find(backward, x, "initial cell state"),
                    Hidden = Find(backward, x, "hidden output"),
                    Saved = Find(backward, x, "saved values"),
                    HiddenGradient = Find(backward, x, "hidden gradient"),
                    FinalHiddenGradient = Find(backward, x, "final hidden gradient"),
                    FinalCellGradient = Find(backward, x, "final cell gradient"),
                    RecurrentWeightGradient = Find(backward, x, "recurrent weight gradient"),
                    RecurrentBiasGradient = Find(backward, x, "recurrent bias gradient"),
                    InitialHiddenGradient = Find(backward, x, "initial hidden gradient"),
                    InitialCellGradient = Find(backward, x, "initial cell gradient"),
                }))
                { Operands = backward };
        }
    }

    static MatrixView<float> Find(Operand[] operands, MatrixView<float>[] views, string name)
    {
        var place = Array.FindIndex(operands, operand => operand.Name == name);
        return place < 0 ? default : views[place];
    }

    static IEnumerable<OverlapCase> Crfs()
    {
        const int Steps = 2, Batch = 2, Tags = 4, Rows = Steps * Batch;
        Operand[] scores = [new("emissions", Rows, Tags), new("transitions", Tags, Tags)];
        CrfBatch<float> Of(MatrixView<float>[] x) => new()
        {
            Steps = Steps, Batch = Batch, StartTag = 0, EndTag = 1,
            Lengths = Views.Indices(x[0].Buffer.Device, 2, 1), Emissions = x[0], Transitions = x[1],
        };
        static IndexView Gold(MatrixView<float>[] x) => Views.Indices(x[0].Buffer.Device, 2, 3, 3, 2);
        yield return new("Crf.LogPartition", (backend, x) => backend.Crf.LogPartition(Of(x), x[2]))
            { Operands = [.. scores, new("result", Batch, 1)] };
        yield return new("Crf.Score", (backend, x) => backend.Crf.Score(Of(x), Gold(x), x[2]))
            { Operands = [.. scores, new("result", Batch, 1)] };
        foreach (var accumulate in (bool[])[false, true])
            yield return new($"Crf.NegativeLogLikelihood, accumulate {accumulate}", (backend, x) =>
                backend.Crf.NegativeLogLikelihood(Of(x), Gold(x), x[2], x[3], x[4], x[5], accumulate))
                {
                    Operands =
                    [
                        .. scores, new("result", Batch, 1), new("weights", Batch, 1),
                        new("gradient of the emissions", Rows, Tags), new("gradient of the transitions", Tags, Tags),
                    ],
                };
        yield return new("Crf.Marginals", (backend, x) => backend.Crf.Marginals(Of(x), x[2], x[3]))
            { Operands = [.. scores, new("marginals", Rows, Tags), new("log partition", Batch, 1)] };
        yield return new("Crf.Viterbi", (backend, x) => backend.Crf.Viterbi(Of(x), Gold(x), x[2]))
            { Operands = [.. scores, new("scores", Batch, 1)] };
    }
}
