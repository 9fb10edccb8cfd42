using System.Runtime.InteropServices;
using System.Text;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Devices.Cuda;

/// <summary>
/// CUDA C++ to machine code of one architecture by NVRTC, through the disk cache. Needs no GPU and no driver. Several
/// threads may compile at once.
/// </summary>
sealed unsafe class NvrtcCompiler
{
    readonly NvrtcApi api;
    readonly CompiledKernelCache cache;
    readonly NativeLibrarySearch? builtins;
    int foundInCache;

    /// <param name="library">Where NVRTC was looked for.</param>
    /// <param name="computeCapability">90 for 9.0.</param>
    /// <param name="cache">Where compiled kernels are kept.</param>
    /// <exception cref="UserException">NVRTC is not there, with every place tried, or too old for this GPU.</exception>
    public NvrtcCompiler(NativeLibrarySearch library, int computeCapability, CompiledKernelCache cache)
    {
        api = NvrtcApi.From(library);
        this.cache = cache;
        builtins = NvrtcBuiltins.Load(library);
        int major, minor;
        Check(api.Version(&major, &minor), "nvrtcVersion");
        Version = $"{major}.{minor}";
        var newest = Newest(computeCapability);
        // Architecture-specific instructions (the "a") exist from 9.0 on and NVRTC knows them since CUDA 12.
        var specific = computeCapability >= 90 && major >= 12 ? "a" : "";
        Architecture = newest == computeCapability ? $"sm_{computeCapability}{specific}" : $"compute_{newest}";
    }

    /// <summary>The compiler that a <see cref="NvidiaDevice"/> of this GPU uses.</summary>
    /// <exception cref="UserException">NVRTC is not there, with every place tried, or too old for this GPU.</exception>
    public static NvrtcCompiler For(CudaDeviceInfo gpu, CompiledKernelCache cache) =>
        new(NvrtcApi.Search(gpu.DriverVersion / 1000), gpu.ComputeCapability, cache);

    /// <summary>NVRTC's version, as 12.4.</summary>
    public string Version { get; }

    /// <summary>Where NVRTC was found.</summary>
    public string Place => api.Place;

    /// <summary>
    /// <c>sm_90a</c>: machine code; <c>compute_90</c>: PTX, for GPUs newer than the compiler, which the driver
    /// translates.
    /// </summary>
    public string Architecture { get; }

    /// <summary>Kernels that came from the cache rather than from the compiler.</summary>
    public int FoundInCache => foundInCache;

    /// <summary>The image that the driver loads.</summary>
    /// <param name="kernel">Its CUDA C++ is what is compiled.</param>
    /// <param name="macros">Of the specialised values: <c>-DSPEC_width=3</c>.</param>
    /// <exception cref="UserException">The text does not compile; the log names C# lines.</exception>
    internal byte[] Compile(KernelInstance kernel, string[] macros)
    {
        string[] options = [$"--gpu-architecture={Architecture}", "--std=c++17", "-lineinfo", .. macros];
        var text = CudaPrelude.Text + kernel.Cuda;
        var key = CompiledKernelCache.Key("cuda", text, string.Join(' ', options), Version);
        if (cache.Find(key) is { } kept)
        {
            Interlocked.Increment(ref foundInCache);
            return kept;
        }
        var image = Compile(kernel, text, options);
        cache.Keep(key, image);
        return image;
    }

    byte[] Compile(KernelInstance kernel, string text, string[] options)
    {
        nint program;
        fixed (byte* source = Utf8(text), name = Utf8(kernel.Entry + ".cu"))
            Check(api.CreateProgram(&program, source, name, 0, null, null), "nvrtcCreateProgram");
        var native = Array.ConvertAll(options, Marshal.StringToCoTaskMemUTF8);
        try
        {
            int code;
            fixed (nint* first = native) code = api.CompileProgram(program, native.Length, (byte**)first);
            if (code != 0)
                throw new KernelCompilationException(kernel, "cuda",
                    $"{LaunchText.Of(kernel)} does not compile for {Architecture} with NVRTC {Version}: " +
                    $"{ErrorText(code)}.{Environment.NewLine}{BuiltinsMissing(code)}{Log(program)}");
            return Image(program);
        }
        finally
        {
            foreach (var option in native) Marshal.FreeCoTaskMem(option);
            api.DestroyProgram(&program);
        }
    }

    byte[] Image(nint program)
    {
        var machineCode = Architecture.StartsWith("sm_", StringComparison.Ordinal);
        nuint size;
        Check(machineCode ? api.GetCubinSize(program, &size) : api.GetPtxSize(program, &size),
            "size of the compiled kernel");
        var image = new byte[size];
        fixed (byte* first = image)
            Check(machineCode ? api.GetCubin(program, first) : api.GetPtx(program, first), "the compiled kernel");
        return image;
    }

    int Newest(int computeCapability)
    {
        int count;
        Check(api.GetNumSupportedArchs(&count), "nvrtcGetNumSupportedArchs");
        var known = new int[count];
        fixed (int* first = known) Check(api.GetSupportedArchs(first), "nvrtcGetSupportedArchs");
        var usable = known.Where(architecture => architecture <= computeCapability).ToArray();
        return usable.Length > 0
            ? usable.Max()
            : throw new UnsupportedOnDeviceException(
                $"NVRTC {Version} ({Place}) compiles for compute capability {known.Min() / 10}.{known.Min() % 10} and "
                + $"newer; this GPU has {computeCapability / 10}.{computeCapability % 10}.",
                new DeviceAlternative("opencl"), new DeviceAlternative("cpu"));
    }

    string Log(nint program)
    {
        nuint size;
        if (api.GetLogSize(program, &size) != 0) return "";
        var bytes = new byte[size];
        fixed (byte* first = bytes)
            if (api.GetLog(program, first) != 0) return "";
        return Encoding.UTF8.GetString(bytes).TrimEnd('\0').Trim();
    }

    string BuiltinsMissing(int code)
    {
        const int BuiltinOperationFailure = 7;
        return code == BuiltinOperationFailure && builtins is { Found: false }
            ? $"NVRTC's built-ins were not found. Tried:{Environment.NewLine}{builtins.Describe()}{Environment.NewLine}"
            + $"Set {builtins.Variable} to their path if they are elsewhere.{Environment.NewLine}"
            : "";
    }

    void Check(int code, string what)
    {
        if (code != 0) throw new UserException($"NVRTC ({Place}): {what} failed: {ErrorText(code)}.");
    }

    string ErrorText(int code) => $"{Marshal.PtrToStringUTF8((nint)api.GetErrorString(code))} ({code})";

    static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text + '\0');
}
