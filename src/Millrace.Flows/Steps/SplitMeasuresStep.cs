using System.Buffers;
using System.Text;
using System.Text.Json;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Flows.Options;
using Millrace.Sql.Payload;

namespace Millrace.Flows.Steps;

/// <summary>Makes one record of each measure of an event. The measure keeps the name of its field, as article 002's code does.</summary>
internal sealed class SplitMeasuresStep(SplitMeasuresOptions options) : IStep
{
    private readonly FieldReader _reader = new([], keepMembers: true);
    private readonly ArrayBufferWriter<byte> _common = new(512);
    private readonly ArrayBufferWriter<byte> _record = new(1024);
    private readonly byte[] _suffix = Encoding.UTF8.GetBytes(options.Suffix);
    private readonly byte[] _name = Key(options.Name);
    private readonly byte[] _value = Key(options.Value);

    public void Apply(RecordBatch source, RecordBatch target, Outcomes outcomes)
    {
        for (var i = 0; i < source.Count; i++)
        {
            if (!_reader.TryRead(source[i].Payload, out var fields))
            {
                outcomes.Refuse(i, Fault.Unreadable, _reader.Error.ToString());
                continue;
            }

            if (Split(fields.Members, source, i, target) == 0)
                outcomes.Refuse(i, Fault.Unreadable, $"no field's name ends in '{options.Suffix}', so there is no measure");
        }
    }

    private int Split(Members members, RecordBatch source, int index, RecordBatch target)
    {
        // {"Time":1,"DeviceID":"a" and then, for each measure, ,"measure_name":"x","measure_value":1}
        _common.ResetWrittenCount();
        foreach (var member in members)
        {
            if (IsMeasure(member)) continue;
            _common.Write(_common.WrittenCount == 0 ? "{"u8 : ","u8);
            _common.Write(member.Raw);
        }

        var measures = 0;
        foreach (var member in members)
        {
            if (!IsMeasure(member)) continue;
            _record.ResetWrittenCount();
            _record.Write(_common.WrittenSpan);
            _record.Write(_common.WrittenCount == 0 ? "{"u8 : ","u8);
            _record.Write(_name);
            _record.Write(member.RawName);
            _record.Write(","u8);
            _record.Write(_value);
            _record.Write(member.RawValue);
            _record.Write("}"u8);
            target.AddView(source, index, _record.WrittenSpan);
            measures++;
        }

        return measures;
    }

    private bool IsMeasure(Member member) => member.Name.EndsWith(_suffix);

    private static byte[] Key(string name) => Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(name)}\":");
}
