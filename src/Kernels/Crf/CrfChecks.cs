using LdNetGpu.Devices;

namespace LdNetGpu.Kernels;

/// <summary>What a CRF call must satisfy before it starts, so that a refused call has written nothing.</summary>
static class CrfChecks
{
    /// <summary>Shapes, lengths and the two special tags.</summary>
    public static void Batch<T>(string operation, in CrfBatch<T> batch) where T : unmanaged
    {
        if (batch.Steps < 0 || batch.Batch < 0)
            throw new ShapeException(operation, $"{batch.Steps} steps x {batch.Batch} sentences.");
        var tags = batch.Transitions.Columns;
        if (batch.Transitions.IsNone || batch.Transitions.Rows != tags)
            throw new ShapeException(operation, $"transitions {batch.Transitions}, must be [K x K].");
        Matrix(operation, "emissions", batch.Emissions, batch.Steps * batch.Batch, tags);
        if ((uint)batch.StartTag >= (uint)tags || (uint)batch.EndTag >= (uint)tags || batch.StartTag == batch.EndTag)
            throw new ShapeException(operation, $"start tag {batch.StartTag} and end tag {batch.EndTag} must be two of the {tags} tags.");
        if (batch.Lengths.IsNone || batch.Lengths.Count != batch.Batch)
            throw new ShapeException(operation, $"{(batch.Lengths.IsNone ? 0 : batch.Lengths.Count)} lengths for {batch.Batch} sentences.");
        var lengths = batch.Lengths.ToHost();
        for (var sentence = 0; sentence < lengths.Length; sentence++)
            if (lengths[sentence] < 1 || lengths[sentence] > batch.Steps)
                throw new ShapeException(operation, $"length {lengths[sentence]} of sentence {sentence}, must be 1 to {batch.Steps}.");
    }

    public static void Matrix<T>(string operation, string name, in MatrixView<T> view, int rows, int columns) where T : unmanaged
    {
        if (view.IsNone || view.Rows != rows || view.Columns != columns)
            throw new ShapeException(operation, $"{name} {(view.IsNone ? "missing" : view.ToString())}, must be [{rows} x {columns}].");
    }

    /// <summary>One tag of 0 to K - 1 at every step that is not padded.</summary>
    public static void GoldTags<T>(string operation, in CrfBatch<T> batch, IndexView tags) where T : unmanaged
    {
        TagCount(operation, batch, tags);
        if (batch.Batch == 0) return;
        var span = tags.ToHost();
        var lengths = batch.Lengths.ToHost();
        for (var sentence = 0; sentence < lengths.Length; sentence++)
            for (var t = 0; t < lengths[sentence]; t++)
                if ((uint)span[t * batch.Batch + sentence] >= (uint)batch.Transitions.Columns)
                    throw new ShapeException(operation,
                        $"tag {span[t * batch.Batch + sentence]} of sentence {sentence} at position {t}, must be 0 to {batch.Transitions.Columns - 1}.");
    }

    public static void NegativeLogLikelihood<T>(in CrfBatch<T> batch, IndexView tags, MatrixView<T> result, MatrixView<T> weights,
        MatrixView<T> emissionsGradient, MatrixView<T> transitionsGradient) where T : unmanaged
    {
        const string operation = "crf negative log-likelihood";
        Batch(operation, batch);
        GoldTags(operation, batch, tags);
        Matrix(operation, "result", result, batch.Batch, 1);
        var tagCount = batch.Transitions.Columns;
        if (!emissionsGradient.IsNone || !transitionsGradient.IsNone) Matrix(operation, "weights", weights, batch.Batch, 1);
        if (!emissionsGradient.IsNone) Matrix(operation, "gradient of the emissions", emissionsGradient, batch.Steps * batch.Batch, tagCount);
        if (!transitionsGradient.IsNone) Matrix(operation, "gradient of the transitions", transitionsGradient, tagCount, tagCount);
    }

    public static void TagCount<T>(string operation, in CrfBatch<T> batch, IndexView tags) where T : unmanaged
    {
        if (tags.IsNone || tags.Count != batch.Steps * batch.Batch)
            throw new ShapeException(operation, $"{(tags.IsNone ? 0 : tags.Count)} tags for {batch.Steps} steps x {batch.Batch} sentences.");
    }
}
