using System.Reflection;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;

namespace LdNetGpu.Cli.OwnCode;

/// <summary>
/// The implementations of somebody else's assembly: its public types that implement <see cref="IImplementation"/> and
/// have a public constructor of nothing or of one int, the batch. Each is made when it is first asked for.
/// </summary>
sealed class OwnImplementations
{
    readonly OwnAssembly assembly;
    readonly int batch;
    readonly IReadOnlyList<Type> types;
    readonly Dictionary<Type, OwnImplementation> made = [];

    OwnImplementations(OwnAssembly assembly, IReadOnlyList<Type> types, int batch) =>
        (this.assembly, this.types, this.batch) = (assembly, types, batch);

    /// <summary>All of them, in the order in which the assembly has them.</summary>
    /// <exception cref="UserException">One cannot be made; says why.</exception>
    public IReadOnlyList<OwnImplementation> All => [.. types.Select(Made)];

    /// <summary>Those of an assembly.</summary>
    /// <param name="assembly">Where they are.</param>
    /// <param name="batch">Rows, sequences or sentences at once, for those that take a batch.</param>
    /// <exception cref="UserException">It has none; names types that lack something.</exception>
    public static OwnImplementations Of(OwnAssembly assembly, int batch)
    {
        var types = assembly.Read(loaded => loaded.GetExportedTypes().Where(Implements)
            .Where(type => OwnImplementation.Problem(type) is null).ToList());
        return types.Count > 0 ? new(assembly, types, batch) : throw assembly.Lacking(
            "no implementation. Write a public type that implements IImplementation, with a public constructor of "
            + $"nothing or of one int, the batch.{string.Concat(assembly.Read(Others))}");
    }

    /// <summary>The two of these names; where none are given, those of an assembly that has two.</summary>
    /// <param name="names">Two or none: of types, or what implementations call themselves.</param>
    /// <exception cref="UserException">They are not there, or cannot be told apart; names those there are.</exception>
    public (OwnImplementation First, OwnImplementation Second) Two(IReadOnlyList<string> names)
    {
        if (names.Count == 0 && types.Count != 2)
            throw assembly.Lacking(types.Count == 1
                ? $"one implementation, {Words(All)}, and a study is of two."
                : $"{types.Count} implementations. Name the two to compare: {Words(All)}.");
        OwnImplementation[] two = names.Count == 0 ? [.. All] : [.. names.Select(One)];
        if (two[0] == two[1])
            throw new UserException($"{names[0]} and {names[1]} are one implementation, and a study is of two: "
                + $"{Words(All)}.");
        RequireApart(two);
        return (two[0], two[1]);
    }

    /// <summary>Reports tell implementations apart by their names.</summary>
    /// <exception cref="UserException">Two have one name; says which.</exception>
    public static void RequireApart(IEnumerable<OwnImplementation> implementations)
    {
        if (implementations.GroupBy(one => one.Name).FirstOrDefault(same => same.Count() > 1) is { } same)
            throw new UserException($"{string.Join(" and ", same.Select(one => one.Type.FullName))} call themselves "
                + $"{same.Key}. Give them different names (IImplementation.Name).");
    }

    /// <summary>Names of implementations, for messages.</summary>
    public static string Words(IEnumerable<OwnImplementation> implementations) =>
        string.Join(", ", implementations.Select(one => one.Words));

    // A type's name first: another type, whose constructor may throw, need not be made then.
    OwnImplementation One(string name)
    {
        OwnImplementation[] matching =
            [.. types.Where(type => Same(type.Name, name) || Same(type.FullName, name)).Select(Made)];
        if (matching.Length == 0) matching = [.. All.Where(one => Same(one.Name, name))];
        return matching switch
        {
            [var only] => only,
            [] => throw new UserException(
                $"{name}: no implementation of {assembly.Name} is called that; there are {Words(All)}."),
            _ => throw new UserException($"{name}: {matching.Length} implementations are called that: "
                + $"{string.Join(", ", matching.Select(one => one.Type.FullName))}. Give one of these names."),
        };
    }

    OwnImplementation Made(Type type) =>
        made.TryGetValue(type, out var known) ? known : made[type] = OwnImplementation.Make(type, batch);

    static bool Same(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    static bool Implements(Type type) => !type.IsInterface && typeof(IImplementation).IsAssignableFrom(type);

    static IEnumerable<string> Others(Assembly assembly)
    {
        Type?[] types;
        try
        {
            types = assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException partly)
        {
            types = partly.Types;
        }
        return [.. types.OfType<Type>().Where(Implements)
            .Select(type => $" {type.Name} {OwnImplementation.Problem(type)}.")];
    }
}
