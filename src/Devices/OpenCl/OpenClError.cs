namespace LdNetGpu.Devices.OpenCl;

/// <summary>
/// OpenCL's error codes by name and, for those that users meet, in words. Source: Khronos, cl.h and cl_ext.h.
/// </summary>
static class OpenClError
{
    public const int Success = 0, DeviceNotFound = -1, AllocationFailure = -4, OutOfResources = -5,
        OutOfHostMemory = -6, BuildFailure = -11,
        DeviceNotAvailable = -2, InvalidBufferSize = -61, NoPlatform = -1001;

    static readonly string[] Runtime =
    [
        "CL_SUCCESS", "CL_DEVICE_NOT_FOUND", "CL_DEVICE_NOT_AVAILABLE", "CL_COMPILER_NOT_AVAILABLE",
        "CL_MEM_OBJECT_ALLOCATION_FAILURE", "CL_OUT_OF_RESOURCES", "CL_OUT_OF_HOST_MEMORY",
        "CL_PROFILING_INFO_NOT_AVAILABLE", "CL_MEM_COPY_OVERLAP", "CL_IMAGE_FORMAT_MISMATCH",
        "CL_IMAGE_FORMAT_NOT_SUPPORTED", "CL_BUILD_PROGRAM_FAILURE", "CL_MAP_FAILURE",
        "CL_MISALIGNED_SUB_BUFFER_OFFSET", "CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST", "CL_COMPILE_PROGRAM_FAILURE",
        "CL_LINKER_NOT_AVAILABLE", "CL_LINK_PROGRAM_FAILURE", "CL_DEVICE_PARTITION_FAILED",
        "CL_KERNEL_ARG_INFO_NOT_AVAILABLE",
    ];

    static readonly string[] Arguments =
    [
        "CL_INVALID_VALUE", "CL_INVALID_DEVICE_TYPE", "CL_INVALID_PLATFORM", "CL_INVALID_DEVICE", "CL_INVALID_CONTEXT",
        "CL_INVALID_QUEUE_PROPERTIES", "CL_INVALID_COMMAND_QUEUE", "CL_INVALID_HOST_PTR", "CL_INVALID_MEM_OBJECT",
        "CL_INVALID_IMAGE_FORMAT_DESCRIPTOR", "CL_INVALID_IMAGE_SIZE", "CL_INVALID_SAMPLER", "CL_INVALID_BINARY",
        "CL_INVALID_BUILD_OPTIONS", "CL_INVALID_PROGRAM", "CL_INVALID_PROGRAM_EXECUTABLE", "CL_INVALID_KERNEL_NAME",
        "CL_INVALID_KERNEL_DEFINITION", "CL_INVALID_KERNEL", "CL_INVALID_ARG_INDEX", "CL_INVALID_ARG_VALUE",
        "CL_INVALID_ARG_SIZE", "CL_INVALID_KERNEL_ARGS", "CL_INVALID_WORK_DIMENSION", "CL_INVALID_WORK_GROUP_SIZE",
        "CL_INVALID_WORK_ITEM_SIZE", "CL_INVALID_GLOBAL_OFFSET", "CL_INVALID_EVENT_WAIT_LIST", "CL_INVALID_EVENT",
        "CL_INVALID_OPERATION", "CL_INVALID_GL_OBJECT", "CL_INVALID_BUFFER_SIZE", "CL_INVALID_MIP_LEVEL",
        "CL_INVALID_GLOBAL_WORK_SIZE", "CL_INVALID_PROPERTY", "CL_INVALID_IMAGE_DESCRIPTOR",
        "CL_INVALID_COMPILER_OPTIONS", "CL_INVALID_LINKER_OPTIONS", "CL_INVALID_DEVICE_PARTITION_COUNT",
    ];

    /// <summary>The code's name as in cl.h, and the code.</summary>
    public static string Name(int code) => code switch
    {
        NoPlatform => "CL_PLATFORM_NOT_FOUND_KHR (-1001)",
        <= 0 and > -20 => $"{Runtime[-code]} ({code})",
        <= -30 and > -69 => $"{Arguments[-30 - code]} ({code})",
        _ => $"OpenCL error {code}",
    };

    /// <summary>Codes after which nothing on this device works any more.</summary>
    public static bool IsFatal(int code) => code is DeviceNotAvailable or OutOfResources;

    /// <summary>Throws unless <paramref name="code"/> is success.</summary>
    /// <param name="code">What the call returned.</param>
    /// <param name="call">What was called, and for what.</param>
    public static void Check(int code, string call)
    {
        if (code != Success) throw new UserException($"{call} failed: {Name(code)}.");
    }
}
