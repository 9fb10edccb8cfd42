namespace LdNetGpu.Devices.Cuda;

/// <summary>A compiled kernel, for the driver to load.</summary>
/// <param name="Bytes">Machine code, or PTX with a zero behind it.</param>
/// <param name="Entry">The entry point's name.</param>
/// <param name="Layout">How its arguments are passed.</param>
sealed record CudaImage(byte[] Bytes, string Entry, LaunchLayout Layout);
