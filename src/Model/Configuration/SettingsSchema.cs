using System.Reflection;

namespace LdNetGpu.Model.Configuration;

/// <summary>All settings of one options record, in the order they are declared.</summary>
abstract class SettingsSchema
{
    private protected SettingsSchema(IReadOnlyList<Setting> settings) => Settings = settings;

    public IReadOnlyList<Setting> Settings { get; }

    /// <summary>The setting of that name, or null.</summary>
    public Setting? Find(string name) => Settings.FirstOrDefault(setting => setting.Name == name);

    /// <summary>"did you mean ...?", or all there are.</summary>
    public string Suggest(string name) =>
        NearestName.Of(name, Settings.Select(setting => setting.Name)) is { } nearest
            ? $"did you mean {nearest}?"
            : $"known are {string.Join(", ", Settings.Select(setting => setting.Name))}.";

    /// <summary>What is wrong with an options record that was read from a file; empty when all is well.</summary>
    public IEnumerable<string> ProblemsIn(ISettings options)
    {
        var problems = Settings.Select(setting => setting.ProblemIn(options)).OfType<string>().ToList();
        // What contradicts itself is told of values that are there.
        return problems.Count > 0 ? problems : options.Contradictions();
    }

    /// <summary>
    /// An options record with these values over <paramref name="underneath"/>, or over the defaults, and what
    /// contradicts itself in it.
    /// </summary>
    public abstract object Build(IReadOnlyDictionary<Setting, object> values, ICollection<string> problems,
        object? underneath = null);
}

/// <inheritdoc cref="SettingsSchema"/>
sealed class SettingsSchema<T>() : SettingsSchema(Read()) where T : class, ISettings, new()
{
    /// <summary>The one schema of this record.</summary>
    public static SettingsSchema<T> Instance { get; } = new();

    /// <summary>The options, every one of them inside its range.</summary>
    /// <param name="options">Made in C#, where nothing has looked at the ranges.</param>
    /// <exception cref="OptionsException">They are not, there are none, or they contradict themselves.</exception>
    public static T Require(T? options)
    {
        if (options is null) throw new OptionsException([$"There are no options: {typeof(T).Name} is null."]);
        var problems = Instance.ProblemsIn(options).ToArray();
        return problems.Length == 0 ? options : throw new OptionsException(problems);
    }

    public override object Build(IReadOnlyDictionary<Setting, object> values, ICollection<string> problems,
        object? underneath = null)
    {
        var options = new T();
        foreach (var setting in Settings)
            if (values.TryGetValue(setting, out var value)) setting.Put(options, value);
            else if (underneath is not null) setting.Put(options, setting.Get(underneath));
        foreach (var problem in options.Contradictions()) problems.Add(problem);
        return options;
    }

    static Setting[] Read()
    {
        var defaults = new T();
        return typeof(T).GetProperties()
            .Select(property => (property, attribute: property.GetCustomAttribute<SettingAttribute>()))
            .Where(found => found.attribute != null)
            .Select(found => new Setting(found.property, found.attribute!, defaults))
            .ToArray();
    }
}
