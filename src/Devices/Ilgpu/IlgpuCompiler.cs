using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Devices.Ilgpu;

/// <summary>
/// ILGPU's compiler: a kernel's C# method, as the .NET compiler left it, to PTX of one architecture, through the disk
/// cache. Needs no GPU and no driver. Several threads may compile; one does at a time.
/// </summary>
sealed partial class IlgpuCompiler : IDisposable
{
    static readonly ConcurrentDictionary<Assembly, string> Modules = [];

    readonly CudaArchitecture architecture;
    readonly CudaInstructionSet instructions;
    readonly CompiledKernelCache cache;
    readonly Lock gate = new();
    int foundInCache;
    (Context Context, PTXBackend Backend)? open;

    /// <param name="computeCapability">90 for 9.0.</param>
    /// <param name="driverVersion">The driver's CUDA as the API counts, 12040 for 12.4: what PTX it takes.</param>
    /// <param name="cache">Where compiled kernels are kept.</param>
    /// <exception cref="UserException">ILGPU knows no such GPU, or the driver takes none of its PTX.</exception>
    public IlgpuCompiler(int computeCapability, int driverVersion, CompiledKernelCache cache)
    {
        this.cache = cache;
        var driver = CudaDriverVersion.FromMajorMinor(driverVersion / 1000, driverVersion % 1000 / 10);
        if (!CudaDevice.TryGetArchitecture(computeCapability / 10, computeCapability % 10, out architecture))
            throw new UnsupportedOnDeviceException(
                $"ILGPU {Version} knows no GPU of compute capability {computeCapability / 10}.{computeCapability % 10}"
                + $"; NVRTC may.",
                new DeviceAlternative(Compiler: KernelCompiler.Text));
        if (!CudaAccelerator.TryGetInstructionSet(architecture, driver, out var needed, out instructions))
            throw new UserException(
                $"ILGPU {Version}: compute capability {architecture} needs a driver for CUDA {needed} or newer, this "
                + $"one is for {driver}. Update the NVIDIA driver.");
    }

    /// <summary>ILGPU's version.</summary>
    public static string Version { get; } = typeof(Context).Assembly.GetName().Version!.ToString(3);

    /// <summary>As <c>sm_90</c>.</summary>
    public string Architecture => $"sm_{architecture.Major}{architecture.Minor}";

    /// <summary>Kernels that came from the cache rather than from the compiler.</summary>
    public int FoundInCache => foundInCache;

    /// <summary>PTX, for the driver to load.</summary>
    /// <param name="kernel">Its C# method is what is compiled.</param>
    /// <param name="specialized">The specialised values, in order.</param>
    /// <exception cref="UserException">ILGPU does not take the kernel: names it, the construct and what to
    /// do.</exception>
    public string Compile(KernelInstance kernel, params ReadOnlySpan<int> specialized)
    {
        var method = SourceOf(kernel);
        var key = CompiledKernelCache.Key("ilgpu", Version, Environment.Version.ToString(), Architecture,
            instructions.ToString(), Modules.GetOrAdd(method.Module.Assembly, VersionsOf), kernel.Entry,
            string.Join(' ', specialized.ToArray()));
        if (cache.Find(key) is { } kept)
        {
            Interlocked.Increment(ref foundInCache);
            return Encoding.UTF8.GetString(kept);
        }
        string ptx;
        lock (gate) ptx = Translate(kernel, method, specialized);
        cache.Keep(key, Encoding.UTF8.GetBytes(ptx));
        return ptx;
    }

    /// <summary>The name of the one entry point of a PTX text.</summary>
    internal static string EntryOf(string ptx) => EntryPoint().Match(ptx).Groups[1].Value;

    [GeneratedRegex(@"\.entry\s+(\w+)")]
    private static partial Regex EntryPoint();

    public void Dispose()
    {
        lock (gate) Close();
    }

    string Translate(KernelInstance kernel, MethodInfo method, ReadOnlySpan<int> specialized)
    {
        var (_, backend) = open ??= Open();
        try
        {
            method = Remaps.Rewritten(method);
            var entry = method.GetParameters() is [{ ParameterType: var first }, ..] && IsIndex(first)
                ? EntryPointDescription.FromImplicitlyGroupedKernel(method)
                : EntryPointDescription.FromExplicitlyGroupedKernel(method);
            var body = backend.PreCompileKernelMethod(entry);
            if (!entry.HasSpecializedParameters) return Ptx(
                backend.Compile(body, entry, KernelSpecialization.Empty, new FoldedBits()));
            using var special = body.ExtractToContext(out var inner);
            var wrapper = Specialization.Wrap(special, inner, entry, specialized);
            special.Optimize();
            return Ptx(backend.Compile(wrapper, entry, KernelSpecialization.Empty, new FoldedBits()));
        }
        catch (Exception error) when (error is not UserException)
        {
            // A failed compilation leaves the context with half a kernel in it, over which the next ones fall.
            Close();
            throw IlgpuFailure.Of(kernel, error);
        }
    }

    (Context, PTXBackend) Open()
    {
        var context = IlgpuRuntime.ForPtx();
        return (context,
            new PTXBackend(context, new CudaCapabilityContext(architecture), architecture, instructions, null));
    }

    void Close()
    {
        open?.Backend.Dispose();
        open?.Context.Dispose();
        open = null;
    }

    static string Ptx(ILGPU.Backends.CompiledKernel compiled) =>
        PtxCopies.Removed(PtxConversions.Corrected(((PTXCompiledKernel)compiled).PTXAssembly));

    /// <summary>Whether a kernel of this first parameter runs over an extent.</summary>
    internal static bool IsIndex(Type type) => type == typeof(Index1D) || type == typeof(Index2D)
        || type == typeof(Index3D);

    static MethodInfo SourceOf(KernelInstance kernel) => kernel.Source?.Invoke()
        ?? throw new UnsupportedOnDeviceException(
            $"{LaunchText.Of(kernel)} is a text without a C# method, which ILGPU would compile.",
            new DeviceAlternative(Compiler: KernelCompiler.Text));

    static string VersionsOf(Assembly assembly) =>
        string.Join(' ', Reachable(assembly).Select(reached => reached.ManifestModule.ModuleVersionId));

    /// <summary>
    /// What code of an assembly may be compiled from, .NET's own apart: itself, this library, ILGPU, and all that they
    /// refer to.
    /// </summary>
    internal static IReadOnlyCollection<Assembly> Reachable(Assembly assembly)
    {
        var found = new HashSet<Assembly>();
        var left = new Stack<Assembly>([assembly, typeof(IlgpuCompiler).Assembly, typeof(Context).Assembly]);
        while (left.TryPop(out var next))
            if (found.Add(next))
                foreach (var name in next.GetReferencedAssemblies())
                    if (Load(name) is { } reference && !IsDotNets(reference)) left.Push(reference);
        return [.. found.OrderBy(reached => reached.FullName, StringComparer.Ordinal)];
    }

    // A reference that is not there is none that a kernel could call.
    static Assembly? Load(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    internal static bool IsDotNets(Assembly assembly) =>
        assembly.Location.StartsWith(RuntimeEnvironment.GetRuntimeDirectory(), StringComparison.Ordinal);
}
