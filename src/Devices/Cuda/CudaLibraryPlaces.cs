namespace LdNetGpu.Devices.Cuda;

/// <summary>
/// Where the libraries beside the driver may be: the loader's own path, CUDA's folders, and the nvidia-* wheels in
/// Python's packages.
/// </summary>
static class CudaLibraryPlaces
{
    /// <param name="library"><c>nvrtc</c>, <c>cublas</c>.</param>
    /// <param name="driverMajor">The driver's CUDA; its libraries come first, older ones next, newer ones last.</param>
    public static IEnumerable<string> Of(string library, int driverMajor) =>
        from version in Versions(library).OrderBy(version => version.Major > driverMajor)
            .ThenByDescending(version => version.Major)
        from place in Places(library, version.Major, version.File)
        select place;

    /// <summary>Of a library of which each CUDA has the same name.</summary>
    /// <param name="library"><c>nccl</c>.</param>
    /// <param name="file"><c>libnccl.so.2</c>.</param>
    public static IEnumerable<string> Of(string library, string file) => Places([$"nvidia/{library}"], file);

    static (int Major, string File)[] Versions(string library)
    {
        var isNvrtc = library == "nvrtc";
        if (OperatingSystem.IsWindows())
            return [(13, $"{library}64_{(isNvrtc ? "130_0" : "13")}.dll"),
                (12, $"{library}64_{(isNvrtc ? "120_0" : "12")}.dll")];
        return
        [
            (13, $"lib{library}.so.13"),
            (12, $"lib{library}.so.12"),
            (11, isNvrtc ? "libnvrtc.so.11.2" : $"lib{library}.so.11"),
        ];
    }

    static IEnumerable<string> Places(string library, int major, string file) =>
        Places([$"nvidia/cu{major}", $"nvidia/{(library == "nvrtc" ? "cuda_nvrtc" : library)}"], file);

    static IEnumerable<string> Places(string[] wheels, string file)
    {
        yield return file;
        foreach (var root in ToolkitRoots())
            foreach (var below in (string[])["lib64", "bin"])
                if (File.Exists(Path.Combine(root, below, file))) yield return Path.Combine(root, below, file);
        foreach (var packages in PythonPackages())
            foreach (var wheel in wheels)
                foreach (var below in (string[])["lib", "bin"])
                    if (File.Exists(Path.Combine(packages, wheel, below, file)))
                        yield return Path.Combine(packages, wheel, below, file);
    }

    static IEnumerable<string> ToolkitRoots()
    {
        foreach (var variable in (string[])["CUDA_HOME", "CUDA_PATH"])
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } root) yield return root;
        yield return "/usr/local/cuda";
        foreach (var root in Below("/usr/local", "cuda-*")) yield return root;
        yield return "/opt/cuda";
    }

    // site-packages of PYTHONPATH, of the environment in use, of every python3 on the path, of the user, of the system.
    static IEnumerable<string> PythonPackages()
    {
        foreach (var folder in Paths("PYTHONPATH")) yield return folder;
        var prefixes = new List<string>();
        foreach (var variable in (string[])["VIRTUAL_ENV", "CONDA_PREFIX"])
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } prefix) prefixes.Add(prefix);
        prefixes.AddRange(Paths("PATH").Select(folder => Path.Combine(folder, "python3")).Where(File.Exists)
            .SelectMany(Prefixes));
        prefixes.Add(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local"));
        prefixes.AddRange(["/usr/local", "/usr"]);
        foreach (var prefix in prefixes.Select(Path.GetFullPath).Distinct())
        {
            yield return Path.Combine(prefix, "lib", "python3", "dist-packages");
            foreach (var python in Below(Path.Combine(prefix, "lib"), "python3.*"))
                foreach (var packages in (string[])["site-packages", "dist-packages"])
                    yield return Path.Combine(python, packages);
        }
    }

    // A Python is often a link on the path: to the installation with the packages, or in an environment, which has
    // packages of its own, to the one behind.
    static IEnumerable<string> Prefixes(string python) =>
        from file in new[] { python,
            File.ResolveLinkTarget(python, returnFinalTarget: true)?.FullName }.OfType<string>()
        select Path.Combine(Path.GetDirectoryName(file)!, "..");

    static string[] Paths(string variable) =>
        (Environment.GetEnvironmentVariable(variable) ?? "").Split(Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries);

    // Descending, so that the newest comes first.
    static IEnumerable<string> Below(string folder, string pattern)
    {
        try
        {
            return Directory.Exists(folder)
                ? Directory.GetDirectories(folder, pattern).OrderDescending(StringComparer.Ordinal) : [];
        }
        catch (UnauthorizedAccessException)
        {
            return [];
        }
    }
}
