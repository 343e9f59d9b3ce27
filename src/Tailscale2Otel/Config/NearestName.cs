namespace Tailscale2Otel.Config;

/// <summary>Finds the name that somebody probably meant.</summary>
static class NearestName
{
    /// <summary>The candidate with the fewest edits, if they are at most two or a third of the name's length; else null.</summary>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        var limit = Math.Max(2, name.Length / 3);
        string? best = null;
        foreach (var candidate in candidates)
        {
            if (Math.Abs(candidate.Length - name.Length) > limit)
                continue;

            var distance = Distance(name, candidate);
            if (distance > limit || (distance == limit && best is not null))
                continue;

            best = candidate;
            limit = distance;
        }

        return best;
    }

    /// <summary>Levenshtein: insertions, deletions and replacements of one character.</summary>
    public static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            row[j] = j;

        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
