using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda.Ptx;

namespace LdNetGpu.Cli.Compilers;

/// <summary>What one compiler made of one kernel.</summary>
/// <param name="Counts">Null where there is no PTX.</param>
/// <param name="Target">The architecture that the PTX asks for: <c>sm_90</c>.</param>
/// <param name="Problem">Why there is no PTX.</param>
/// <param name="Failed">Whether the compiler took the kernel and did not come through with it.</param>
sealed record CompilerResult(PtxCounts? Counts, string? Target, string? Problem, bool Failed)
{
    /// <summary>Compiles and counts.</summary>
    public static CompilerResult Of(Func<string> compile)
    {
        try
        {
            var module = PtxModule.Parse(compile());
            return new(PtxCounts.Of(module, module.Entries.Single()), module.Target, null, false);
        }
        catch (UserException error)
        {
            return new(null, null, Advice.After(error), true);
        }
    }

    /// <summary>The compiler is not asked.</summary>
    public static CompilerResult Without(string problem) => new(null, null, problem, false);
}
