using System.Runtime.InteropServices;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Drivers;

namespace LdNetGpu.Tests.Cuda;

/// <summary>Libraries beside the driver, found where NVIDIA's installers and wheels put them.</summary>
public sealed class CudaLibraryTests : FakeCuda, IDisposable
{
    const string Builtins = "libnvrtc-builtins.so.13.0";
    readonly string root = Directory.CreateTempSubdirectory("ldnet-places-").FullName;

    [Fact]
    public void BuiltinsBesideNvrtcAreLoadedBeforeItCompiles()
    {
        var (nvrtc, link) = (Built("wheel/libnvrtc.so.13"), Path.Combine(root, "libnvrtc.so"));
        Built("wheel/" + Builtins, $"-Wl,-soname,{Builtins}");
        File.CreateSymbolicLink(link, nvrtc);
        Assert.False(NativeLibrary.TryLoad(Builtins, out _));
        _ = new NvrtcCompiler(new NativeLibrarySearch("NVRTC", "LDNET_TEST_NVRTC", [link]), 80,
            new CompiledKernelCache(root));
        Assert.True(NativeLibrary.TryLoad(Builtins, out _));
    }

    [Fact]
    public void MissingBuiltinsAreNamedWithThePlacesTried()
    {
        // Of another version than the built-ins that the process may have loaded above.
        var library = new NativeLibrarySearch("NVRTC", "LDNET_TEST_NVRTC",
            [Built("alone/libnvrtc.so.13", "-DRESULT=7", "-DMINOR=1")]);
        var compiler = new NvrtcCompiler(library, 80, new CompiledKernelCache(root));
        var error = Assert.ThrowsAny<UserException>(() => compiler.Compile(Kernel("Any", []), []));
        Assert.Contains($"{root}/alone/libnvrtc-builtins.so.13.1: no such file", error.Message);
        Assert.Contains("Set LDNET_NVRTC_BUILTINS_LIBRARY", error.Message);
    }

    [Fact]
    public void PythonBehindALinkHasItsOwnPackagesAndThoseOfThePlaceOfTheLink()
    {
        const string file = "libcublas.so.12", below = "lib/python3.12/site-packages/nvidia/cublas/lib";
        var places =
            (string[])[Path.Combine(root, "environment", below, file), Path.Combine(root, "python", below, file)];
        foreach (var place in places)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.WriteAllText(place, "");
        }
        foreach (var folder in (string[])["environment/bin", "python/bin"])
            Directory.CreateDirectory(Path.Combine(root, folder));
        File.WriteAllText(Path.Combine(root, "python/bin/python3.12"), "");
        File.CreateSymbolicLink(Path.Combine(root, "python/bin/python3"), "python3.12");
        File.CreateSymbolicLink(Path.Combine(root, "environment/bin/python3"),
            Path.Combine(root, "python/bin/python3"));
        var path = Environment.GetEnvironmentVariable("PATH");
        Environment.SetEnvironmentVariable("PATH", Path.Combine(root, "environment/bin"));
        try
        {
            Assert.Equal(places,
                CudaLibraryPlaces.Of("cublas", 12).Where(place => place.StartsWith(root, StringComparison.Ordinal)));
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }

    [Theory]
    [InlineData(12040, "libcublas.so.12")]
    [InlineData(13000, "libcublas.so.13")]
    public void LibrariesAreLookedForAsTheDriversVersionHasThem(int version, string first)
    {
        Set("EMU_VERSION", version);
        var cublas = Environment.GetEnvironmentVariable("LDNET_CUBLAS_LIBRARY");
        Environment.SetEnvironmentVariable("LDNET_CUBLAS_LIBRARY", null);
        try
        {
            var libraries = CudaDriver.Libraries();
            Assert.Equal(["CUDA driver", "NVIDIA run-time compiler (NVRTC)", "NVRTC's built-ins", "cuBLAS (optional)"],
                libraries.Select(library => library.Library));
            Assert.Equal(first, libraries[^1].Attempts[0].Place);
        }
        finally
        {
            Environment.SetEnvironmentVariable("LDNET_CUBLAS_LIBRARY", cublas);
        }
    }

    public new void Dispose()
    {
        base.Dispose();
        Directory.Delete(root, recursive: true);
    }

    // A compiler that takes nothing, under another name.
    string Built(string name, params string[] options)
    {
        var library = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(library)!);
        Assert.Null(
            CLibrary.Build(Path.Combine(AppContext.BaseDirectory, "Cuda", "failing_nvrtc.c"), library, options));
        return library;
    }
}
