namespace LdNetGpu.Autograd;

/// <summary>Makes sizes smaller for as long as a check fails at them.</summary>
static class GradientShrinker
{
    /// <summary>
    /// Sizes of which none can be 1, halved or one less alone without the check holding.
    /// </summary>
    /// <param name="sizes">At which it fails.</param>
    /// <param name="fails">Whether it fails at others in the same way.</param>
    public static int[] Shrink(int[] sizes, Func<int[], bool> fails)
    {
        var smallest = sizes.ToArray();
        var shrunk = true;
        while (shrunk)
        {
            shrunk = false;
            for (var i = 0; i < smallest.Length; i++)
                foreach (var size in new[] { 1, smallest[i] / 2, smallest[i] - 1 })
                {
                    if (size < 1 || size >= smallest[i]) continue;
                    int[] smaller = [.. smallest[..i], size, .. smallest[(i + 1)..]];
                    if (!fails(smaller)) continue;
                    (smallest, shrunk) = (smaller, true);
                    break;
                }
        }
        return smallest;
    }
}
