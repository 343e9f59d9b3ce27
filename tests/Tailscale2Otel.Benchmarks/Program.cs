using System.Reflection;
using BenchmarkDotNet.Running;
using Tailscale2Otel.Benchmarks.Durability;
using Tailscale2Otel.Benchmarks.Load;

if (args is ["load", .. var load])
    return await LoadRun.RunAsync(load);
if (args is ["durability", .. var durability])
    return await DurabilityRun.RunAsync(durability);

BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
return 0;
