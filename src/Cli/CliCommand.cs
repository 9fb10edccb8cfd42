using System.CommandLine;

namespace LdNetGpu.Cli;

/// <summary>
/// One command of the program, one file each: the constructor declares its options and examples, <see cref="Execute"/>
/// does the work. It throws <see cref="Devices.UserException"/> for what the user can mend, and asks
/// <see cref="CommandContext.Cancellation"/> in long loops; reading files does so by itself.
/// </summary>
public abstract class CliCommand : Command
{
    protected CliCommand(string name, string description) : base(name, description)
    {
        Validators.Add(result =>
        {
            foreach (var option in ReadsSettings ? [] : (Option[])[GlobalOptions.Set, GlobalOptions.Config])
                if (result.GetResult(option) is { Implicit: false })
                    result.AddError($"{option.Name}: '{Name}' reads no settings, so that it would change nothing. "
                        + "'ldnet config list' names those of the commands that do.");
        });
        SetAction(parsed =>
        {
            using var context = new CommandContext(parsed);
            using var reading = context.Reading.Use();
            try
            {
                return Execute(context);
            }
            catch (Exception error) when (context.HasOthers)
            {
                return context.ReportFailure(error);
            }
        });
    }

    /// <summary>Whether <c>--set</c> and <c>--config</c> change what it does; refused where they do not.</summary>
    protected bool ReadsSettings { get; init; }

    /// <summary>What to type for the usual jobs, each with a word on what it does.</summary>
    public IReadOnlyList<(string Line, string Meaning)> Examples { get; protected init; } = [];

    /// <summary>A paragraph below the examples: what the results mean, where defaults come from.</summary>
    public string Notes { get; protected init; } = "";

    /// <summary>Runs the command; returns <see cref="ExitCode.Success"/> or what the command documents.</summary>
    protected abstract int Execute(CommandContext context);
}
