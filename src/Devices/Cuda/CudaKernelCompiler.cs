using System.Text;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Ilgpu;

namespace LdNetGpu.Devices.Cuda;

/// <summary>
/// The compiler of one GPU's kernels: the generated text through NVRTC, or the C# method through ILGPU. Needs no
/// context on the GPU.
/// </summary>
sealed class CudaKernelCompiler : IDisposable
{
    readonly Lazy<NvrtcCompiler> text;
    readonly Lazy<IlgpuCompiler> method;

    /// <param name="gpu">What is compiled for.</param>
    /// <param name="kind">Auto takes NVRTC where it is, else ILGPU, which needs the driver alone.</param>
    /// <param name="cache">Where compiled kernels are kept.</param>
    public CudaKernelCompiler(CudaDeviceInfo gpu, KernelCompiler kind, CompiledKernelCache cache)
    {
        GpuDevice.RequireKnown(kind);
        text = new(() => NvrtcCompiler.For(gpu, cache));
        method = new(() => new(gpu.ComputeCapability, gpu.DriverVersion, cache));
        Kind = kind != KernelCompiler.Auto
            ? kind : NvrtcApi.Search(gpu.DriverVersion / 1000).Found ? KernelCompiler.Text : KernelCompiler.Ilgpu;
    }

    /// <summary>Text or Ilgpu.</summary>
    public KernelCompiler Kind { get; }

    /// <summary>For people: <c>NVRTC</c> or <c>ILGPU</c>.</summary>
    public string Name => IsText ? "NVRTC" : "ILGPU";

    /// <exception cref="UserException">NVRTC is not there, with every place tried.</exception>
    public string Version => IsText ? text.Value.Version : IlgpuCompiler.Version;

    /// <summary>Where NVRTC was found; null for ILGPU, which is part of the program.</summary>
    /// <exception cref="UserException">NVRTC is not there, with every place tried.</exception>
    public string? Place => IsText ? text.Value.Place : null;

    /// <summary>What it compiles for: <c>sm_90a</c>.</summary>
    /// <exception cref="UserException">The compiler is not there, or knows no such GPU.</exception>
    public string Architecture => IsText ? text.Value.Architecture : method.Value.Architecture;

    /// <summary>Kernels that came from the cache rather than from the compiler.</summary>
    public int FoundInCache => IsText ? text.Value.FoundInCache : method.Value.FoundInCache;

    bool IsText => Kind == KernelCompiler.Text;

    /// <summary>
    /// Compiles into the cache, where the kernel's first launch with these specialised values finds it.
    /// </summary>
    /// <exception cref="UserException">It does not compile: the compiler's log, or the construct that it does not
    /// take.</exception>
    public void Prepare(KernelInstance kernel, IReadOnlyList<int> specialized) =>
        Compile(kernel, [.. specialized.Select(KernelArgument.Specialized)]);

    /// <exception cref="UserException">It does not compile: the compiler's log, or the construct that it does not
    /// take.</exception>
    internal CudaImage Compile(KernelInstance kernel, ReadOnlySpan<KernelArgument> arguments)
    {
        if (IsText)
            return new(text.Value.Compile(kernel, Specializations.Macros(kernel, arguments)), kernel.Entry,
                LaunchLayout.OfText(kernel));
        var ptx = method.Value.Compile(kernel, Specializations.Values(kernel, arguments));
        return new(Encoding.UTF8.GetBytes(ptx + '\0'), IlgpuCompiler.EntryOf(ptx),
            LaunchLayout.OfMethod(kernel.Source!()));
    }

    /// <summary>The driver does not take what was compiled.</summary>
    /// <param name="problem">Which kernel, and the driver's words.</param>
    /// <param name="gpu">Its driver's version is named.</param>
    internal UnsupportedOnDeviceException NotTaken(string problem, CudaDeviceInfo gpu) => IsText
        ? new($"{problem} Use an NVRTC no newer than the driver's CUDA {CudaDeviceInfo.Version(gpu.DriverVersion)}, a "
        + "newer driver, or ILGPU's compiler.",
            new DeviceAlternative(Compiler: KernelCompiler.Ilgpu))
        : new($"{problem} Use a newer driver.");

    public override string ToString() => $"{Name} {Version}{(Place is { } place ? $" ({place})" : "")}, {Architecture}";

    public void Dispose()
    {
        if (method.IsValueCreated) method.Value.Dispose();
    }
}
