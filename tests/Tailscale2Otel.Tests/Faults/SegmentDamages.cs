namespace Tailscale2Otel.Tests.Faults;

/// <summary>Everything that can have happened to segment files, one thing at a time, and all at once.</summary>
static class SegmentDamages
{
    const int RandomFlips = 25;

    /// <summary>Marker, length, checksum, seal, receive time, lengths of the parts, source, and payload.</summary>
    static readonly int[] Fields = [0, 4, 7, 9, 14, 20, 25, 28, 31, 200];

    public static IEnumerable<(string Name, Func<SpoolImage, Damage> Inflict)> All =>
    [
        ("a flipped bit in each field of a frame", InEachField),
        ("a flipped bit in the first frame of the spool", s => Flip(s, s.Oldest, 0, 10)),
        ("a flipped bit in the last frame of a segment", s => Flip(s, s.Middle, s.Middle.Frames.Count - 1, 10)),
        ("a flipped bit in the newest segment", s => Flip(s, s.Newest, 3, 10)),
        ("a flipped bit in the last append", FlipInLastAppend),
        ("two neighbours damaged", TwoNeighbours),
        ("flipped bits at random places", AtRandom),
        ("a segment's header", s => Header(s, s.Middle)),
        ("the newest segment's header", s => Header(s, s.Newest)),
        ("the oldest segment deleted", s => Delete(s, s.Oldest)),
        ("a middle segment deleted", s => Delete(s, s.Middle)),
        ("the newest segment deleted", DeleteNewest),
        ("the oldest segment empty", s => Empty(s, s.Oldest, 0)),
        ("a middle segment empty", s => Empty(s, s.Middle, 0)),
        ("a middle segment cut within its header", s => Empty(s, s.Middle, 39)),
        ("the newest segment empty", EmptyNewest),
        ("a middle segment cut within a frame", s => CutWithin(s, s.Middle)),
        ("a middle segment cut between two frames", s => CutBetween(s, s.Middle)),
        ("a torn tail", s => Tear(s, s.LastAppend[^1].Offset + 20)),
        ("a tail torn between two frames of an append", s => Tear(s, s.LastAppend[^1].Offset)),
        ("rubbish behind the end", s => Rubbish(s, Bytes(500))),
        ("zeros behind the end", s => Rubbish(s, new byte[4096])),
        ("everything at once", AtOnce),
    ];

    static Damage Flip(SpoolImage spool, SegmentImage segment, int frame, int offset)
    {
        var hit = segment.Frames[frame];
        spool.Flip(segment, hit.Offset + offset);
        return new Damage().Lose(hit).Tell("frame", segment, hit.Position, hit.End);
    }

    static Damage InEachField(SpoolImage spool)
    {
        var damage = new Damage();
        for (var i = 0; i < Fields.Length; i++)
            damage.Add(Flip(spool, spool.Middle, 3 * i, Fields[i]));
        return damage;
    }

    /// <summary>Nobody can tell a flipped bit there from an append that was never whole.</summary>
    static Damage FlipInLastAppend(SpoolImage spool)
    {
        var append = spool.LastAppend;
        spool.Flip(spool.Newest, append[^1].Offset + 50);
        return new Damage().Lose(append).Tell("torn_tail", spool.Newest, append[0].Position, append[^1].End);
    }

    static Damage TwoNeighbours(SpoolImage spool)
    {
        var (first, second) = (spool.Middle.Frames[7], spool.Middle.Frames[8]);
        spool.Flip(spool.Middle, first.Offset + 100);
        spool.Flip(spool.Middle, second.Offset + 12);
        return new Damage().Lose(first, second).Tell("frame", spool.Middle, first.Position, second.End);
    }

