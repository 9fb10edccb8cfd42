using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Gemm;

namespace LdNetGpu.Cli.Tuning;

/// <summary>A work that one of the library's tunable kernels is tuned in.</summary>
/// <param name="Kernel">Class and method.</param>
/// <param name="Name">What <c>--work</c> calls it.</param>
/// <param name="Sizes">Names and defaults of its sizes.</param>
/// <param name="Of">The work of such sizes, in the order of their names.</param>
/// <param name="Bytes">Of its operands and its result, each once.</param>
/// <param name="Flops">That it computes.</param>
sealed record WorkToTune(string Kernel, string Name, IReadOnlyList<(string Name, int Default)> Sizes,
    Func<int[], TuningWork> Of, Func<int[], double> Bytes, Func<int[], double> Flops)
{
    // More are no operands that fit into a device's memory.
    const int Most = 1 << 20;

    // As tests of every device allow: so many roundings, and one for each term of a sum.
    const int Roundings = 8;

    public static IReadOnlyList<WorkToTune> All { get; } =
        [.. Enum.GetValues<GemmKind>().Select(Product), RowSums];

    static WorkToTune RowSums => new("ReductionKernels.SumRowBlocks", "sum rows", [("rows", 4096), ("columns", 512)],
        sizes => new(new RowSumsToTune(sizes[0], sizes[1]), new RowSumsToTune(300, 13))
        {
            Roundings = Roundings + sizes[0],
        },
        sizes => ((double)sizes[0] + 1) * sizes[1] * sizeof(float), sizes => (double)sizes[0] * sizes[1]);

    // Small ones meet whole tiles and parts of them in each direction.
    static WorkToTune Product(GemmKind kind) => new("GemmKernels.Multiply", $"gemm.{kind}",
        [("m", 512), ("n", 512), ("k", 512)],
        sizes => new(new ProductToTune(kind, sizes[0], sizes[1], sizes[2]), new ProductToTune(kind, 133, 131, 19))
        {
            Roundings = Roundings + sizes[2],
        },
        sizes => ((double)sizes[0] * sizes[2] + (double)sizes[2] * sizes[1] + (double)sizes[0] * sizes[1])
            * sizeof(float),
        sizes => 2.0 * sizes[0] * sizes[1] * sizes[2]);

    /// <summary>Every size with its default, for the help.</summary>
    public static string Help => string.Join("; ", All.GroupBy(work => work.Kernel).Select(works =>
        $"{works.Key} in {string.Join(", ", works.Select(work => work.Name))}: "
        + string.Join(", ", works.First().Sizes.Select(size => $"{size.Name} {size.Default}"))));

    /// <summary>This work's sizes, changed as asked for.</summary>
    /// <param name="changes">Each <c>name=N</c>.</param>
    /// <exception cref="UserException">A size that it has not.</exception>
    public int[] SizesOf(IEnumerable<string> changes)
    {
        int[] sizes = [.. Sizes.Select(size => size.Default)];
        foreach (var change in changes.Select(change => change.Split('=')))
        {
            var place = Sizes.ToList().FindIndex(size => size.Name == change[0]);
            if (place < 0)
                throw new UserException($"--size {change[0]}: {Name} has {string.Join(", ",
                    Sizes.Select(size => size.Name))}.");
            sizes[place] = int.Parse(change[1]);
        }
        return sizes;
    }

    /// <summary>What is wrong with a change of a size; null where nothing is.</summary>
    /// <param name="change"><c>name=N</c>.</param>
    public static string? Problem(string change) =>
        change.Split('=') is [_, var number] && int.TryParse(number, out var value) && value is >= 1 and <= Most
            ? null : $"{change}: not a size and a whole number from 1 to {Most}, as m=256.";
}
