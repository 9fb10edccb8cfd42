namespace LdNetGpu.Dialect;

public static partial class Cuda
{
    /// <summary>
    /// The lanes of all groups together. Needs a launch with <see cref="LaunchConfig.Cooperative"/>, whose groups all
    /// run at once; how many the device holds is for the caller to know. One such kernel runs at a time.
    /// </summary>
    public static class CooperativeGrid
    {
        /// <summary>Waits for every lane of the grid; what each wrote before is seen by all after.</summary>
        public static void Barrier() => throw KernelOnly.Call();
    }
}
