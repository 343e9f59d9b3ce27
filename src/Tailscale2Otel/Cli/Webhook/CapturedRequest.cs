using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Tailscale2Otel.Cli.Webhook;

/// <summary>
/// An HTTP request as <c>nc</c>, a proxy or <c>tcpdump -A</c> saves it: request line (or not), headers, an empty line, body. Lines
/// end in CRLF or LF; what a capture put before the request line is passed over.
/// </summary>
sealed partial class CapturedRequest
{
    /// <summary>The request line is looked for so far.</summary>
    const int MaxPrologue = 4096;

    readonly List<(string Name, string Value)> _headers = [];

    CapturedRequest(ReadOnlyMemory<byte> body, bool hasHead) => (Body, HasHead) = (body, hasHead);

    /// <summary>There was an empty line, and before it at least one header.</summary>
    public bool HasHead { get; }

    /// <summary>As the sender sent it: without chunk sizes, and not beyond <c>Content-Length</c>.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>Bytes in the capture behind the body that <c>Content-Length</c> tells.</summary>
    public int BytesBehind { get; private set; }

    /// <summary>Bytes that are missing from it.</summary>
    public long BytesMissing { get; private set; }

    /// <summary>All values of the header, with commas between; empty when there is none.</summary>
    public string Header(string name) => string.Join(',', _headers.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value));

    /// <summary>Does not throw.</summary>
    public static CapturedRequest Parse(ReadOnlyMemory<byte> capture)
    {
        var beginning = Encoding.Latin1.GetString(capture.Span[..Math.Min(capture.Length, MaxPrologue)]);
        var line = RequestLine().Match(beginning);
        if (line.Success)
            capture = capture[line.Index..];
        var (headLength, bodyStart) = FindBody(capture.Span);
        if (headLength < 0)
            return new CapturedRequest(capture, hasHead: false);

        var lines = Encoding.Latin1.GetString(capture.Span[..headLength]).Split('\n');
        var headers = lines.Skip(line.Success ? 1 : 0).Select(l => l.TrimEnd('\r').Split(':', 2)).ToList();
        if (headers.Count == 0 || headers.Exists(h => h.Length != 2 || !Token().IsMatch(h[0])))
            return new CapturedRequest(capture, hasHead: false);

        var request = new CapturedRequest(capture[bodyStart..], hasHead: true);
        request._headers.AddRange(headers.Select(h => (h[0], h[1].Trim(' ', '\t'))));
        request.TakeBody();
        return request;
    }

    static (int HeadLength, int BodyStart) FindBody(ReadOnlySpan<byte> capture)
    {
        var crlf = capture.IndexOf("\r\n\r\n"u8);
        var lf = capture.IndexOf("\n\n"u8);
        return crlf >= 0 && (lf < 0 || crlf < lf) ? (crlf, crlf + 4) : (lf, lf + 2);
    }

    void TakeBody()
    {
        if (Header("Transfer-Encoding").Contains("chunked", StringComparison.OrdinalIgnoreCase))
            Body = Unchunk(Body.Span) ?? Body;
        else if (long.TryParse(Header("Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            (Body, BytesBehind, BytesMissing) = length <= Body.Length ? (Body[..(int)length], Body.Length - (int)length, 0) : (Body, 0, length - Body.Length);
    }

    /// <summary>RFC 9112, section 7.1; null when it is not that, as when the capture has put the chunks together.</summary>
    static byte[]? Unchunk(ReadOnlySpan<byte> chunks)
    {
        var body = new MemoryStream();
        while (true)
        {
            var end = chunks.IndexOf((byte)'\n');
            if (end < 0 || !int.TryParse(Encoding.Latin1.GetString(chunks[..end]).Split(';')[0].Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size))
                return null;
            chunks = chunks[(end + 1)..];
            if (size == 0)
                return body.ToArray();
            if (size < 0 || size > chunks.Length)
                return null;

            body.Write(chunks[..size]);
            chunks = chunks[size..];
            chunks = chunks[(chunks.IndexOf((byte)'\n') + 1)..];
        }
    }

    [GeneratedRegex(@"[A-Z]{3,10} \S{1,2000} HTTP/[0-9.]{1,3}\r?\n", RegexOptions.CultureInvariant)]
    private static partial Regex RequestLine();

    /// <summary>RFC 9110, section 5.6.2.</summary>
    [GeneratedRegex(@"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Token();
}
