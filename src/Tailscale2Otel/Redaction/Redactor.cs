using System.Buffers;
using System.Text;
using static Tailscale2Otel.Redaction.PiiCategories;

namespace Tailscale2Otel.Redaction;

/// <summary>
/// Decides for an attribute and its value whether it may leave, by the switches of <see cref="PiiFilterOptions"/> and the table of
/// <see cref="AttributeRules"/>. Any thread. Where <see cref="IsActive"/> is false nothing is ever removed, and callers leave the
/// redactor out altogether.
/// </summary>
sealed class Redactor
{
    /// <summary>Stands in texts where something was taken out.</summary>
    public const string Marker = "[redacted]";

    /// <summary>Who has no name of his own; kept, since they name nobody.</summary>
    static readonly byte[][] Words = [.. ((string[])["external", "unknown", "__other__", "other"]).Select(Encoding.ASCII.GetBytes)];

    static readonly SearchValues<byte> Capitals = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ_"u8);
    static readonly SearchValues<byte> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"u8);
    static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF-"u8);

    public Redactor(PiiFilterOptions options) =>
        Removed = options.Switches().Where(s => !s.IsEmitted).Aggregate(None, (removed, s) => removed | s.Category);

    /// <summary>Before a name that a flow record gives and nobody has confirmed.</summary>
    public static ReadOnlySpan<byte> Unverified => "unverified:"u8;

    public static ReadOnlySpan<byte> MarkerUtf8 => "[redacted]"u8;

    /// <summary>The categories that are off.</summary>
    public PiiCategories Removed { get; }

    public bool IsActive => Removed != None;

    /// <summary>Null when there is nothing to do.</summary>
    public Redactor? OrNull() => IsActive ? this : null;

    public bool IsOff(PiiCategories category) => (Removed & category) != 0;

    public Verdict Decide(string key, ReadOnlySpan<byte> value, Subjects subjects = default) => Decide(AttributeRules.Of(key), value, subjects);

    /// <param name="value">UTF-8; not empty.</param>
    /// <param name="subjects">Of the record that the value is from.</param>
    public Verdict Decide(AttributeRule rule, ReadOnlySpan<byte> value, Subjects subjects)
    {
        if (!IsActive || rule.Kind == AttributeKind.Safe)
            return Verdict.Keep;
        if (IsExpectedWord(rule.Kind, value))
            return Verdict.Keep;

        var ip = IpCategory.Of(value);
        var categories = ip | rule.Kind switch
        {
            AttributeKind.Address => ip == None ? Ips : None,
            AttributeKind.NodeName => ip == None ? OfName(value, Hostnames) : None,
            AttributeKind.NodeNameOrId => ip == None ? OfName(value, Hostnames | NodeIds) : None,
            AttributeKind.Owner => value.StartsWith("tag:"u8) ? None : rule.Categories,
            _ => rule.Categories | OfSubject(rule.Kind, subjects),
        };
        if ((categories & Removed) != 0)
            return Verdict.Remove;
        return rule.Kind is AttributeKind.Text or AttributeKind.TargetName || IsWordKind(rule.Kind) ? Verdict.Scrub : Verdict.Keep;
    }

    /// <summary>False when no value of the attribute is ever removed.</summary>
    public bool MayRemove(string key) => AttributeRules.Of(key) is { Kind: not AttributeKind.Safe } && IsActive;

    /// <summary>The same for a value of any type; what would have to be cut counts as removed, since a part names nothing.</summary>
    public bool Removes(string key, object? value)
    {
        if (!IsActive || value is null)
            return false;
        if (value is not string text)
            return (AttributeRules.Of(key).Categories & Removed) != 0;

        var utf8 = Encoding.UTF8.GetBytes(text);
        return Decide(key, utf8) switch
        {
            Verdict.Remove => true,
            Verdict.Scrub => !new TextScrubber(this).Scrub(utf8, new RemovedValues()).SequenceEqual(utf8),
            _ => false,
        };
    }

    /// <summary>
    /// The attributes of a gauge that may leave. False when it is not to be reported at all: it had attributes that say whose
    /// value it is, and all of them are removed. Who reports several series must expect that two of them have become equal, and
    /// report one of them.
    /// </summary>
    public bool TryTags(KeyValuePair<string, object?>[] tags, out KeyValuePair<string, object?>[] kept)
    {
        kept = tags;
        if (!IsActive)
            return true;

        kept = Array.FindAll(tags, t => !Removes(t.Key, t.Value));
        return kept.Length == tags.Length || Array.Exists(kept, t => AttributeRules.Of(t.Key).Kind != AttributeKind.Safe);
    }

    /// <summary>Of a value that is expected to be a word of Tailscale's; others' words under such a name are not.</summary>
    public static bool IsWordKind(AttributeKind kind) => kind is AttributeKind.Vocabulary or AttributeKind.TypeName or AttributeKind.HexNumber;

    static bool IsImpersonal(ReadOnlySpan<byte> value)
    {
        foreach (var word in Words)
        {
            if (value.SequenceEqual(word))
                return true;
        }

        return false;
    }

    static PiiCategories OfName(ReadOnlySpan<byte> value, PiiCategories categories)
    {
        if (IsImpersonal(value))
            return None;
        if (!value.StartsWith(Unverified))
            return categories;

        // A stranger may give an address for a name.
        var ip = IpCategory.Of(value[Unverified.Length..]);
        return ip == None ? categories : ip;
    }

    static PiiCategories OfSubject(AttributeKind kind, Subjects subjects) => (kind, kind is AttributeKind.TargetId or AttributeKind.TargetName ? subjects.Target : subjects.Actor) switch
    {
        (AttributeKind.ActorId, SubjectKind.Node or SubjectKind.Unknown) => NodeIds,
        (AttributeKind.ActorLogin or AttributeKind.ActorName, SubjectKind.Node or SubjectKind.Unknown) => Hostnames,
        (AttributeKind.TargetId, SubjectKind.Node) => NodeIds,
        (AttributeKind.TargetId, SubjectKind.User) => UserIds,
        (AttributeKind.TargetId, SubjectKind.Unknown) => NodeIds | UserIds | TailnetName,
        (AttributeKind.TargetName, SubjectKind.Node) => Hostnames,
        (AttributeKind.TargetName, SubjectKind.User) => Emails | UserDisplayNames,
        (AttributeKind.TargetName, SubjectKind.Unknown) => Hostnames | Emails | UserDisplayNames | TailnetName | ServiceAddrs,
        (AttributeKind.TargetId or AttributeKind.TargetName, SubjectKind.Tailnet) => TailnetName,
        _ => None,
    };

    /// <summary>As Tailscale writes the names of settings and types, and the word of metrics for all others.</summary>
    static bool IsExpectedWord(AttributeKind kind, ReadOnlySpan<byte> value) => kind switch
    {
        AttributeKind.Vocabulary => !value.ContainsAnyExcept(Capitals) || IsImpersonal(value),
        AttributeKind.TypeName => !value.ContainsAnyExcept(Letters),
        AttributeKind.HexNumber => !value.ContainsAnyExcept(HexDigits),
        _ => false,
    };
}
