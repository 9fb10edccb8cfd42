using System.Numerics;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels.Simd;

namespace LdNetGpu.Kernels.Recurrent;

/// <summary>
/// A recurrent unit: its traits, its cell on the CPU, and the launches of its kernels. Everything else about
/// recurrences asks these.
/// </summary>
/// <remarks>
/// To add a unit, write one file as <c>TanhUnit.cs</c> is one, the type and its kernels, and name it in
/// <c>RecurrentUnit.cs</c>; its equations, for the tests, go into <c>RecurrenceReference</c>. Settings, files, initial
/// weights, counts of operations, gradient checks and the suites of all devices go by the names and the traits.
/// </remarks>
interface IRecurrentUnit
{
    static abstract RecurrentTraits Traits { get; }

    /// <summary>The step of a row, for the elements from a column on: one vector of any width.</summary>
    /// <remarks>
    /// The row comes by value: for an <c>in</c> parameter the compiler puts a method in between, which, not marked to
    /// be inlined, uses up the JIT's budget for the rest.
    /// </remarks>
    static abstract void Forward<TSimd, TVector, T>(ForwardRow<T> row, int column)
        where TSimd : ISimd<TVector, T> where TVector : struct where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>The same step backward.</summary>
    static abstract void Backward<TSimd, TVector, T>(BackwardRow<T> row, int column)
        where TSimd : ISimd<TVector, T> where TVector : struct where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>Queues the step of a whole batch, a lane for each element of the state.</summary>
    static abstract void LaunchForward<T>(GpuDevice device, int lanes, ForwardStep<T> step)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>The same step backward.</summary>
    static abstract void LaunchBackward<T>(GpuDevice device, int lanes, BackwardStep<T> step)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>The unit's kernel for the recurrent product and the cell at once; null where it has none.</summary>
    static virtual IFusedStep? FusedStep => null;
}
