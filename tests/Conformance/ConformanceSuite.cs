using System.Numerics;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>
/// Every operation on one device in one precision against the CPU in double: the same call on the same numbers, and the
/// results within rounding of each other. Instantiated below for each device and precision; the operations stand in a
/// file each.
/// </summary>
public abstract partial class ConformanceSuite<TDevice, T> : DeviceSuite<ConformanceSuite<TDevice, T>, TDevice>
    where TDevice : ITestDevice where T : unmanaged, IFloatingPointIeee754<T>
{
    protected ConformanceSuite()
    {
        Ours = new(new GpuBackend<T>(Device, TDevice.Choice));
        Reference = new(new CpuBackend<double>(Host));
    }

    protected Side<T> Ours { get; }

    protected Side<double> Reference { get; }

    /// <summary>
    /// Sizes that meet every path: empty, one, primes, more than a group, gaps between rows. Rows, columns, gap.
    /// </summary>
    public static TheoryData<int, int, int> Sizes =>
        new() { { 0, 5, 0 }, { 5, 0, 0 }, { 1, 1, 0 }, { 1, 7, 3 }, { 13, 31, 6 }, { 7, 64, 0 }, { 67, 11, 1 } };

    /// <summary>The operand came out of both sides alike, and nothing was written between its rows.</summary>
    protected void Check(Operand operand, double k = 8, double scale = 1)
    {
        Tolerance.AssertClose(Reference[operand].ToArray(), Ours[operand], k, scale);
        Ours[operand].AssertGapsUntouched();
    }

    /// <summary>Both sides refuse the call, in the same words.</summary>
    protected static void BothRefuse(Action ours, Action reference)
    {
        var expected = Record.Exception(reference);
        var found = Record.Exception(ours);
        Assert.NotNull(expected);
        Assert.NotNull(found);
        Assert.Equal(expected.GetType(), found.GetType());
        Assert.Equal(expected.Message, found.Message);
    }
}

public sealed class ManagedFloat : ConformanceSuite<OnManaged, float>;
public sealed class ManagedDouble : ConformanceSuite<OnManaged, double>;
public sealed class ManagedPortableFloat : ConformanceSuite<OnManagedPortably, float>;
public sealed class OpenClFloat : ConformanceSuite<OnOpenCl, float>;
public sealed class OpenClDouble : ConformanceSuite<OnOpenCl, double>;
public sealed class CudaFloat : ConformanceSuite<OnCuda, float>;
public sealed class CudaDouble : ConformanceSuite<OnCuda, double>;
public sealed class CudaByIlgpuFloat : ConformanceSuite<OnCudaByIlgpu, float>;
public sealed class CudaByIlgpuDouble : ConformanceSuite<OnCudaByIlgpu, double>;
