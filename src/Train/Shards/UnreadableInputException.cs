using LdNetGpu.Devices;

namespace LdNetGpu.Train.Shards;

/// <summary>One input cannot be read; the others may.</summary>
/// <param name="cause">Says what is wrong with it.</param>
sealed class UnreadableInputException(UserException cause) : UserException(cause.Message, cause)
{
    /// <summary>What is wrong with it.</summary>
    public UserException Cause => cause;

    /// <summary>The items, and this exception where reading them fails.</summary>
    public static IEnumerable<T> Marked<T>(IEnumerable<T> items)
    {
        using var rest = items.GetEnumerator();
        while (Marked(rest.MoveNext)) yield return rest.Current;
    }

    /// <summary>What <paramref name="read"/> gives, and this exception where it fails.</summary>
    public static T Marked<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (UserException error)
        {
            throw new UnreadableInputException(error);
        }
    }
}
