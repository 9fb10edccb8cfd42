namespace LdNetGpu.Mutation;

/// <summary>
/// The switch that all faults of a build hang on: <c>(PlantedFaults.Is(17) ? a - b : a + b)</c>. One build holds all
/// of them, so that going from one to the next costs nothing.
/// </summary>
static class Switch
{
    public const string Call = "global::LdNetGpu.Mutation.PlantedFaults.Is";

    /// <summary>What the generator of kernels sees: a function of the dialect, so that kernels may call it.</summary>
    public const string ForGenerator = """
        namespace LdNetGpu.Mutation
        {
            public static class PlantedFaults { public static bool Is(int id) => id < 0; }
        }
        """;

    /// <summary>What is compiled in its place afterwards.</summary>
    public const string ForEmit = """
        namespace LdNetGpu.Mutation
        {
            /// <summary>Which fault is on, and which places ran.</summary>
            public static class PlantedFaults
            {
                public static int Active;
                public static bool[]? Seen;

                public static bool Is(int id)
                {
                    if (Seen is { } seen) seen[id] = true;
                    return id == Active;
                }
            }
        }
        """;
}
