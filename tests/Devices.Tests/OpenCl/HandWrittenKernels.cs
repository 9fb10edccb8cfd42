using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Tests.OpenCl;

/// <summary>
/// Kernels as the generator would write them, small enough to check by eye: what is tested is the device.
/// </summary>
static class HandWrittenKernels
{
    /// <summary>view[i] *= factor for i below the extent.</summary>
    public static readonly KernelInstance Scale = Instance("Scale",
        """
        #line 7 "HandWrittenKernels.cs"
        __kernel void Scale(int extent, __global float* view, long view_offset, long view_length, float factor)
        {
            view += view_offset;
            int index = get_global_id(0);
            if (index >= extent) return;
            view[index] *= factor;
        }
        """, [Scalar("extent", "int"), View("view", "float"), Scalar("factor", "float")]);

    /// <summary>Writes where each lane is: x + 100 y + 10000 z of groups and lanes.</summary>
    public static readonly KernelInstance Places = Instance("Places",
        """
        __kernel void Places(__global int* places, long places_offset, long places_length)
        {
            places += places_offset;
            int lane = get_local_id(0) + get_local_size(0) * (get_local_id(1) + get_local_size(1) * get_local_id(2));
            int group = get_group_id(0) + get_num_groups(0) * (get_group_id(1) + get_num_groups(1) * get_group_id(2));
            int lanes = get_local_size(0) * get_local_size(1) * get_local_size(2);
            places[group * lanes + lane] = get_global_id(0) + 100 * get_global_id(1) + 10000 * get_global_id(2);
        }
        """, [View("places", "int")]);

    /// <summary>Sums a group's lanes in dynamic shared memory; the first lane writes.</summary>
    public static readonly KernelInstance GroupSum = Instance("GroupSum",
        """
        __kernel void GroupSum(__global const long* values, long values_offset, long values_length, __global long* sums, long sums_offset, long sums_length,
            __local uchar* dynamic_shared, int dynamic_shared_bytes)
        {
            values += values_offset;
            sums += sums_offset;
            __local long* shared = (__local long*)dynamic_shared;
            int lane = get_local_id(0);
            shared[lane] = get_global_id(0) < values_length ? values[get_global_id(0)] : 0;
            barrier(CLK_LOCAL_MEM_FENCE);
            if (lane != 0) return;
            long sum = dynamic_shared_bytes == 8 * get_local_size(0) ? 0 : -1000000;
            for (int i = 0; i < get_local_size(0); i++) sum += shared[i];
            sums[get_group_id(0)] = sum;
        }
        """, [View("values", "long"), View("sums", "long")], usesDynamicShared: true);

    /// <summary>Has 4,096 bytes of shared memory beside the launch's.</summary>
    public static readonly KernelInstance StaticShared = Instance("StaticShared",
        """
        __kernel void StaticShared(__global int* view, long view_offset, long view_length, __local uchar* dynamic_shared, int dynamic_shared_bytes)
        {
            __local int own[1024];
            own[get_local_id(0)] = get_local_id(0);
            dynamic_shared[get_local_id(0)] = 1;
            barrier(CLK_LOCAL_MEM_FENCE);
            view[view_offset + get_local_id(0)] = own[get_local_size(0) - 1 - get_local_id(0)] + dynamic_shared[0];
        }
        """, [View("view", "int")], usesDynamicShared: true);

    /// <summary>view[i] = the specialised width.</summary>
    public static readonly KernelInstance Fill = Instance("Fill",
        """
        __kernel void Fill(__global int* view, long view_offset, long view_length)
        {
            int width[SPEC_width];
            for (int i = 0; i < SPEC_width; i++) width[i] = 1;
            int sum = 0;
            for (int i = 0; i < SPEC_width; i++) sum += width[i];
            view[view_offset + get_global_id(0)] = sum;
        }
        """, [View("view", "int"), new("width", KernelParameterKind.Specialized, "int")]);

    /// <summary>Does not compile, on line 42 of its C# file.</summary>
    public static readonly KernelInstance Broken = Instance("Broken",
        """
        __kernel void Broken(__global float* view, long view_offset, long view_length)
        {
        #line 42 "BrokenKernels.cs"
            view[0] = undeclared;
        }
        """, [View("view", "float")]);

    public static KernelInstance Instance(string name, string? text, KernelParameter[] parameters,
        KernelRequirements requires = KernelRequirements.None, bool usesDynamicShared = false) => new()
    {
        Name = "HandWrittenKernels." + name, Entry = name, Cuda = "", OpenCl = text, Parameters = parameters,
        Requires = requires,
        UsesDynamicShared = usesDynamicShared, File = "HandWrittenKernels.cs", Line = 7, Managed = (_, _) => null,
    };

    public static KernelParameter View(string name, string type) => new(name, KernelParameterKind.View, type);

    public static KernelParameter Scalar(string name, string type) => new(name, KernelParameterKind.Scalar, type);
}
