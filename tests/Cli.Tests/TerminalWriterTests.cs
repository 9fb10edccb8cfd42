using LdNetGpu.Cli;

namespace LdNetGpu.Tests;

/// <summary>A text cannot speak to the terminal that its results are shown on.</summary>
public class TerminalWriterTests
{
    [Fact]
    public void WhatATerminalWouldObeyIsShown()
    {
        var terminal = new StringWriter { NewLine = "\n" };
        var writer = new TerminalWriter(terminal);
        writer.WriteLine("0\t4\tPER\t1\tA\e[2Jnna");
        writer.Write('\a');
        writer.Write("\u202E".ToCharArray(), 0, 1);
        writer.Write("\u009B1m".AsSpan());
        writer.WriteLine();
        writer.Write($"{"B\bob"}\r\n");
        Assert.Equal("0\t4\tPER\t1\tA\\u001B[2Jnna\n\\u0007\\u202E\\u009B1m\nB\\u0008ob\r\n", terminal.ToString());
    }
}
