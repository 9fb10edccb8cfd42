namespace LdNetGpu.Devices.Gpu;

/// <summary>What the generated OpenCL C stands on: put before a kernel's text.</summary>
public static class OpenClPrelude
{
    public const string Text = "";
}
