using System.Runtime.InteropServices;
using System.Text;
using LdNetGpu.Devices.Drivers;

namespace LdNetGpu.Devices.Mpi;

/// <summary>
/// The functions of MPI that a run needs, of either family. Both have the functions of the standard; in the family of
/// MPICH (Intel MPI, MVAPICH, Cray) a handle is a 32-bit number, in Open MPI the address of a symbol of the library.
/// Both fit into a register, so that one signature serves. Numbers: mpi.h of MPICH 4 and of Open MPI 4.
/// </summary>
sealed unsafe partial class MpiLibrary
{
    /// <summary>Environment variable with the library's path.</summary>
    public const string Variable = "LDNET_MPI_LIBRARY";

    const int LongestText = 8192;

    readonly NativeLibrarySearch library;

    public MpiLibrary(NativeLibrarySearch library)
    {
        this.library = library;
        GetLibraryVersion = (delegate* unmanaged<byte*, int*, int>)library.Export("MPI_Get_library_version");
        InitThread = (delegate* unmanaged<int*, byte***, int, int*, int>)library.Export("MPI_Init_thread");
        Finalize = (delegate* unmanaged<int>)library.Export("MPI_Finalize");
        Abort = (delegate* unmanaged<nint, int, int>)library.Export("MPI_Abort");
        CommSetErrorHandler = (delegate* unmanaged<nint, nint, int>)library.Export("MPI_Comm_set_errhandler");
        CommDuplicate = (delegate* unmanaged<nint, nint*, int>)library.Export("MPI_Comm_dup");
        CommRank = (delegate* unmanaged<nint, int*, int>)library.Export("MPI_Comm_rank");
        CommSize = (delegate* unmanaged<nint, int*, int>)library.Export("MPI_Comm_size");
        ErrorString = (delegate* unmanaged<int, byte*, int*, int>)library.Export("MPI_Error_string");
        AllReduce = (delegate* unmanaged<void*, void*, int, nint, nint, nint, nint*, int>)
            library.Export("MPI_Iallreduce");
        AllGather = (delegate* unmanaged<void*, int, nint, void*, int*, int*, nint, nint, nint*, int>)
            library.Export("MPI_Iallgatherv");
        Test = (delegate* unmanaged<nint*, int*, void*, int>)library.Export("MPI_Test");
        Send = (delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int>)library.Export("MPI_Isend");
        Probe = (delegate* unmanaged<int, int, nint, int*, void*, int>)library.Export("MPI_Iprobe");
        Receive = (delegate* unmanaged<void*, int, nint, int, int, nint, void*, int>)library.Export("MPI_Recv");
        GetCount = (delegate* unmanaged<void*, nint, int*, int>)library.Export("MPI_Get_count");

        Version = VersionOf();
        IsOpenMpi = Version.StartsWith("Open MPI", StringComparison.Ordinal);
        (World, Float, Byte, Sum, ReturnErrors, InPlace, AnySource, SourceWord) = IsOpenMpi
            ? (Symbol("ompi_mpi_comm_world"), Symbol("ompi_mpi_float"), Symbol("ompi_mpi_byte"),
                Symbol("ompi_mpi_op_sum"), Symbol("ompi_mpi_errors_return"), 1, -1, 0)
            : (0x44000000, 0x4c00040a, 0x4c00010d, 0x58000003, 0x54000001, -1, -2, 2);
    }

    public readonly delegate* unmanaged<byte*, int*, int> GetLibraryVersion;
    public readonly delegate* unmanaged<int*, byte***, int, int*, int> InitThread;
    public readonly delegate* unmanaged<int> Finalize;
    public readonly delegate* unmanaged<nint, int, int> Abort;
    public readonly delegate* unmanaged<nint, nint, int> CommSetErrorHandler;
    public readonly delegate* unmanaged<nint, nint*, int> CommDuplicate;
    public readonly delegate* unmanaged<nint, int*, int> CommRank;
    public readonly delegate* unmanaged<nint, int*, int> CommSize;
    public readonly delegate* unmanaged<int, byte*, int*, int> ErrorString;
    public readonly delegate* unmanaged<void*, void*, int, nint, nint, nint, nint*, int> AllReduce;
    public readonly delegate* unmanaged<void*, int, nint, void*, int*, int*, nint, nint, nint*, int> AllGather;
    public readonly delegate* unmanaged<nint*, int*, void*, int> Test;
    public readonly delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int> Send;
    public readonly delegate* unmanaged<int, int, nint, int*, void*, int> Probe;
    public readonly delegate* unmanaged<void*, int, nint, int, int, nint, void*, int> Receive;
    public readonly delegate* unmanaged<void*, nint, int*, int> GetCount;

    /// <summary>What the library says of itself, one line: <c>Open MPI v4.1.4</c>.</summary>
    public string Version { get; }

    /// <summary>Whether it is Open MPI, and not of MPICH's family.</summary>
    public bool IsOpenMpi { get; }

    /// <summary>Whether it joins what this launcher has started: the other family takes each for the only one.
    /// </summary>
    public bool Serves(LauncherKind launcher) => IsOpenMpi == (launcher == LauncherKind.OpenMpi);

    /// <summary>MPI_COMM_WORLD.</summary>
    public nint World { get; }

    /// <summary>MPI_FLOAT.</summary>
    public nint Float { get; }

    /// <summary>MPI_BYTE.</summary>
    public nint Byte { get; }

    /// <summary>MPI_SUM.</summary>
    public nint Sum { get; }

    /// <summary>MPI_ERRORS_RETURN.</summary>
    public nint ReturnErrors { get; }

    /// <summary>MPI_IN_PLACE.</summary>
    public nint InPlace { get; }

    /// <summary>MPI_ANY_SOURCE.</summary>
    public int AnySource { get; }

    /// <summary>Which int of an MPI_Status is MPI_SOURCE; MPI_TAG is the next one.</summary>
    public int SourceWord { get; }

    /// <summary>Where it was found.</summary>
    public string Place => library.Place!;

    /// <summary>Looks for the library of a launcher.</summary>
    /// <param name="kind">Whose variables are set: a library of the other family would take every process for the
    /// only one.</param>
    public static NativeLibrarySearch Search(LauncherKind kind)
    {
        string[] openMpi = ["libmpi.so.40", "libmpi.so.80"], mpich = ["libmpich.so.12", "libmpi.so.12"];
        // UCX, on which MPICH stands in Debian, would print a native stack trace where a rank is gone, and would take
        // SIGSEGV from .NET, which makes NullReferenceException of it. A value of the user's own stands.
        if (OperatingSystem.IsLinux()) SetEnvironment("UCX_HANDLE_ERRORS", "none", 0);
        return new(kind == LauncherKind.OpenMpi ? "Open MPI library" : "MPICH library", Variable,
            kind == LauncherKind.OpenMpi ? openMpi : mpich);
    }

    /// <exception cref="UserException">The call failed; says what MPI calls the error.</exception>
    public void Check(int code, string call)
    {
        if (code == 0) return;
        var text = stackalloc byte[LongestText];
        int length;
        ErrorString(code, text, &length);
        throw new UserException($"{call}: {Encoding.UTF8.GetString(text, Math.Max(0, length))}");
    }

    string VersionOf()
    {
        var text = stackalloc byte[LongestText];
        int length;
        GetLibraryVersion(text, &length);
        var line = Encoding.UTF8.GetString(text, length).Split('\n', ',')[0];
        return string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('\0');
    }

    nint Symbol(string name) => library.Export(name);

    // .NET's own changes are not seen by native code.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int replaces);
}
