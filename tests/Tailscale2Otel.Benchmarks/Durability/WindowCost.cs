namespace Tailscale2Otel.Benchmarks.Durability;

/// <param name="Claim">Of all keys, with the files that were written meanwhile.</param>
sealed record WindowCost(long BytesInMemory, long BytesOnDisk, TimeSpan Claim, TimeSpan Load);
