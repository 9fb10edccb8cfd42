using System.Globalization;
using System.Text;
using LdNetGpu.Devices.Drivers;

namespace LdNetGpu.Devices.OpenCl;

/// <summary>What OpenCL finds on this machine, and the choice among it.</summary>
public static unsafe class OpenClDriver
{
    /// <summary>
    /// Environment variable that chooses the device for <c>opencl</c>: a number as in <c>opencl:N</c>, or part of a
    /// device's or platform's name.
    /// </summary>
    public const string Variable = "LDNET_OPENCL_DEVICE";

    const uint PlatformName = 0x0902, DeviceType = 0x1000, ComputeUnits = 0x1002, GroupSize = 0x1004,
        LargestBuffer = 0x1010, SingleConfig = 0x101B,
        GlobalMemory = 0x101F, LocalMemory = 0x1023, DeviceName = 0x102B, DriverVersion = 0x102D,
        DeviceVersion = 0x102F, DeviceExtensions = 0x1030,
        DoubleConfig = 0x1032;
    const ulong CorrectlyRoundedDivide = 1 << 7, AllDevices = 0xFFFFFFFF;

    /// <summary>Where the loader was looked for.</summary>
    internal static NativeLibrarySearch Library() => OpenClApi.Search();

    /// <summary>Every device of every platform, in the loader's order.</summary>
    /// <exception cref="UserException">No loader, no platform: what was tried.</exception>
    public static IReadOnlyList<OpenClDeviceInfo> Devices()
    {
        var api = OpenClApi.Instance;
        var found = new List<OpenClDeviceInfo>();
        foreach (var platform in Platforms(api))
        {
            var name = Text((size, value,
                needed) => api.GetPlatformInfo(platform, PlatformName, size, (void*)value, (nuint*)needed));
            foreach (var device in DevicesOf(api, platform))
                found.Add(Describe(api, found.Count, platform, device, name));
        }
        return found;
    }

    /// <summary>
    /// The device for <c>opencl</c> or <c>opencl:N</c>; without N what <see cref="Variable"/> says, else the first GPU,
    /// accelerator, CPU.
    /// </summary>
    /// <param name="index">N of <c>opencl:N</c>.</param>
    /// <exception cref="UserException">None, or none like that; lists what there is.</exception>
    public static OpenClDeviceInfo Choose(int? index)
    {
        var devices = Devices();
        if (devices.Count == 0)
            throw new UserException(
                "OpenCL: the platforms have no device. 'clinfo' and the driver's installation notes help.");
        var listing = string.Join("; ", devices.Select(device => $"opencl:{device.Index} {device}"));
        if (index is { } number)
            return number >= 0 && number < devices.Count
                ? devices[number]
                : throw new UserException($"opencl:{number}: there is no such device. Found: {listing}.");
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } wish)
            return devices.MinBy(device => device.Kind)!;
        if (int.TryParse(wish, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < devices.Count)
            return devices[number];
        return devices.FirstOrDefault(device => device.Name.Contains(wish, StringComparison.OrdinalIgnoreCase)
                || device.PlatformName.Contains(wish, StringComparison.OrdinalIgnoreCase))
            ?? throw new UserException($"{Variable}={wish}: no device has that number or name. Found: {listing}.");
    }

    static nint[] Platforms(OpenClApi api)
    {
        uint count;
        var code = api.GetPlatformIds(0, null, &count);
        if (code == OpenClError.NoPlatform || (code == OpenClError.Success && count == 0))
            throw new UserException(
                "OpenCL: the loader is there but finds no driver (/etc/OpenCL/vendors names none that loads). " +
                "Install the GPU's OpenCL driver, or pocl-opencl-icd for the processor.");
        OpenClError.Check(code, "clGetPlatformIDs");
        var platforms = new nint[count];
        fixed (nint* first = platforms) OpenClError.Check(api.GetPlatformIds(count, first, null), "clGetPlatformIDs");
        return platforms;
    }

    static nint[] DevicesOf(OpenClApi api, nint platform)
    {
        uint count;
        var code = api.GetDeviceIds(platform, AllDevices, 0, null, &count);
        if (code == OpenClError.DeviceNotFound || (code == OpenClError.Success && count == 0)) return [];
        OpenClError.Check(code, "clGetDeviceIDs");
        var devices = new nint[count];
        fixed (nint* first = devices)
            OpenClError.Check(api.GetDeviceIds(platform, AllDevices, count, first, null), "clGetDeviceIDs");
        return devices;
    }

    static OpenClDeviceInfo Describe(OpenClApi api, int index, nint platform, nint device, string platformName)
    {
        string String(uint what) =>
            Text((size, value, needed) => api.GetDeviceInfo(device, what, size, (void*)value, (nuint*)needed));
        ulong Number(uint what)
        {
            ulong value = 0;
            return api.GetDeviceInfo(device, what, sizeof(ulong), &value, null) == OpenClError.Success ? value : 0;
        }
        var extensions = String(DeviceExtensions).Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        var kind = Number(DeviceType) switch
        {
            var type when (type & 1 << 2) != 0 => OpenClDeviceKind.Gpu,
            var type when (type & 1 << 3) != 0 => OpenClDeviceKind.Accelerator,
            var type when (type & 1 << 1) != 0 => OpenClDeviceKind.Cpu,
            _ => OpenClDeviceKind.Other,
        };
        return new(index, platform, device, kind, platformName, String(DeviceName), String(DeviceVersion),
            String(DriverVersion), (int)Number(ComputeUnits), (int)Number(GroupSize), (long)Number(GlobalMemory),
            (long)Number(LargestBuffer), (int)Number(LocalMemory),
            extensions.Contains("cl_khr_fp64") || Number(DoubleConfig) != 0,
            (Number(SingleConfig) & CorrectlyRoundedDivide) != 0, extensions);
    }

    delegate int Query(nuint size, nint value, nint needed);

    static string Text(Query query)
    {
        nuint size = 0;
        OpenClError.Check(query(0, 0, (nint)(&size)), "OpenCL information");
        var bytes = new byte[size];
        fixed (byte* first = bytes) OpenClError.Check(query(size, (nint)first, 0), "OpenCL information");
        return Encoding.UTF8.GetString(bytes).TrimEnd('\0').Trim();
    }
}
