using System.Text;

namespace LdNetGpu.Tests.Emulation;

/// <summary>A PTX text that the driver has loaded, and launches of it with memory of its own.</summary>
sealed unsafe class PtxModule : IDisposable
{
    const uint DynamicShared = 1024;

    readonly nint module;

    /// <summary>Loads it.</summary>
    /// <exception cref="InvalidOperationException">The driver refuses it.</exception>
    public PtxModule(string text) => Check(Load(text, out module));

    /// <summary>What the driver says of a text that it must refuse.</summary>
    public static int Loads(string text) => Load(text, out _);

    /// <summary>
    /// Runs one block, with 1,024 bytes of dynamic shared memory, of an entry whose parameters are addresses of the
    /// values and of results, zero at first; returns the results.
    /// </summary>
    /// <exception cref="InvalidOperationException">The launch failed.</exception>
    public byte[] Run(string entry, int lanes, byte[] values, int resultBytes)
    {
        var function = Function(entry);
        Check(RawDriver.cuMemAlloc_v2(out var input, (nuint)Math.Max(values.Length, 1)));
        Check(RawDriver.cuMemAlloc_v2(out var output, (nuint)resultBytes));
        var results = new byte[resultBytes];
        fixed (byte* source = values)
        fixed (byte* target = results)
        {
            if (values.Length > 0) Check(RawDriver.cuMemcpyHtoDAsync_v2(input, source, (nuint)values.Length, 0));
            Check(RawDriver.cuMemcpyHtoDAsync_v2(output, target, (nuint)resultBytes, 0));
            var parameters = stackalloc void*[2] { &input, &output };
            Check(RawDriver.cuLaunchKernel(function, 1, 1, 1, (uint)lanes, 1, 1, DynamicShared, 0, parameters, null));
            Check(RawDriver.cuMemcpyDtoHAsync_v2(target, output, (nuint)resultBytes, 0));
            Check(RawDriver.cuStreamSynchronize(0));
        }
        RawDriver.cuMemFree_v2(input);
        RawDriver.cuMemFree_v2(output);
        return results;
    }

    /// <summary>An entry of it, for launches by hand.</summary>
    public nint Function(string entry)
    {
        Check(RawDriver.cuModuleGetFunction(out var function, module, entry));
        return function;
    }

    /// <inheritdoc/>
    public void Dispose() => RawDriver.cuModuleUnload(module);

    static int Load(string text, out nint module)
    {
        fixed (byte* image = Encoding.UTF8.GetBytes(text + "\0")) return RawDriver.cuModuleLoadData(out module, image);
    }

    static void Check(int code)
    {
        if (code != 0) throw new InvalidOperationException(RawDriver.ErrorText(code));
    }
}
