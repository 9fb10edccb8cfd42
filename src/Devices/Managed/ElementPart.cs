namespace LdNetGpu.Devices.Managed;

/// <summary>A field of an element. Lanes that use different fields of one element do not meet.</summary>
/// <typeparam name="T">The struct.</typeparam>
/// <typeparam name="TPart">The field's type.</typeparam>
/// <param name="element">An element of a view.</param>
public delegate ref readonly TPart ElementPart<T, TPart>(ref T element);
