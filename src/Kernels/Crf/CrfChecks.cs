using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Crf;

/// <summary>What a CRF call must satisfy before it starts, so that a refused call has written nothing.</summary>
static class CrfChecks
{
    /// <summary>The sweeps keep tables of K x K doubles, whose places are counted in int.</summary>
    const int MostTags = 1 << 14;

    /// <summary>
    /// More are no use to a reader, and the search for them keeps that many ways into every tag at every step.
    /// </summary>
    const int MostPaths = 100_000;

    /// <summary>Shapes, lengths and the two special tags.</summary>
    public static void Batch<T>(ComputeDevice device, string operation, in CrfBatch<T> batch) where T : unmanaged
    {
        if (batch.Steps < 0 || batch.Batch < 0)
            throw new ShapeException(operation, $"{batch.Steps} steps x {batch.Batch} sentences.");
        var tags = batch.Transitions.Columns;
        if (batch.Transitions.IsNone || batch.Transitions.Rows != tags)
            throw new ShapeException(operation, $"transitions {batch.Transitions}, must be [K x K].");
        if (tags > MostTags) throw new ShapeException(operation, $"{tags} tags, must be {MostTags} at most.");
        Shapes.Present(device, operation, "transitions", batch.Transitions);
        Matrix(device, operation, "emissions", batch.Emissions, Rows(batch), tags);
        if ((uint)batch.StartTag >= (uint)tags || (uint)batch.EndTag >= (uint)tags || batch.StartTag == batch.EndTag)
            throw new ShapeException(operation,
                $"start tag {batch.StartTag} and end tag {batch.EndTag} must be two of the {tags} tags.");
        if (batch.Lengths.IsNone || batch.Lengths.Count != batch.Batch)
            throw new ShapeException(operation,
                $"{(batch.Lengths.IsNone ? 0 : batch.Lengths.Count)} lengths for {batch.Batch} sentences.");
        Shapes.Present(device, operation, "lengths", batch.Lengths);
        var lengths = batch.Lengths.ToHost();
        for (var sentence = 0; sentence < lengths.Length; sentence++)
            if (lengths[sentence] < 1 || lengths[sentence] > batch.Steps)
                throw new ShapeException(operation,
                    $"length {lengths[sentence]} of sentence {sentence}, must be 1 to {batch.Steps}.");
    }

    /// <summary>Rows of the emissions, T·B, which need not be a number of rows at all.</summary>
    public static long Rows<T>(in CrfBatch<T> batch) where T : unmanaged => (long)batch.Steps * batch.Batch;

    public static void Paths(string operation, int n)
    {
        if (n is < 1 or > MostPaths)
            throw new ShapeException(operation, $"the {n} best sequences: must be 1 to {MostPaths}.");
    }

    public static void LogPartition<T>(ComputeDevice device, in CrfBatch<T> batch, MatrixView<T> logPartition)
        where T : unmanaged
    {
        const string Operation = "crf log partition";
        Batch(device, Operation, batch);
        Matrix(device, Operation, "result", logPartition, batch.Batch, 1);
        ApartFromScores(Operation, batch, "result", logPartition);
    }

    public static void Score<T>(ComputeDevice device, in CrfBatch<T> batch, IndexView tags, MatrixView<T> scores)
        where T : unmanaged
    {
        const string Operation = "crf score";
        Batch(device, Operation, batch);
        GoldTags(device, Operation, batch, tags);
        Matrix(device, Operation, "result", scores, batch.Batch, 1);
        ApartFromScores(Operation, batch, "result", scores);
    }

    public static void Marginals<T>(ComputeDevice device, in CrfBatch<T> batch, MatrixView<T> marginals,
        MatrixView<T> logPartition) where T : unmanaged
    {
        const string Operation = "crf marginals";
        Batch(device, Operation, batch);
        Matrix(device, Operation, "marginals", marginals, Rows(batch), batch.Transitions.Columns);
        Matrix(device, Operation, "log partition", logPartition, batch.Batch, 1);
        ApartFromScores(Operation, batch, "marginals", marginals);
        ApartFromScores(Operation, batch, "log partition", logPartition);
        Overlap.Refuse(Operation, "log partition", logPartition, "marginals", marginals);
    }

