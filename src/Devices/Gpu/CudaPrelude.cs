namespace LdNetGpu.Devices.Gpu;

/// <summary>What the generated CUDA C++ stands on, free of headers: put before a kernel's text.</summary>
public static class CudaPrelude
{
    public const string Text = "";
}
