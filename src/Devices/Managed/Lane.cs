using LdNetGpu.Dialect;

namespace LdNetGpu.Devices.Managed;

/// <summary>One lane of a kernel that runs on the managed device: its place in the grid, its memory and its waits. Generated code calls it.</summary>
public sealed partial class Lane
{
    internal const int LanesOfWarp = 32;
    [ThreadStatic] static Lane? running;
    readonly LaneGroup group;
    readonly KernelRun run;
    IEnumerator<Rendezvous>? body;

    internal Lane(LaneGroup group, KernelRun run, int number, Index3D groupIndex) =>
        (this.group, this.run, Number, GroupIndex) = (group, run, number, groupIndex);

    /// <summary>The lane that this thread runs.</summary>
    /// <exception cref="InvalidOperationException">None: host code called what only kernels may.</exception>
    public static Lane Current => running ?? throw KernelOnly.Lane();

    internal static void Enter(Lane? lane) => running = lane;

    /// <summary>Its number in the group.</summary>
    public int Number { get; }

    public Index3D GridIndex => group.Index;
    public Index3D GridDim => run.Config.GridDim;
    public Index3D GroupIndex { get; }
    public Index3D GroupDim => run.Config.GroupDim;
    public int WarpSize => LanesOfWarp;
    public Index1D GlobalIndex1D => Global.X;
    public Index2D GlobalIndex2D => new(Global.X, Global.Y);
    public Index3D GlobalIndex3D => Global;

    Index3D Global => new(GridIndex.X * GroupDim.X + GroupIndex.X, GridIndex.Y * GroupDim.Y + GroupIndex.Y, GridIndex.Z * GroupDim.Z + GroupIndex.Z);

    /// <summary>Whether the lane lies outside the extent that the first arguments give.</summary>
    public bool IsOutside(LaneArguments arguments, int dimensions) =>
        Global.X >= arguments.Scalar<int>(0)
            || dimensions > 1 && Global.Y >= arguments.Scalar<int>(1)
            || dimensions > 2 && Global.Z >= arguments.Scalar<int>(2);

    internal bool HasEnded { get; private set; }

    internal bool IsWaiting { get; private set; }

    internal Rendezvous WaitsFor { get; private set; }

    /// <summary>The number of the place where it waits.</summary>
    internal int Point { get; private set; }

    internal void Start()
    {
        running = this;
        (HasEnded, IsWaiting) = (false, false);
        ForgetCopies();
        try
        {
            body = run.Kernel.Managed(this, run.Arguments);
        }
        catch (Exception problem) when (problem is not UserException and not NotSupportedException and not InvalidOperationException)
        {
            throw Failed(problem);
        }
        HasEnded = body is null;
    }

    /// <summary>Runs to the next wait or the end; a lane that waits stays.</summary>
    internal void Continue()
    {
        if (HasEnded || IsWaiting) return;
        running = this;
        try
        {
            HasEnded = !body!.MoveNext();
        }
        catch (Exception problem) when (problem is not UserException and not NotSupportedException and not InvalidOperationException)
        {
            throw Failed(problem);
        }
        if (HasEnded) return;
        (IsWaiting, WaitsFor) = (true, body.Current);
    }

    KernelFaultException Failed(Exception problem) => new(KernelFault.Exception, new(run.Kernel.File, run.Kernel.Line, run.Kernel.Name),
        $"Kernel {run.Kernel.Name}, {Where()}, {run.Kernel.File}:{run.Kernel.Line}: {problem.Message}{Environment.NewLine}{problem.StackTrace}", problem);

    string Where() => $"group {LaneGroup.Position(GridIndex)}, lane {Number}";
}