    public static void Viterbi<T>(ComputeDevice device, in CrfBatch<T> batch, IndexView tags, MatrixView<T> scores)
        where T : unmanaged
    {
        const string Operation = "crf viterbi";
        Batch(device, Operation, batch);
        TagCount(device, Operation, batch, tags);
        Matrix(device, Operation, "scores", scores, batch.Batch, 1);
        ApartFromScores(Operation, batch, "scores", scores);
        Overlap.Refuse(Operation, "tags", tags, "lengths", batch.Lengths);
    }

    static void ApartFromScores<T>(string operation, in CrfBatch<T> batch, string name, in MatrixView<T> output)
        where T : unmanaged
    {
        Overlap.Refuse(operation, name, output, "emissions", batch.Emissions);
        Overlap.Refuse(operation, name, output, "transitions", batch.Transitions);
    }

    static void Matrix<T>(ComputeDevice device, string operation, string name, in MatrixView<T> view, long rows,
        int columns) where T : unmanaged
    {
        if (view.IsNone || view.Rows != rows || view.Columns != columns)
            throw new ShapeException(operation,
                $"{name} {(view.IsNone ? "missing" : view.ToString())}, must be [{rows} x {columns}].");
        Shapes.Present(device, operation, name, view);
    }

    /// <summary>One tag of 0 to K - 1 at every step that is not padded.</summary>
    static void GoldTags<T>(ComputeDevice device, string operation, in CrfBatch<T> batch, IndexView tags)
        where T : unmanaged
    {
        TagCount(device, operation, batch, tags);
        if (batch.Batch == 0) return;
        var span = tags.ToHost();
        var lengths = batch.Lengths.ToHost();
        for (var sentence = 0; sentence < lengths.Length; sentence++)
            for (var t = 0; t < lengths[sentence]; t++)
                if ((uint)span[t * batch.Batch + sentence] >= (uint)batch.Transitions.Columns)
                    throw new ShapeException(operation,
                        $"tag {span[t * batch.Batch + sentence]} of sentence {sentence} at position {t}, must be 0 "
                        + $"to {batch.Transitions.Columns - 1}.");
    }

    public static void NegativeLogLikelihood<T>(ComputeDevice device, in CrfBatch<T> batch, IndexView tags,
        MatrixView<T> result, MatrixView<T> weights,
        MatrixView<T> emissionsGradient, MatrixView<T> transitionsGradient) where T : unmanaged
    {
        const string operation = "crf negative log-likelihood";
        Batch(device, operation, batch);
        GoldTags(device, operation, batch, tags);
        Matrix(device, operation, "result", result, batch.Batch, 1);
        var tagCount = batch.Transitions.Columns;
        if (!emissionsGradient.IsNone || !transitionsGradient.IsNone)
            Matrix(device, operation, "weights", weights, batch.Batch, 1);
        if (!emissionsGradient.IsNone)
            Matrix(device, operation, "gradient of the emissions", emissionsGradient, Rows(batch), tagCount);
        if (!transitionsGradient.IsNone)
            Matrix(device, operation, "gradient of the transitions", transitionsGradient, tagCount, tagCount);
        ApartFromScores(operation, batch, "result", result);
        Overlap.Refuse(operation, "result", result, "weights", weights);
        ApartFromScores(operation, batch, "gradient of the emissions", emissionsGradient);
        Overlap.Refuse(operation, "gradient of the emissions", emissionsGradient, "weights", weights);
        Overlap.Refuse(operation, "gradient of the emissions", emissionsGradient, "result", result);
        ApartFromScores(operation, batch, "gradient of the transitions", transitionsGradient);
        Overlap.Refuse(operation, "gradient of the transitions", transitionsGradient, "weights", weights);
        Overlap.Refuse(operation, "gradient of the transitions", transitionsGradient, "result", result);
        Overlap.Refuse(operation, "gradient of the transitions", transitionsGradient, "gradient of the emissions",
            emissionsGradient);
    }

    static void TagCount<T>(ComputeDevice device, string operation, in CrfBatch<T> batch, IndexView tags)
        where T : unmanaged
    {
        if (tags.IsNone || tags.Count != Rows(batch))
            throw new ShapeException(operation,
                $"{(tags.IsNone ? 0 : tags.Count)} tags for {batch.Steps} steps x {batch.Batch} sentences.");
        Shapes.Present(device, operation, "tags", tags);
    }
}
