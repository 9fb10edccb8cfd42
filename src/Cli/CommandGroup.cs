using System.CommandLine;

namespace LdNetGpu.Cli;

/// <summary>A word that only leads to other commands, such as <c>ldnet lm</c>.</summary>
sealed class CommandGroup : Command
{
    public CommandGroup(string name, string description, params Command[] commands) : base(name, description)
    {
        foreach (var command in commands) Add(command);
    }
}
