using System.Text;

namespace LdNetGpu.Tests;

/// <summary>A statement of C#: heads, each before a block, and a tail.</summary>
/// <param name="Heads">With holes for the terms, as is the tail.</param>
sealed record Statement(string[] Heads, string Tail, Term[] Terms, Statement[][] Blocks)
{
    public Statement(string line, params Term[] terms) : this([], line, terms, []) { }

    public void Write(StringBuilder text, int depth)
    {
        var indent = new string(' ', 4 * depth);
        for (var i = 0; i < Heads.Length; i++)
        {
            text.Append(indent).Append(Fill(Heads[i])).Append('\n').Append(indent).Append("{\n");
            foreach (var statement in Blocks[i]) statement.Write(text, depth + 1);
            text.Append(indent).Append("}\n");
        }
        if (Tail.Length > 0) text.Append(indent).Append(Fill(Tail).Replace("\n", "\n" + indent)).Append('\n');
    }

    string Fill(string line)
    {
        for (var i = 0; i < Terms.Length; i++)
            line = line.Replace($"{{{i}}}", Terms[i].ToString(), StringComparison.Ordinal);
        return line;
    }
}
