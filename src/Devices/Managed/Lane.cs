using ILGPU;

namespace LdNetGpu.Devices.Managed;

/// <summary>
/// One lane of a kernel that runs on the managed device: its place in the grid, its memory and its waits. Generated
/// code calls it.
/// </summary>
public sealed partial class Lane
{
    internal const int WarpSize = 32;
    readonly LaneGroup group;
    readonly KernelRun run;
    readonly WarpTrace? trace;
    IEnumerator<BarrierScope>? body;

    // Its number in the grid, from 1.
    int globalNumber;

    // The trace is its warp's, and null where the launch is not profiled.
    internal Lane(LaneGroup group, KernelRun run, int number, Index3D groupIndex, WarpTrace? trace) =>
        (this.group, this.run, Number, GroupIndex, this.trace) = (group, run, number, groupIndex, trace);

    /// <summary>Its number in the group.</summary>
    public int Number { get; }

    /// <summary>Stands for <see cref="ILGPU.Grid"/> in a checked body.</summary>
    public GridPosition Grid => new(this);

    /// <summary>Stands for <see cref="ILGPU.Group"/> in a checked body.</summary>
    public GroupPosition Group => new(this);

    /// <summary>Stands for <see cref="ILGPU.Warp"/> in a checked body.</summary>
    public WarpPosition Warp => new(this);

    /// <summary>The index that a kernel over a line is called with.</summary>
    public Index1D GlobalIndex1D => Grid.GlobalIndex.X;

    /// <summary>The index that a kernel over a plane is called with.</summary>
    public Index2D GlobalIndex2D => new(Grid.GlobalIndex.X, Grid.GlobalIndex.Y);

    /// <summary>The index that a kernel over a volume is called with.</summary>
    public Index3D GlobalIndex3D => Grid.GlobalIndex;

    internal Index3D GridIndex => group.Index;

    internal Index3D GridDim => run.Config.GridDim;

    internal Index3D GroupIndex { get; }

    internal Index3D GroupDim => run.Config.GroupDim;

    /// <summary>Whether the lane lies outside the extent that the first arguments give.</summary>
    /// <param name="arguments">The launch's: the extent's ints come first.</param>
    /// <param name="dimensions">Of the extent, 1 to 3.</param>
    public bool IsOutside(LaneArguments arguments, int dimensions)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return Grid.GlobalIndex.X >= arguments.Scalar<int>(0)
            || dimensions > 1 && Grid.GlobalIndex.Y >= arguments.Scalar<int>(1)
            || dimensions > 2 && Grid.GlobalIndex.Z >= arguments.Scalar<int>(2);
    }

    internal bool HasEnded { get; private set; }

    internal bool IsWaiting { get; private set; }

    internal BarrierScope WaitsFor { get; private set; }

    /// <summary>The number of the place where it waits.</summary>
    internal int Point { get; private set; }

    internal void Start()
    {
        (HasEnded, IsWaiting) = (false, false);
        globalNumber = group.LinearIndex * group.Lanes.Length + Number + 1;
        ForgetCopies();
        try
        {
            body = run.Kernel.Managed(this, run.Arguments);
        }
        catch (Exception problem)
            when (problem is not UserException and not NotSupportedException and not InvalidOperationException)
        {
            throw Failed(problem);
        }
        HasEnded = body is null;
    }

    /// <summary>Runs to the next wait or the end; a lane that waits stays.</summary>
    internal void Continue()
    {
        if (HasEnded || IsWaiting) return;
        try
        {
            HasEnded = !body!.MoveNext();
        }
        catch (Exception problem)
            when (problem is not UserException and not NotSupportedException and not InvalidOperationException)
        {
            throw Failed(problem);
        }
        if (HasEnded) return;
        (IsWaiting, WaitsFor) = (true, body.Current);
    }

    KernelFaultException Failed(Exception problem) =>
        new(KernelFault.Exception, new(run.Kernel.File, run.Kernel.Line, run.Kernel.Name),
            $"Kernel {run.Kernel.Name}, {Where()}, {run.Kernel.File}:{run.Kernel.Line}: {problem.Message}"
            + $"{Environment.NewLine}{problem.StackTrace}", problem);

    string Where() => $"group {LaneGroup.Position(GridIndex)}, lane {Number}";
}
