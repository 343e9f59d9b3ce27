using System.Diagnostics;
using System.Text;
using Tailscale2Otel.Tests.Architecture;
using Tailscale2Otel.Tests.Config;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Documents;

/// <summary>
/// A reader's shell: in a copy of the repository's root, with an empty home. <c>dotnet run</c> and <c>dotnet publish</c> of the
/// daemon give the one that was built with the tests, so that no document makes the tests build it again.
/// </summary>
sealed class DocumentShell : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly TemporaryFolder _folder = new();
    readonly StringBuilder _output = new();
    readonly Process _process;
    readonly Func<string, string> _translate;
    int _blocks;

    /// <param name="translate">What a document says to what is true in a test: ports, credentials.</param>
    /// <param name="variables">Of the environment.</param>
    public DocumentShell(Func<string, string> translate, params (string Key, string Value)[] variables)
    {
        _translate = translate;
        Furnish();
        var start = new ProcessStartInfo("bash", ["--norc"])
        {
            WorkingDirectory = _folder.File("clone"),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = _folder.File("home");
        start.Environment["PATH"] = $"{_folder.File("bin")}{Path.PathSeparator}{start.Environment["PATH"]}";
        foreach (var (key, value) in variables)
            start.Environment[key] = value;
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.BeginErrorReadLine();
        _process.StandardInput.WriteLine("set -euo pipefail");
    }

    static string Executable => Path.Combine(AppContext.BaseDirectory, "tailscale2otel");

    /// <summary>What was printed so far, to both streams.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <exception cref="InvalidOperationException">A command failed.</exception>
    public Task RunAsync(ShellBlock block)
    {
        var file = Write(block);
        return ExecuteAsync(block, block switch
        {
            // As `bash -c` it becomes the command itself, whose exit code is then asked for.
            { HasOwnTerminal: true } => $"bash -c \"$(cat {file})\" > >(tee {file}.out >&2) 2>&1 </dev/null & own=$!\nuntil grep -qs ' is ready' {file}.out; do kill -0 $own; sleep 0.05; done",
            // In the foreground: otherwise it signals the command and then its whole group, and the second Ctrl-C kills.
            { InterruptAfter: { } seconds } => $"timeout --foreground --preserve-status -s INT {seconds} bash -c \"$(cat {file})\" </dev/null",
            _ => $". {file} </dev/null",
        });
    }

    /// <summary>Stops what runs in a terminal of its own, as its reader would; it must end with 0.</summary>
    public Task EndAsync(ShellBlock last) => ExecuteAsync(last, "if [ -n \"${own:-}\" ]; then kill $own; wait $own; own=; fi");

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _process.StandardInput.WriteLineAsync("kill ${own:-} 2>/dev/null; exit 0");
        }
        catch (IOException)
        {
            // A command failed and the shell is gone. What failed is told by whoever ran it.
        }

        using (var limit = new CancellationTokenSource(Patience))
            await _process.WaitForExitAsync(limit.Token);
        _process.Dispose();
        _folder.Dispose();
    }

    void Furnish()
    {
        foreach (var name in (string[])["clone", "home", "bin"])
            Directory.CreateDirectory(_folder.File(name));
        foreach (var entry in Directory.EnumerateFileSystemEntries(SourceTree.Root).Where(e => Path.GetFileName(e) is not ".git" and not "artifacts"))
            File.CreateSymbolicLink(Path.Combine(_folder.File("clone"), Path.GetFileName(entry)), entry);
        AddCommand("tailscale2otel", $"#!/bin/sh\nexec \"{Executable}\" \"$@\"\n");
        AddCommand("dotnet", $$"""
            #!/usr/bin/env bash
            set -euo pipefail
            command=$1; shift
            [ "$command" = run ] && { [ "$1" = --project ]; shift; }
            [ -f "$1/Tailscale2Otel.csproj" ] && [ "$2 $3" = "-c Release" ]
            case "$command $4" in
                "run --") exec "{{Executable}}" "${@:5}" ;;
                "publish -o") mkdir -p "$5" && cp "{{_folder.File("bin")}}/tailscale2otel" "$5/" ;;
                *) exit 1 ;;
            esac
            """);
    }

    void AddCommand(string name, string script)
    {
        var path = Path.Combine(_folder.File("bin"), name);
        File.WriteAllText(path, script.ReplaceLineEndings("\n"));
        SampleConfig.SetMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    string Write(ShellBlock block)
    {
        var path = _folder.File($"block-{++_blocks}.sh");
        File.WriteAllText(path, _translate(block.Code).TrimEnd());
        return path;
    }

    async Task ExecuteAsync(ShellBlock block, string command)
    {
        var done = $"done {Guid.NewGuid():N}";
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await _process.StandardInput.WriteLineAsync($"{command}\necho '{done}'");
            while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                // Behind the last output, where that has no line end.
                if (line.EndsWith(done, StringComparison.Ordinal))
                    return;
                Take(line);
            }

            // The shell has ended: what it had to say is read to its end with the exit.
            await _process.WaitForExitAsync(limit.Token);
            Take($"the shell ended with {_process.ExitCode}");
        }
        catch (IOException)
        {
            Take("the shell was gone before");
        }
        catch (OperationCanceledException)
        {
            Take($"given up after {Patience}");
        }

        throw new InvalidOperationException($"The block in line {block.Line} failed.\n{block.Code}\n{Output}");
    }

    void Take(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }
}
