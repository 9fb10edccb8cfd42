namespace LdNetGpu.Devices;

/// <summary>
/// The rows of a matrix [T · B, n] that a part of its batch has, itself a matrix [T · rows, n]: row t · Rows + r of the
/// part is row t · Of + First + r · Stride of the whole. So the parts that several processes compute are dropped as the
/// whole would be. The default is the whole.
/// </summary>
/// <param name="Rows">Rows of the part at each step; 0: all.</param>
/// <param name="Of">B, those of the whole.</param>
/// <param name="First">Row of the whole that the part's first one is.</param>
/// <param name="Stride">From one row of the part to the next, in rows of the whole.</param>
public readonly record struct RowShare(int Rows, int Of, int First, int Stride);
