using System.Text;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Devices.OpenCl;

/// <summary>Kernel text to a kernel on one device, through the disk cache.</summary>
sealed unsafe class OpenClCompiler(OpenClApi api, nint context, OpenClDeviceInfo device, CompiledKernelCache cache,
    bool optimizes)
{
    const uint BinarySizes = 0x1165, Binaries = 0x1166, BuildLog = 0x1183, KernelGroupSize = 0x11B0,
        KernelLocalMemory = 0x11B2;

    /// <summary>For people: what the last compilations took from the cache.</summary>
    public int FoundInCache { get; private set; }

    /// <param name="kernel">Its OpenCL C is what is compiled.</param>
    /// <param name="macros">Of the specialised values: <c>-DSPEC_width=3</c>.</param>
    /// <exception cref="UserException">The text does not compile; the log names C# lines.</exception>
    public OpenClKernel Compile(KernelInstance kernel, string[] macros)
    {
        var text = OpenClPrelude.Text +
            (kernel.OpenCl
            ?? throw new UserException(
                $"{LaunchText.Of(kernel)} has no OpenCL text: it needs CUDA ({kernel.Requires})."));
        var options = string.Join(' ', [Options, .. macros]);
        var key = CompiledKernelCache.Key("opencl", text, options, device.ToString());
        var program = cache.Find(key) is { } binary ? FromBinary(binary, options) : 0;
        var isKept = program != 0;
        if (isKept) FoundInCache++;
        else program = FromSource(kernel, text, options);
        nint handle = 0;
        try
        {
            if (!isKept) cache.Keep(key, Binary(program));
            handle = CreateKernel(kernel, program);
            return new(program, handle, (int)Number(handle, KernelGroupSize), (int)Number(handle, KernelLocalMemory));
        }
        catch
        {
            if (handle != 0) api.ReleaseKernel(handle);
            api.ReleaseProgram(program);
            throw;
        }
    }

    /// <summary>What every text is compiled with.</summary>
    public string Options { get; } = "-cl-std=CL1.2" + (optimizes ? "" : " -cl-opt-disable")
        + (device.RoundsCorrectly ? " -cl-fp32-correctly-rounded-divide-sqrt" : "");

    nint FromSource(KernelInstance kernel, string text, string options)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        int code;
        nint program;
        fixed (byte* first = bytes)
        {
            var source = first;
            var length = (nuint)bytes.Length;
            program = api.CreateProgramWithSource(context, 1, &source, &length, &code);
        }
        OpenClError.Check(code, $"clCreateProgramWithSource for {LaunchText.Of(kernel)}");
        code = Build(program, options);
        if (code == OpenClError.Success) return program;
        var log = Log(program);
        api.ReleaseProgram(program);
        throw new KernelCompilationException(kernel, "opencl",
            $"{LaunchText.Of(kernel)} does not compile "
            + $"for {device}: {OpenClError.Name(code)}.{Environment.NewLine}{log}");
    }

    // A binary that the driver no longer takes is as if absent.
    nint FromBinary(byte[] binary, string options)
    {
        int status, code;
        nint program;
        var handle = device.Handle;
        fixed (byte* first = binary)
        {
            var bytes = first;
            var length = (nuint)binary.Length;
            program = api.CreateProgramWithBinary(context, 1, &handle, &length, &bytes, &status, &code);
        }
        if (code != OpenClError.Success) return 0;
        if (Build(program, options) == OpenClError.Success) return program;
        api.ReleaseProgram(program);
        return 0;
    }

    int Build(nint program, string options)
    {
        var handle = device.Handle;
        fixed (byte* first = Encoding.UTF8.GetBytes(options + '\0'))
            return api.BuildProgram(program, 1, &handle, first, null, null);
    }

    byte[] Binary(nint program)
    {
        nuint size;
        OpenClError.Check(api.GetProgramInfo(program, BinarySizes, (nuint)sizeof(nuint), &size, null),
            "clGetProgramInfo");
        var binary = new byte[size];
        fixed (byte* first = binary)
        {
            var pointer = first;
            OpenClError.Check(api.GetProgramInfo(program, Binaries, (nuint)sizeof(byte*), &pointer, null),
                "clGetProgramInfo");
        }
        return binary;
    }

    string Log(nint program)
    {
        nuint size;
        if (api.GetProgramBuildInfo(program, device.Handle, BuildLog, 0, null, &size) != OpenClError.Success) return "";
        var bytes = new byte[size];
        fixed (byte* first = bytes)
            if (api.GetProgramBuildInfo(program, device.Handle, BuildLog, size, first, null) != OpenClError.Success)
                return "";
        return Encoding.UTF8.GetString(bytes).TrimEnd('\0').Trim();
    }

    nint CreateKernel(KernelInstance kernel, nint program)
    {
        int code;
        fixed (byte* name = Encoding.UTF8.GetBytes(kernel.Entry + '\0'))
        {
            var handle = api.CreateKernel(program, name, &code);
            OpenClError.Check(code, $"clCreateKernel({kernel.Entry}) for {LaunchText.Of(kernel)}");
            return handle;
        }
    }

    // A size_t or, for local memory, a cl_ulong.
    ulong Number(nint kernel, uint what)
    {
        ulong number = 0;
        OpenClError.Check(api.GetKernelWorkGroupInfo(kernel, device.Handle, what, sizeof(ulong), &number, null),
            "clGetKernelWorkGroupInfo");
        return number;
    }
}
