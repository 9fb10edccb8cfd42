using LdNetGpu.Devices.Drivers;

namespace LdNetGpu.Devices.Cuda;

/// <summary>
/// The library of built-in headers that NVRTC loads by its bare name when it first compiles. Loaded before from NVRTC's
/// own folder it is there whatever the loader's path: the wheels in Python's packages are on no such path.
/// </summary>
static unsafe class NvrtcBuiltins
{
    /// <summary>Loads it, if it is found; it stays loaded.</summary>
    /// <returns>Where it was looked for; null without NVRTC, whose version its name has.</returns>
    public static NativeLibrarySearch? Load(NativeLibrarySearch nvrtc)
    {
        if (!nvrtc.TryExport("nvrtcVersion", out var export)) return null;
        int major, minor;
        if (((delegate* unmanaged<int*, int*, int>)export)(&major, &minor) != 0) return null;
        var file = OperatingSystem.IsWindows()
            ? $"nvrtc-builtins64_{major}{minor}.dll" : $"libnvrtc-builtins.so.{major}.{minor}";
        return new("NVRTC's built-ins", "LDNET_NVRTC_BUILTINS_LIBRARY",
            [.. Folders(nvrtc.Place!).Select(folder => Path.Combine(folder, file)), file]);
    }

    // Of the file that was loaded, and of the one that it is a link to; none where the loader resolved a bare name, for
    // it then finds both.
    static IEnumerable<string> Folders(string place)
    {
        if (!Path.IsPathRooted(place)) return [];
        var target = File.ResolveLinkTarget(place, returnFinalTarget: true)?.FullName ?? place;
        return new[] { place, target }.Select(file => Path.GetDirectoryName(file)!).Distinct();
    }
}
