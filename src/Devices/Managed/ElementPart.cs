namespace LdNetGpu.Devices.Managed;

/// <summary>A field of a struct: of lanes that use fields of one element, each is held against the others' alone.</summary>
/// <typeparam name="T">The struct.</typeparam>
/// <typeparam name="TPart">The field's type.</typeparam>
/// <param name="element">An element of a view.</param>
public delegate ref readonly TPart ElementPart<T, TPart>(ref T element);
