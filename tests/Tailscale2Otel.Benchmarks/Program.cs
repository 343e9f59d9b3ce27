using System.Reflection;
using BenchmarkDotNet.Running;
using Tailscale2Otel.Benchmarks.Load;

if (args is ["load", .. var load])
    return await LoadRun.RunAsync(load);

BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
return 0;
