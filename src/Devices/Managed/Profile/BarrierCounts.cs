namespace LdNetGpu.Devices.Managed;

/// <summary>Meetings of lanes: barriers, and collectives, at which they wait as well.</summary>
/// <param name="Meetings">How often a warp, a group or the grid met.</param>
/// <param name="Warps">Warps that waited in them.</param>
/// <param name="Lanes">Lanes that waited in them.</param>
public readonly record struct BarrierCounts(long Meetings, long Warps, long Lanes)
{
    /// <summary>Both together.</summary>
    /// <param name="left">Some meetings.</param>
    /// <param name="right">Others.</param>
    public static BarrierCounts operator +(BarrierCounts left, BarrierCounts right) => left.Add(right);

    /// <summary>Both together.</summary>
    /// <param name="other">Other meetings.</param>
    public BarrierCounts Add(BarrierCounts other) =>
        new(Meetings + other.Meetings, Warps + other.Warps, Lanes + other.Lanes);
}
