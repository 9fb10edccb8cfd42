using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace LdNetGpu.Mutation;

/// <summary>One case of an xUnit test, run in this process without a runner: a failure is an exception.</summary>
/// <param name="name">Class, method and number of the case: the same in every process.</param>
/// <param name="folder">Its project's output, which files beside a test are looked for in.</param>
sealed class TestCase(string name, Type type, MethodInfo method, object?[] arguments, string folder)
{
    public string Name => name;

    /// <summary>All cases of a class's facts and theories.</summary>
    public static IEnumerable<TestCase> Of(Type type, string folder)
    {
        AppContext.SetData("APP_CONTEXT_BASE_DIRECTORY", folder + Path.DirectorySeparatorChar);
        foreach (var method in type.GetMethods().OrderBy(method => method.Name, StringComparer.Ordinal))
        {
            var attributes = method.GetCustomAttributes(inherit: true);
            if (!attributes.Any(attribute => attribute.GetType().Name is "FactAttribute" or "TheoryAttribute")
                || method.ContainsGenericParameters) continue;
            var number = 0;
            foreach (var row in method.GetParameters().Length == 0 ? [[]]
                : attributes.SelectMany(attribute => Rows(attribute, type)))
                yield return new($"{type.Name}.{method.Name}#{number++}", type, method, Fit(row, method), folder);
        }
    }

    static IEnumerable<object?[]> Rows(object attribute, Type type)
    {
        var kind = attribute.GetType();
        object? Property(string property) => kind.GetProperty(property)!.GetValue(attribute);
        if (kind.Name == "InlineDataAttribute") return [(object?[])Property("Data")!];
        if (kind.Name != "MemberDataAttribute") return [];
        const BindingFlags Any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic
            | BindingFlags.FlattenHierarchy;
        var owner = (Type?)Property("MemberType") ?? type;
        var member = owner.GetMember((string)Property("MemberName")!, Any).Single();
        var data = member switch
        {
            PropertyInfo property => property.GetValue(null),
            FieldInfo field => field.GetValue(null),
            MethodInfo method => method.Invoke(null, (object?[])Property("Arguments")!),
            _ => throw new InvalidOperationException($"{owner.Name}.{member.Name} is no data."),
        };
        return ((IEnumerable)data!).Cast<object>().Select(Row);
    }

    static object?[] Row(object row) => row switch
    {
        object?[] values => values,
        ITuple tuple => [.. Enumerable.Range(0, tuple.Length).Select(i => tuple[i])],
        _ => (object?[])row.GetType().GetInterface("ITheoryDataRow")!.GetMethod("GetData")!.Invoke(row, [])!,
    };

    static object?[] Fit(object?[] row, MethodInfo method)
    {
        var parameters = method.GetParameters();
        if (parameters is [{ ParameterType.IsArray: true } only] && only.IsDefined(typeof(ParamArrayAttribute))
            && row is not [Array])
        {
            var array = Array.CreateInstance(only.ParameterType.GetElementType()!, row.Length);
            row.CopyTo(array, 0);
            return [array];
        }
        return [.. parameters.Select((parameter, i) => i >= row.Length ? parameter.DefaultValue
            : row[i] is IConvertible value && parameter.ParameterType.IsPrimitive && value is not bool
                ? Convert.ChangeType(value, parameter.ParameterType, null) : row[i])];
    }

    /// <returns>What it failed with; null where it passed or was skipped.</returns>
    public string? Run()
    {
        AppContext.SetData("APP_CONTEXT_BASE_DIRECTORY", folder + Path.DirectorySeparatorChar);
        object? instance = null;
        try
        {
            instance = method.IsStatic ? null : Activator.CreateInstance(type);
            var result = method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, arguments, null);
            (result as Task)?.GetAwaiter().GetResult();
            return null;
        }
        catch (Exception error)
        {
            var cause = error is TargetInvocationException { InnerException: { } inner } ? inner : error;
            return cause.GetType().Name == "SkipException" || cause.Message.StartsWith("$XunitDynamicSkip$",
                StringComparison.Ordinal) ? null : $"{cause.GetType().Name}: {cause.Message.Split('\n')[0]}";
        }
        finally
        {
            (instance as IDisposable)?.Dispose();
        }
    }
}
