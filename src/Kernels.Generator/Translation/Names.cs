using System.Text.RegularExpressions;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Kernels.Generator.Translation;

/// <summary>
/// C#'s names as C's. A name with an underscore is the texts' own (Class_Method, view_length, XMath_Exp), or a
/// compiler's: C#'s get one more at their end. So do those that are words of the target languages or that the preludes
/// use, and those of capitals alone, which is how macros are named.
/// </summary>
static class Names
{
    // Of C++, CUDA and OpenCL C where C# allows them too, if only after an @; macros that compilers define; names that
    // the texts use themselves.
    static readonly HashSet<string> Words =
    [
        .. ("alignas alignof and asm auto bitand bitor bool break case catch char class compl concept const consteval "
        + "constexpr constinit continue "
            + "decltype default delete do double else enum explicit export extern false float for friend goto if "
            + "inline int long mutable namespace new "
            + "noexcept not nullptr operator or private protected public register requires restrict return short "
            + "signed sizeof static struct switch "
            + "template this throw true try typedef typeid typename union unsigned using virtual void volatile while "
            + "xor "
            + "global local constant kernel half quad complex imaginary uchar ushort uint ulong pipe event image "
            + "sampler uniform vector dim3 "
            + "linux unix main self").Split(' '),
    ];

    static readonly Regex Vector = new("^(u?(char|short|int|long)|float|double|half|bool|quad)(2|3|4|8|16)$");

    static readonly Regex Macro = new("^[A-Z][A-Z0-9]*[A-Z][A-Z0-9]*$");

    static readonly HashSet<string> Preludes = [.. Declared(CudaPrelude.Text), .. Declared(OpenClPrelude.Text),
        "warpSize"];

    /// <summary>A variable, parameter or field.</summary>
    public static string Escape(string name) => Plain(name) is var plain && plain.Contains("_")
        ? plain + "_" : Free(plain);

    /// <summary>A name as it is, unless it is taken.</summary>
    public static string Free(string name) =>
        Words.Contains(name) || Preludes.Contains(name) || Vector.IsMatch(name) || Macro.IsMatch(name)
            ? name + "_" : name;

    /// <summary>In the letters that every C compiler takes.</summary>
    public static string Plain(string name) => string.Concat(name.Select(letter =>
        letter is '_' or (>= '0' and <= '9') or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') ? letter.ToString()
        : letter < 128 ? "_"
        : Invariant($"_{(int)letter:x}")));

    // Macros, structs, functions, and the built-in variables of which macros take a part.
    static IEnumerable<string> Declared(string prelude) =>
        Regex.Matches(prelude, @"(?:#define|struct) (?<name>\w+)|(?<name>\w+)\(|(?<name>\w+)\.[xyz]\b")
        .Cast<Match>().Select(match => match.Groups["name"].Value);
}
