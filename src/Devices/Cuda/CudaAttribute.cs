namespace LdNetGpu.Devices.Cuda;

/// <summary>What a CUDA device is asked about itself. Numbers: CUdevice_attribute in NVIDIA's cuda.h.</summary>
enum CudaAttribute
{
    MaxThreadsPerBlock = 1,
    MaxSharedMemoryPerBlock = 8,
    WarpSize = 10,
    MultiProcessorCount = 16,
    ComputeCapabilityMajor = 75,
    ComputeCapabilityMinor = 76,
    CooperativeLaunch = 95,
    MaxSharedMemoryPerBlockOptIn = 97,
    MemoryPoolsSupported = 115,
    ClusterLaunch = 120,
}
