using System.Reflection;
using BenchmarkDotNet.Running;
using Tailscale2Otel.Benchmarks.Durability;
using Tailscale2Otel.Benchmarks.Load;

if (args is ["load", .. var load])
    return await LoadCommand.RunAsync(load);
if (args is ["load-sender", var plan])
    return Sender.Run(plan);
if (args is ["load-sink", var ledger])
    return Sink.Run(ledger);
if (args is ["durability", .. var durability])
    return await DurabilityRun.RunAsync(durability);

BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
return 0;
