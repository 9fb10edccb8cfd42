using Microsoft.CodeAnalysis;

namespace LdNetGpu.Kernels.Generator.Translation;

/// <summary>What a part of an expression reads and changes, by which its place among the other parts matters.</summary>
sealed class Effects
{
    readonly HashSet<ISymbol> read = new(SymbolEqualityComparer.Default), changed = new(SymbolEqualityComparer.Default);

    /// <summary>Of what reads and changes nothing.</summary>
    public static readonly Effects None = new();

    /// <summary>Whether it reads an element, or what a reference leads to.</summary>
    public bool ReadsMemory { get; set; }

    /// <summary>Whether it changes one.</summary>
    public bool ChangesMemory { get; set; }

    /// <summary>A variable is read; of a member, its struct.</summary>
    public void Read(ISymbol variable) => read.Add(variable);

    /// <summary>A variable is changed.</summary>
    public void Change(ISymbol variable) => changed.Add(variable);

    /// <summary>What all of these read and change.</summary>
    public static Effects OfAll(IEnumerable<Effects> parts)
    {
        var all = new Effects();
        foreach (var part in parts)
        {
            all.read.UnionWith(part.read);
            all.changed.UnionWith(part.changed);
            all.ReadsMemory |= part.ReadsMemory;
            all.ChangesMemory |= part.ChangesMemory;
        }
        return all;
    }

    /// <summary>Whether one changes what the other reads or changes.</summary>
    public bool Conflict(Effects other) => InterferesWith(other) || other.InterferesWith(this);

    /// <summary>Whether both change one variable.</summary>
    public bool ChangeTheSame(Effects other) => changed.Overlaps(other.changed);

    bool InterferesWith(Effects other) => ChangesMemory && (other.ReadsMemory || other.ChangesMemory)
        || changed.Overlaps(other.read) || changed.Overlaps(other.changed);
}
