namespace Tailscale2Otel.Tests.Architecture;

/// <summary>Tests
[TestFixture]
public
{
   
   

   
    {
    };

   
    {
        ["Compression/Libzstd.cs"] =
        ["Demo/Simulation/AuditRecordWriter.cs"] =
        ["Demo/Simulation/FlowRecordWriter.cs"] =
        ["Model/LogAttributes.cs"] =
        ["Processing/Flow/FlowConnection.cs"] =
    };

   

    [Test]
    public void
    {
        var broken =
           
           
           

       
    }

    [Test]
    public void
    {
        var
        var broken =
           
           
           

       
    }

    [Test]
    public void The_exceptions_are_still_needed() =>
    {
       
       
    });

   
   
    {
        var
       
    }

   
   
       
        ||

   
        file.Types.Count > 0 &&
}
