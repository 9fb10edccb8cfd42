using System.Text.RegularExpressions;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Tests.Emulation;

namespace LdNetGpu.Tests.Cuda;

/// <summary>
/// The driver and compiler of these tests: the emulator (tests/CudaEmulator), whose answers they choose and whose calls
/// they read.
/// </summary>
public abstract partial class FakeCuda : EmulatorTest
{
    /// <summary>
    /// The calls that tests look for, in words; what follows <c>$</c> is a value of the emulator's line.
    /// </summary>
    static readonly Dictionary<string, string> Words = new()
    {
        ["cuCtxDestroy_v2"] = "destroy context",
        ["cuMemAllocAsync"] = "allocate $bytes",
        ["cuMemFreeAsync"] = "free",
        ["cuMemFree_v2"] = "free",
        ["cuStreamDestroy_v2"] = "destroy stream",
        ["cuEventDestroy_v2"] = "destroy event",
        ["cuModuleUnload"] = "unload module",
        ["cuFuncSetAttribute"] = "attribute $attribute = $value of $kernel",
        ["cuStreamBeginCapture_v2"] = "begin capture $mode",
        ["cuStreamEndCapture"] = "end capture",
        ["cuGraphDestroy"] = "destroy recording",
        ["cuGraphLaunch"] = "launch graph",
        ["cuGraphExecDestroy"] = "destroy graph",
    };

    protected FakeCuda() => Set("EMU_LOG_CALLS", 1);

    /// <summary>What the driver was asked and did, a line each, as far as tests look for it.</summary>
    protected new string[] Log
    {
        get
        {
            var (seen, recording) = (new List<string>(), false);
            foreach (var line in base.Log)
            {
                if (Failed().IsMatch(line)) continue;
                var call = line.Split(' ')[0];
                if (Launch().Match(line) is { Success: true } launch)
                    seen.Add($"{(recording ? "recorded " : "")}launch {launch.Groups[1].Value}");
                else if (Words.TryGetValue(call, out var words))
                    seen.Add(Value().Replace(words, name => ValueIn(line, name.Groups[1].Value)));
                recording = call == "cuStreamBeginCapture_v2" || (recording && call != "cuStreamEndCapture");
            }
            return [.. seen];
        }
    }

    /// <summary>A kernel at line 12 of <c>FakeKernels.cs</c>, whose CUDA C++ has these parameters.</summary>
    /// <param name="text">What its body says.</param>
    protected static KernelInstance Kernel(string entry, KernelParameter[] parameters, string text = "") => new()
    {
        Name = "FakeKernels." + entry, Entry = entry, Parameters = parameters, File = "FakeKernels.cs", Line = 12,
        Managed = (_, _) => null,
        Cuda = $"#line 12 \"FakeKernels.cs\"\nextern \"C\" __global__ void {entry}({Declarations(parameters)}) "
            + $"{{ {text} }}\n",
    };

    static string Declarations(KernelParameter[] parameters) =>
        string.Join(", ",
            parameters.Where(parameter => parameter.Kind != KernelParameterKind.Specialized).Select(Declaration));

    static string Declaration(KernelParameter parameter) => parameter.Kind == KernelParameterKind.View
        ? $"{parameter.Type}* {parameter.Name}, long long {parameter.Name}_length"
        : $"{parameter.Type} {parameter.Name}";

    static string ValueIn(string line, string name) => Regex.Match(line, $@" {name} (\S+)").Groups[1].Value;

    [GeneratedRegex(@" = \d+ CUDA_ERROR")]
    private static partial Regex Failed();

    [GeneratedRegex(@"^cuLaunchKernelEx stream \d+ kernel (.*?)( parameters .*)?$")]
    private static partial Regex Launch();

    [GeneratedRegex(@"\$(\w+)")]
    private static partial Regex Value();
}
