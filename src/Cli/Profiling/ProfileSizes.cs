using LdNetGpu.Cli.Benchmarks;
using LdNetGpu.Kernels.Gemm;

namespace LdNetGpu.Cli.Profiling;

/// <summary>How large the operands of a profiled run are, by what <c>--size NAME=N</c> calls them.</summary>
static class ProfileSizes
{
    // More would take hours.
    const int Most = 1 << 24;

    // Enough that warps are full and rows have several; a run of every row takes seconds on the managed device.
    static readonly BenchSizes Default = new("profile", 4096, 32, 128, 128, 100, 64, 4096,
        [(GemmKind.NN, 64, 64, 64), (GemmKind.NT, 64, 64, 64), (GemmKind.TN, 64, 64, 64)], [(3, 8, 32, 32)], 2,
        [(6, 4, 19)]);

    // Each size with its meaning, its default and how it is set.
    static readonly (string Name, string Meaning, Func<BenchSizes, int> Get, Func<BenchSizes, int, BenchSizes> Set)[]
        known =
    [
        ("copied", "elements of the copy", sizes => sizes.Copied, (sizes, n) => sizes with { Copied = n }),
        ("rows", "of element-by-element work, reductions, losses", sizes => sizes.Rows,
            (sizes, n) => sizes with { Rows = n }),
        ("columns", "of element-by-element work and reductions", sizes => sizes.Columns,
            (sizes, n) => sizes with { Columns = n }),
        ("classes", "of losses", sizes => sizes.Classes, (sizes, n) => sizes with { Classes = n }),
        ("table", "rows of the embedding table", sizes => sizes.TableRows, (sizes, n) => sizes with { TableRows = n }),
        ("width", "columns of the embedding table", sizes => sizes.Width, (sizes, n) => sizes with { Width = n }),
        ("parameters", "of optimizers", sizes => sizes.Parameters, (sizes, n) => sizes with { Parameters = n }),
        ("m", "rows of products", sizes => sizes.Products[0].M, (sizes, n) => sizes with
            { Products = [.. sizes.Products.Select(product => product with { M = n })] }),
        ("n", "columns of products", sizes => sizes.Products[0].N, (sizes, n) => sizes with
            { Products = [.. sizes.Products.Select(product => product with { N = n })] }),
        ("k", "what products sum over", sizes => sizes.Products[0].K, (sizes, n) => sizes with
            { Products = [.. sizes.Products.Select(product => product with { K = n })] }),
        ("steps", "of sequences", sizes => sizes.Layers[0].Steps, (sizes, n) => sizes with
        {
            Layers = [.. sizes.Layers.Select(layer => layer with { Steps = n })],
            Sentences = [.. sizes.Sentences.Select(sentence => sentence with { Steps = n })],
        }),
        ("batch", "sequences at once", sizes => sizes.Layers[0].Batch, (sizes, n) => sizes with
        {
            Layers = [.. sizes.Layers.Select(layer => layer with { Batch = n })],
            Sentences = [.. sizes.Sentences.Select(sentence => sentence with { Batch = n })],
        }),
        ("inputs", "of recurrent layers", sizes => sizes.Layers[0].Inputs, (sizes, n) => sizes with
            { Layers = [.. sizes.Layers.Select(layer => layer with { Inputs = n })] }),
        ("hidden", "size of recurrent layers", sizes => sizes.Layers[0].Hidden, (sizes, n) => sizes with
            { Layers = [.. sizes.Layers.Select(layer => layer with { Hidden = n })] }),
        ("layers", "of the dense stack", sizes => sizes.StackLayers, (sizes, n) => sizes with { StackLayers = n }),
        ("tags", "of the CRF, start and end counted", sizes => sizes.Sentences[0].Tags, (sizes, n) => sizes with
            { Sentences = [.. sizes.Sentences.Select(sentence => sentence with { Tags = n })] }),
    ];

    /// <summary>Every size with its meaning and its default, for the help.</summary>
    public static string Help => string.Join("; ",
        known.Select(size => $"{size.Name} {size.Get(Default)} ({size.Meaning})"));

    /// <summary>What is wrong with a change of a size; null where nothing is.</summary>
    /// <param name="change"><c>name=N</c>.</param>
    public static string? Problem(string change) =>
        change.Split('=') is not [var name, var number] || !int.TryParse(number, out var value)
            || value is < 1 or > Most
            ? $"{change}: not a size and a whole number from 1 to {Most}, as rows=64."
            : Array.Exists(known, size => size.Name == name) ? null
            : $"{change}: no size is called '{name}'; there are {string.Join(", ", known.Select(size => size.Name))}.";

    /// <summary>The defaults, changed as asked for.</summary>
    /// <param name="changes">Each <c>name=N</c>, without a <see cref="Problem"/>.</param>
    public static BenchSizes Of(IEnumerable<string> changes) => changes.Select(change => change.Split('='))
        .Aggregate(Default, (sizes, change) =>
            known.First(size => size.Name == change[0]).Set(sizes, int.Parse(change[1])));
}
