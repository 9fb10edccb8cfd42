using LdNetGpu.Train.Models;

namespace LdNetGpu.Serve.Models;

/// <summary>Where a tagger comes from.</summary>
/// <param name="Folder">Of the tagger.</param>
/// <param name="Load">Reads the folder; throws what the user can mend as such.</param>
/// <param name="LoadsBeside">
/// Whether it may be called while another model of the same source computes on another thread.
/// </param>
sealed record ModelSource(string Folder, Func<LoadedTagger> Load, bool LoadsBeside);
