namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>Of times in milliseconds; all zero when there are none.</summary>
sealed record Percentiles(double P50, double P90, double P99, double Max)
{
    public static Percentiles Of(List<double> values)
    {
        values.Sort();
        return values.Count == 0 ? new Percentiles(0, 0, 0, 0) : new Percentiles(At(0.5), At(0.9), At(0.99), values[^1]);

        double At(double share) => values[(int)((values.Count - 1) * share)];
    }
}
