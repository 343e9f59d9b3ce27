namespace Tailscale2Otel.Tests.Faults;

/// <summary>Everything that can have happened to the cursor file: what to do with it, and which of its slots remains.</summary>
static class CursorDamages
{
    const string Everything = "the file is damaged; everything since position 0 is delivered again";
    const string OneSlot = "one of the two slots is damaged";

    public static IEnumerable<(string Name, CursorDamage Damage)> All =>
    [
        .. new long[] { 0, 1, 40, CursorImage.SlotBytes - 1 }.Select(length => ($"cut to {length} bytes", Cut(length, []))),
        .. new long[] { CursorImage.SlotBytes, CursorImage.SlotSpacing, CursorImage.SlotSpacing + CursorImage.SlotBytes - 1 }
            .Select(length => ($"cut to {length} bytes", Cut(length, [0]))),
        ("zeros", new CursorDamage(Everything, path => File.WriteAllBytes(path, new byte[CursorImage.SlotSpacing * 2]), _ => false)),
        ("garbage", new CursorDamage(Everything, Garble, _ => false)),
        ("deleted", new CursorDamage("the file is missing; everything since position 0 is delivered again", File.Delete, _ => false)),
        ("a flipped bit in each slot", new CursorDamage(Everything, path => Flip(path, [0, 1]), _ => false)),
        ("a flipped bit in slot 0", new CursorDamage(OneSlot, path => Flip(path, [0]), slot => slot == 1)),
        ("a flipped bit in slot 1", new CursorDamage(OneSlot, path => Flip(path, [1]), slot => slot == 0)),
    ];

    static CursorDamage Cut(long length, int[] left) =>
        new(left.Length == 0 ? Everything : OneSlot, path => SpoolImage.Cut(path, length), slot => Array.IndexOf(left, slot) >= 0);

    static void Garble(string path)
    {
        var bytes = new byte[CursorImage.SlotSpacing * 2];
        new Random(20260729).NextBytes(bytes);
        File.WriteAllBytes(path, bytes);
    }

    static void Flip(string path, int[] slots)
    {
        foreach (var slot in slots)
            SpoolImage.Flip(path, (slot * CursorImage.SlotSpacing) + 27);
    }
}
