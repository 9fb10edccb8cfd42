using System.Reflection;

namespace LdNetGpu.Devices.Ilgpu;

/// <summary>
/// A struct's fields in the order of their declaration: the order of a launch's flat arguments, and of the struct's
/// bytes.
/// </summary>
static class LaunchFields
{
    public static IEnumerable<FieldInfo> Of(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .OrderBy(field => field.MetadataToken);
}