    static Damage AtRandom(SpoolImage spool)
    {
        var random = FaultHarness.Random(20260728);
        var damage = new Damage();
        var spared = spool.LastAppend[0].Position;
        var frames = spool.Frames.Where(f => f.Position < spared).ToArray();
        for (var i = 0; i < RandomFlips; i++)
        {
            var hit = frames[random.Next(frames.Length)];
            if (damage.Lost.Add(hit.Sequence))
                spool.Flip(spool.Segments.Single(s => s.Frames.Contains(hit)), hit.Offset + random.Next(hit.Length), random.Next(8));
        }

        foreach (var segment in spool.Segments)
        {
            for (var i = 0; i < segment.Frames.Count; i++)
            {
                var from = i;
                while (i < segment.Frames.Count && damage.Lost.Contains(segment.Frames[i].Sequence))
                    i++;
                if (i > from)
                    damage.Tell("frame", segment, segment.Frames[from].Position, segment.Frames[i - 1].End);
            }
        }

        return damage;
    }

    static Damage Header(SpoolImage spool, SegmentImage segment)
    {
        spool.Flip(segment, 26);
        return new Damage().Tell("segment_header", segment, segment.Start, segment.Start);
    }

    static Damage Delete(SpoolImage spool, SegmentImage segment)
    {
        spool.Delete(segment);
        return new Damage().Lose(segment.Frames).Tell("missing", $"from position {segment.Start} to {segment.End};");
    }

    static Damage DeleteNewest(SpoolImage spool)
    {
        spool.Delete(spool.Newest);
        return new Damage().Lose(spool.Newest.Frames).Tell("missing", spool.Newest, spool.Newest.Start, spool.Newest.Start);
    }

    static Damage Empty(SpoolImage spool, SegmentImage segment, long length)
    {
        spool.Cut(segment, length);
        return new Damage().Lose(segment.Frames)
            .Tell("empty_segment", segment, segment.Start, segment.Start)
            .Tell("missing", $"from position {segment.Start} to {segment.End};");
    }

    static Damage EmptyNewest(SpoolImage spool)
    {
        spool.Cut(spool.Newest, 0);
        return new Damage().Lose(spool.Newest.Frames).Tell("empty_segment", spool.Newest, spool.Newest.Start, spool.Newest.Start);
    }

    static Damage CutWithin(SpoolImage spool, SegmentImage segment)
    {
        var frame = segment.Frames[segment.Frames.Count / 2];
        spool.Cut(segment, frame.Offset + 40);
        return new Damage().Lose(segment.Frames.Where(f => f.Position >= frame.Position))
            .Tell("frame", segment, frame.Position, frame.Position + 40)
            .Tell("missing", segment, frame.Position + 40, segment.End);
    }

    static Damage CutBetween(SpoolImage spool, SegmentImage segment)
    {
        var frame = segment.Frames[segment.Frames.Count / 2];
        spool.Cut(segment, frame.Offset);
        return new Damage().Lose(segment.Frames.Where(f => f.Position >= frame.Position)).Tell("missing", segment, frame.Position, segment.End);
    }

    static Damage Tear(SpoolImage spool, long length)
    {
        var append = spool.LastAppend;
        spool.Cut(spool.Newest, length);
        return new Damage().Lose(append).Tell("torn_tail", spool.Newest, append[0].Position, spool.Newest.Start + length - SegmentImage.HeaderBytes);
    }

    static Damage Rubbish(SpoolImage spool, byte[] bytes)
    {
        spool.Append(spool.Newest, bytes);
        return new Damage().Tell("torn_tail", spool.Newest, spool.Newest.End, spool.Newest.End + bytes.Length);
    }

    static Damage AtOnce(SpoolImage spool)
    {
        var segments = spool.Segments;
        Damage[] all =
        [
            Delete(spool, segments[0]), Flip(spool, segments[1], 4, 200), Header(spool, segments[2]), CutWithin(spool, segments[3]),
            Delete(spool, segments[5]), Tear(spool, spool.LastAppend[0].Offset + 3),
        ];
        var damage = new Damage();
        foreach (var one in all)
            damage.Add(one);
        return damage;
    }

    static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
