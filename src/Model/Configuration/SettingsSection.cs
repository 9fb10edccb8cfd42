namespace LdNetGpu.Model.Configuration;

/// <summary>
/// Collects values for one options record, from JSON and from <c>key=value</c> in that order, later over earlier. A
/// section with a name is one of several in a command: its keys are <c>name.key</c> and an object <c>"name"</c> in
/// JSON.
/// </summary>
sealed class SettingsSection(SettingsSchema schema, string name = "")
{
    readonly Dictionary<Setting, object> values = [];

    /// <summary>Empty when a command has one options record alone.</summary>
    public string Name { get; } = name;

    public SettingsSchema Schema { get; } = schema;

    /// <summary>
    /// Takes a value, or adds to <paramref name="problems"/> what is wrong with it. <paramref name="where"/> begins
    /// each message.
    /// </summary>
    public void Set(string key, string text, string where, ICollection<string> problems)
    {
        if (Schema.Find(key) is not { } setting) problems.Add($"{where}unknown key '{key}'; {Schema.Suggest(key)}");
        else if (setting.TryParse(text, out var value, out var problem)) values[setting] = value!;
        else problems.Add(where + problem);
    }

    /// <summary>The options record: <paramref name="underneath"/>, or the defaults, with what was set.</summary>
    public T Build<T>(ICollection<string> problems, T? underneath = null)
        where T : class => (T)Schema.Build(values, problems, underneath);
}
