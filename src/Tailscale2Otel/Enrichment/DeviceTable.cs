using System.Text;
using Tailscale2Otel.Model.Devices;

namespace Tailscale2Otel.Enrichment;

/// <summary>
/// One device list, ready to be asked: immutable, so that any thread may. What a lookup costs does not depend on how many
/// devices there are, and it allocates nothing.
/// </summary>
sealed class DeviceTable
{
    public static readonly DeviceTable Empty = new([]);

    readonly byte[] _text;
    readonly DeviceRow[] _rows;
    readonly Dictionary<IpValue, int> _addresses;
    readonly TextIndex _ids;
    readonly TextIndex _names;

    /// <param name="devices">
    /// In any order, see <see cref="DeviceNames.Distinct"/>; an address of two devices belongs to the one that goes first there. An
    /// address that is none is passed over.
    /// </param>
    public DeviceTable(IReadOnlyList<Device> devices)
    {
        var distinct = DeviceNames.Distinct(devices);
        var names = DeviceNames.Of(distinct);
        var texts = new DeviceTexts();
        _rows = new DeviceRow[distinct.Count];
        for (var i = 0; i < _rows.Length; i++)
            _rows[i] = texts.Add(distinct[i], names[i]);

        var ids = distinct.ConvertAll(d => texts.Add(d.Id));
        var fullNames = distinct.ConvertAll(d => texts.Add(d.Name));
        _text = texts.ToArray();
        _addresses = new Dictionary<IpValue, int>(_rows.Length * 2);
        _ids = new TextIndex(_rows.Length * 2);
        _names = new TextIndex(_rows.Length * 2);
        for (var i = 0; i < _rows.Length; i++)
        {
            _ids.Add(_text, _rows[i].NodeId, i);
            _names.Add(_text, _rows[i].Name, i);
            foreach (var address in distinct[i].Addresses)
            {
                if (TryParse(address, out var value))
                    _addresses.TryAdd(value, i);
            }
        }

        // Behind all node IDs and names, which nothing may take away.
        for (var i = 0; i < _rows.Length; i++)
        {
            _ids.Add(_text, ids[i], i);
            _names.Add(_text, fullNames[i], i);
        }
    }

    public int Count => _rows.Length;

    public IndexedDevice FindByAddress(in IpValue address) => At(RowOf(address));

    /// <summary>The row of the device that has an address; negative when none has.</summary>
    public int RowOf(in IpValue address) => _addresses.TryGetValue(address, out var row) ? row : -1;

    /// <param name="id">A node ID, or the API's older ID.</param>
    public IndexedDevice FindById(ReadOnlySpan<byte> id) => At(_ids.Find(_text, id));

    /// <param name="name">Of <see cref="IndexedDevice.Name"/>, or the full MagicDNS name.</param>
    public IndexedDevice FindByName(ReadOnlySpan<byte> name) => At(_names.Find(_text, name));

    public ref readonly DeviceRow Row(int row) => ref _rows[row];

    public ReadOnlySpan<byte> Text(TextRange range) => _text.AsSpan(range.Start, range.Length);

    IndexedDevice At(int row) => row < 0 ? default : new(this, row);

    static bool TryParse(string address, out IpValue value)
    {
        value = default;
        var prefix = address.IndexOf('/', StringComparison.Ordinal);
        var host = prefix < 0 ? address : address[..prefix];
        Span<byte> utf8 = stackalloc byte[64];
        return Encoding.UTF8.TryGetBytes(host, utf8, out var length) && IpText.TryParse(utf8[..length], out value);
    }
}
