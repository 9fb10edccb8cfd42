using LdNetGpu.Devices;

namespace LdNetGpu.Model.Configuration;

/// <summary>Options with a value out of its range, or that contradict themselves. Nothing was written.</summary>
/// <param name="problems">One line for each defect.</param>
public sealed class OptionsException(IReadOnlyList<string> problems)
    : UserException(string.Join(Environment.NewLine, problems))
{
    /// <summary>One line for each defect, which names the setting.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
