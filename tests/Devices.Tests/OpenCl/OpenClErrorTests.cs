using LdNetGpu.Devices.OpenCl;

namespace LdNetGpu.Tests.OpenCl;

public class OpenClErrorTests
{
    // Numbers as in Khronos' cl.h: the ends of both ranges and some between.
    [Theory]
    [InlineData(0, "CL_SUCCESS (0)")]
    [InlineData(-1, "CL_DEVICE_NOT_FOUND (-1)")]
    [InlineData(-4, "CL_MEM_OBJECT_ALLOCATION_FAILURE (-4)")]
    [InlineData(-11, "CL_BUILD_PROGRAM_FAILURE (-11)")]
    [InlineData(-19, "CL_KERNEL_ARG_INFO_NOT_AVAILABLE (-19)")]
    [InlineData(-30, "CL_INVALID_VALUE (-30)")]
    [InlineData(-38, "CL_INVALID_MEM_OBJECT (-38)")]
    [InlineData(-48, "CL_INVALID_KERNEL (-48)")]
    [InlineData(-54, "CL_INVALID_WORK_GROUP_SIZE (-54)")]
    [InlineData(-61, "CL_INVALID_BUFFER_SIZE (-61)")]
    [InlineData(-68, "CL_INVALID_DEVICE_PARTITION_COUNT (-68)")]
    [InlineData(-1001, "CL_PLATFORM_NOT_FOUND_KHR (-1001)")]
    [InlineData(-25, "OpenCL error -25")]
    [InlineData(7, "OpenCL error 7")]
    public void CodesHaveTheHeadersNames(int code, string name) => Assert.Equal(name, OpenClError.Name(code));
}
