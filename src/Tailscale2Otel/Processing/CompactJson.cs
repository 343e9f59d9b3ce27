namespace Tailscale2Otel.Processing;

/// <summary>JSON without the white space between its tokens, otherwise as it was written.</summary>
static class CompactJson
{
    /// <param name="json">Valid JSON.</param>
    public static void Write(ReadOnlySpan<byte> json, PooledBytes output)
    {
        var destination = output.Reserve(json.Length);
        var length = 0;
        var inString = false;
        for (var i = 0; i < json.Length; i++)
        {
            var value = json[i];
            if (inString && value == '\\')
            {
                destination[length++] = value;
                value = json[++i];
            }
            else if (value == '"')
            {
                inString = !inString;
            }
            else if (!inString && value is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                continue;
            }

            destination[length++] = value;
        }

        output.Advance(length);
    }
}
