namespace Tailscale2Otel.Model;

/// <summary>
/// The seam between Processing, which knows what a log record says, and Export, which knows how it is written. Calls come in
/// the order <see cref="Begin"/>, any number of attributes with at most one body among them, <see cref="End"/>. Nothing
/// passed in is kept. Values over the configured limits are cut at a character boundary and end in <c>…[truncated]</c>;
/// invalid UTF-8 becomes U+FFFD; an empty string value is left out. Not thread-safe.
/// </summary>
abstract class LogWriter
{
    public abstract void Begin(in LogHeader header);

    /// <summary>The body as a string.</summary>
    public abstract void Body(ReadOnlySpan<byte> utf8);

    /// <summary>The body as the value that this JSON text means: objects become key-value lists, arrays become arrays.</summary>
    /// <param name="json">One valid JSON value. Nested deeper than a writer can tell, it becomes text, or the marker of what is removed.</param>
    public abstract void JsonBody(ReadOnlySpan<byte> json);

    public abstract void Add(Utf8Name key, ReadOnlySpan<byte> utf8);

    public abstract void Add(Utf8Name key, long value);

    public abstract void Add(Utf8Name key, double value);

    public abstract void Add(Utf8Name key, bool value);

    /// <summary>An attribute whose name comes from the sender, with the value that the JSON text means; null is left out.</summary>
    /// <param name="key">UTF-8 name, unescaped.</param>
    /// <param name="json">One valid JSON value, nested at most 64 deep.</param>
    public abstract void AddJson(ReadOnlySpan<byte> key, ReadOnlySpan<byte> json);

    /// <summary>Where the record under way is; two marks around attributes of one record are a <see cref="LogPart"/>.</summary>
    public virtual int Mark() => 0;

    /// <summary>
    /// Adds the attributes of a part of this or an earlier record again, without looking at each. False, with nothing added, from a writer
    /// that has to look: add them one by one. Parts are good for one input record, as long as all of it goes to one writer.
    /// </summary>
    public virtual bool TryRepeat(LogPart part) => false;

    /// <summary>
    /// JSON that the record does not carry, but whose values its body may tell: who takes personal values out of bodies must know
    /// them. Anybody else passes over it.
    /// </summary>
    public virtual void Mention(ReadOnlySpan<byte> json)
    {
    }

    public abstract void End();
}
