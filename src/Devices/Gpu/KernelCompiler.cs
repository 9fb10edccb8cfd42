namespace LdNetGpu.Devices.Gpu;

/// <summary>Who makes a device's code out of a kernel.</summary>
public enum KernelCompiler
{
    /// <summary>The generated text where the device's own compiler is there, else ILGPU.</summary>
    Auto,

    /// <summary>
    /// The device's own compiler, from the text that the source generator wrote: CUDA C++ by NVRTC, OpenCL C by the
    /// driver.
    /// </summary>
    Text,

    /// <summary>ILGPU, from the compiled C#.</summary>
    Ilgpu,
}
