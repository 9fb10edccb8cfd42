namespace LdNetGpu.Dialect;

/// <summary>The error of a call that only a translated kernel can make.</summary>
static class KernelOnly
{
    public static InvalidOperationException Call() => new(
        "This was called outside a kernel's translated body: call it from a [Kernel] method, or from a method that a "
        + "kernel calls.");
}
