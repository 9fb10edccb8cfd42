using System.Globalization;
using LdNetGpu.Devices;

namespace LdNetGpu.Train.Distributed;

/// <summary>Where rank 0 waits for the others, as the variables of torchrun say.</summary>
/// <param name="Host">Name or number.</param>
/// <param name="Port">Of TCP.</param>
sealed record RankAddress(string Host, int Port)
{
    /// <summary>
    /// From MASTER_ADDR and MASTER_PORT; one port higher where an agent of torchrun listens on MASTER_PORT itself.
    /// </summary>
    /// <param name="variable">Value of a variable; null where it is not set.</param>
    /// <exception cref="UserException">One is not set, or is no port.</exception>
    public static RankAddress Of(Func<string, string?> variable)
    {
        string Needed(string name) => variable(name) is { Length: > 0 } text ? text
            : throw new UserException($"RANK and WORLD_SIZE are set, and {name} is not: it says where rank 0 waits for "
                + "the others. torchrun sets it; without torchrun set MASTER_ADDR and MASTER_PORT, start with mpirun "
                + "or srun, or take RANK out of the environment.");

        var (host, text) = (Needed("MASTER_ADDR"), Needed("MASTER_PORT"));
        var hasAgent = string.Equals(variable("TORCHELASTIC_USE_AGENT_STORE"), "True",
            StringComparison.OrdinalIgnoreCase);
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is 0 or > 65_534)
            throw new UserException($"MASTER_PORT={text}: is no port; those are 1 to 65534.");
        return new(host, hasAgent ? port + 1 : port);
    }

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}"
        : $"{Host}:{Port}";
}
