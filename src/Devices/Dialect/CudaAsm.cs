using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Dialect;

/// <summary>An operand that the instruction reads.</summary>
public readonly record struct Input<T>(T Value) where T : unmanaged
{
    public static implicit operator Input<T>(T value) => new(value);
}

/// <summary>An operand that the instruction writes.</summary>
public ref struct Output<T>(ref T target) where T : unmanaged
{
    public ref T Target = ref target;
}

/// <summary>An operand that the instruction reads and writes.</summary>
public ref struct Ref<T>(ref T target) where T : unmanaged
{
    public ref T Target = ref target;
}

/// <summary>
/// PTX in a kernel: the instruction is a constant string with operands %0, %1, ... in the order of the arguments; %% is a percent sign. Kernels that
/// use it run on CUDA only; the managed device refuses them.
/// </summary>
public static class CudaAsm
{
    public static void Emit(string asm) => throw KernelOnly.Ptx();
    public static void Emit<T0>(string asm, T0 arg0) where T0 : unmanaged => throw KernelOnly.Ptx();
    public static void Emit<T0, T1>(string asm, T0 arg0, T1 arg1) where T0 : unmanaged where T1 : unmanaged => throw KernelOnly.Ptx();
    public static void Emit<T0, T1, T2>(string asm, T0 arg0, T1 arg1, T2 arg2)
        where T0 : unmanaged where T1 : unmanaged where T2 : unmanaged => throw KernelOnly.Ptx();
    public static void Emit<T0>(string asm, out T0 arg0) where T0 : unmanaged => throw KernelOnly.Ptx();
    public static void Emit<T0, T1>(string asm, out T0 arg0, T1 arg1) where T0 : unmanaged where T1 : unmanaged => throw KernelOnly.Ptx();
    public static void Emit<T0, T1, T2>(string asm, out T0 arg0, T1 arg1, T2 arg2)
        where T0 : unmanaged where T1 : unmanaged where T2 : unmanaged => throw KernelOnly.Ptx();
    public static void Emit<T0, T1, T2, T3>(string asm, out T0 arg0, T1 arg1, T2 arg2, T3 arg3)
        where T0 : unmanaged where T1 : unmanaged where T2 : unmanaged where T3 : unmanaged => throw KernelOnly.Ptx();
}
