using LdNetGpu.Devices.Cuda.Ptx;

namespace LdNetGpu.Tests.Cuda.Ptx;

/// <summary>PTX written by hand.</summary>
static class PtxText
{
    /// <summary>A kernel of these statements, below what else the text has.</summary>
    public static (PtxModule Module, PtxFunction Kernel) Kernel(string body, string above = "")
    {
        var module = PtxModule.Parse(
            $".version 8.0\n.target sm_90\n.address_size 64\n{above}\n.visible .entry Kernel(\n\t.param .u64 "
            + $"a\n)\n{{\n{body}\n}}\n");
        return (module, module.Find("Kernel")!);
    }

    /// <summary>What is counted in such a kernel.</summary>
    public static PtxCounts Counts(string body, string above = "")
    {
        var (module, kernel) = Kernel(body, above);
        return PtxCounts.Of(module, kernel);
    }
}
