namespace LdNetGpu.Devices.Managed;

/// <summary>Where a lane waits for others.</summary>
public enum BarrierScope
{
    /// <summary>For all lanes of its group.</summary>
    Group,

    /// <summary>For all lanes of its warp.</summary>
    Warp,

    /// <summary>For all lanes of the grid.</summary>
    Grid,
}

/// <summary>Starts one lane of a kernel. Kernels without barriers have run to their end when it returns null.</summary>
/// <param name="lane">The lane, by which the body reaches memory and others.</param>
/// <param name="arguments">The launch's.</param>
/// <returns>What the lane waits for next, each time it waits.</returns>
public delegate IEnumerator<BarrierScope>? LaneBody(Lane lane, LaneArguments arguments);
