using LdNetGpu.Model.Checkpoints;

namespace LdNetGpu.Tests.Distributed;

/// <summary>Two files of tensors, number by number.</summary>
static class SameTensors
{
    /// <summary>
    /// Of one name and size, each number within a share of its tensor's largest; the steps that rows are up to date
    /// with are whole numbers, and left out.
    /// </summary>
    /// <param name="one">A safetensors file.</param>
    /// <param name="other">Another.</param>
    /// <param name="tolerance">The share.</param>
    public static void ToRounding(string one, string other, double tolerance)
    {
        using var first = File.OpenRead(one);
        using var second = File.OpenRead(other);
        var (a, b) = (new SafeTensorsReader(first, one), new SafeTensorsReader(second, other));
        Assert.Equal(a.Tensors.Select(tensor => tensor.Name), b.Tensors.Select(tensor => tensor.Name));
        foreach (var name in a.Tensors.Select(tensor => tensor.Name))
        {
            if (name.StartsWith("row_steps/", StringComparison.Ordinal)) continue;
            var (mine, theirs) = (a.ReadArray<float>(name), b.ReadArray<float>(name));
            Assert.Equal(mine.Length, theirs.Length);
            var size = mine.Max(MathF.Abs);
            for (var i = 0; i < mine.Length; i++)
                if (!(Math.Abs(mine[i] - theirs[i]) <= tolerance * size))
                    Assert.Fail($"{name}[{i}]: {mine[i]} in {one}, {theirs[i]} in {other}; the largest is {size}.");
        }
    }
}
