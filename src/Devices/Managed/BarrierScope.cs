namespace LdNetGpu.Devices.Managed;

/// <summary>Where a lane waits for others.</summary>
public enum BarrierScope { Group, Warp, Grid }

/// <summary>Starts one lane of a kernel. Kernels without barriers have run to their end when it returns null.</summary>
public delegate IEnumerator<BarrierScope>? LaneBody(Lane lane, LaneArguments arguments);
