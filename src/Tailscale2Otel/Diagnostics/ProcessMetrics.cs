using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;

namespace Tailscale2Otel.Diagnostics;

/// <summary>The daemon as a process: build, liveness, uptime, processor time and memory (OpenTelemetry semantic conventions, process metrics).</summary>
static class ProcessMetrics
{
    public static void Register(Meter meter, TimeProvider time, int configWarnings)
    {
        var started = time.GetTimestamp();
        KeyValuePair<string, object?>[] build = [new("version", ProductInfo.Version), new("dotnet.version", RuntimeInformation.FrameworkDescription)];
        KeyValuePair<string, object?>[] user = [new("cpu.mode", "user")];
        KeyValuePair<string, object?>[] system = [new("cpu.mode", "system")];

        meter.CreateObservableGauge("tailscale2otel.build_info", () => new Measurement<long>(1, build), "1", "Constant 1 carrying build and runtime version");
        meter.CreateObservableGauge("tailscale2otel.up", () => 1L, "1", "Liveness, always 1");
        meter.CreateObservableGauge("tailscale2otel.config.valid", () => 1L, "1", "1 when the running configuration validates");
        meter.CreateObservableGauge("tailscale2otel.config.warnings", () => (long)configWarnings, "1", "Startup warnings of the configuration");
        meter.CreateObservableGauge("process.uptime", () => time.GetElapsedTime(started).TotalSeconds, "s", "Seconds since the process started");
        meter.CreateObservableCounter("process.cpu.time", () => CpuTimes(user, system), "s", "Processor seconds by mode");
        meter.CreateObservableUpDownCounter("process.memory.usage", () => Environment.WorkingSet, "By", "Resident memory");
    }

    static Measurement<double>[] CpuTimes(KeyValuePair<string, object?>[] user, KeyValuePair<string, object?>[] system)
    {
        using var process = Process.GetCurrentProcess();
        return [new(process.UserProcessorTime.TotalSeconds, user), new(process.PrivilegedProcessorTime.TotalSeconds, system)];
    }
}
