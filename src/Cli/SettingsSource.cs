using LdNetGpu.Devices;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Cli;

/// <summary>
/// The user's settings as the command line gave them: <c>--config FILE.json</c> first, then each
/// <c>--set key=value</c>.
/// </summary>
public sealed class SettingsSource(string? configFile, IReadOnlyList<string> assignments)
{
    const long LargestFile = 1 << 24;

    (string Name, byte[] Json)? over;

    /// <summary>The options of a command that has one record.</summary>
    /// <param name="underneath">What stands where nothing was said: a resumed run's own options; the defaults when
    /// null.</param>
    /// <exception cref="OptionsException">One line for each defect, all at once.</exception>
    public T Read<T>(T? underneath = null) where T : class, ISettings, new()
    {
        var section = new SettingsSection(SettingsSchema<T>.Instance);
        return Read([section], problems => section.Build(problems, underneath));
    }

    /// <summary>The same with one more setting, over all others.</summary>
    public SettingsSource With(string key, string value) =>
        new(configFile, [.. assignments, $"{key}={value}"]) { over = over };

    /// <summary>The same with an object of settings over all others.</summary>
    /// <param name="name">Of the object, for messages.</param>
    /// <param name="json">UTF-8 text.</param>
    public SettingsSource With(string name, byte[] json) => new(configFile, assignments) { over = (name, json) };

    /// <summary>The options of a command that has two: keys are <c>first.key</c> and <c>second.key</c>.</summary>
    public (TFirst First, TSecond Second) Read<TFirst, TSecond>(string first, string second)
        where TFirst : class, ISettings, new()
        where TSecond : class, ISettings, new()
    {
        var one = new SettingsSection(SettingsSchema<TFirst>.Instance, first);
        var two = new SettingsSection(SettingsSchema<TSecond>.Instance, second);
        return Read([one, two], problems => (one.Build<TFirst>(problems), two.Build<TSecond>(problems)));
    }

    /// <summary>
    /// Fills sections of any number, keys <c>name.key</c>, and makes of them what <paramref name="build"/> makes.
    /// </summary>
    /// <exception cref="OptionsException">One line for each defect, all at once.</exception>
    internal TResult Read<TResult>(IReadOnlyList<SettingsSection> sections, Func<ICollection<string>, TResult> build)
    {
        var problems = new List<string>();
        if (configFile != null) SettingsJson.Read(Bytes(configFile), configFile, sections, problems);
        foreach (var assignment in assignments) Assign(assignment, sections, problems);
        if (over is { } last) SettingsJson.Read(last.Json, last.Name, sections, problems);
        Throw(problems);
        var options = build(problems);
        Throw(problems);
        return options;
    }

    static byte[] Bytes(string file) => new FileInfo(file) is { Exists: true, Length: > LargestFile }
        ? throw new UserException($"{file}: more than {LargestFile:N0} bytes: no file of settings.")
        : File.ReadAllBytes(file);

    static void Assign(string assignment, IReadOnlyList<SettingsSection> sections, ICollection<string> problems)
    {
        var where = $"--set {assignment}: ";
        var equals = assignment.IndexOf('=');
        if (equals < 1)
        {
            problems.Add($"{where}expected key=value.");
            return;
        }
        var key = assignment[..equals];
        var value = assignment[(equals + 1)..];
        if (sections is [{ Name: "" } only])
        {
            only.Set(key, value, where, problems);
            return;
        }
        var dot = key.IndexOf('.');
        var section = dot < 0 ? null : sections.FirstOrDefault(candidate => candidate.Name == key[..dot]);
        if (section != null) section.Set(key[(dot + 1)..], value, where, problems);
        else
            problems.Add(
                $"{where}this command's keys begin with "
                + $"{string.Join(" or ", sections.Select(candidate => candidate.Name + "."))}");
    }

    static void Throw(IReadOnlyCollection<string> problems)
    {
        if (problems.Count > 0) throw new OptionsException([.. problems]);
    }
}
