using Millrace.Flows.Options;
using Millrace.Flows.Running;
using Millrace.Sql.Rules;
using Millrace.Sql.Rules.Windows;

namespace Millrace.Flows.Windows;

/// <summary>A flow with windows is two: one fills the windows, and one carries their rows to the destinations, as any flow carries records.</summary>
internal static class WindowFlow
{
    /// <summary>The flow of rows. All that goes wrong on the way to a destination is its business.</summary>
    public static FlowOptions RowsOf(FlowOptions flow) => flow with
    {
        Name = LaneNames.OfRows(flow.Name),
        Sql = "SELECT * FROM '#'",
        Version = SqlVersion.V2016,
        Source = new WindowSource(flow.Name),
        Window = null,
        Start = FlowStart.Now,
    };

    /// <summary>The lane that fills the windows.</summary>
    /// <param name="catalog">Where everything is.</param>
    /// <param name="flow">With a statement that groups.</param>
    /// <param name="plan">Its windows.</param>
    /// <param name="sql">What the statement was compiled for.</param>
    /// <param name="partitions">Of its source.</param>
    public static LanePlan LaneOf(Catalog catalog, FlowOptions flow, WindowPlan plan, RuleSqlOptions sql, int partitions)
    {
        var services = catalog.Windows ?? throw new ArgumentException($"flow {flow.Name}: there is nothing here that keeps windows", nameof(flow));
        var options = flow.Window ?? new WindowOptions();
        var name = LaneNames.OfWindows(flow.Name);
        var state = new WindowState(new WindowSettings
        {
            Flow = flow.Name,
            Sql = flow.Sql,
            Version = flow.Version,
            Plan = plan,
            Options = options,
            Partitions = partitions,
            Rows = services.Rows(flow.Name).Partitions[0],
            Late = options.Late is { } late ? catalog.Stream(late) : null,
            Store = services.Store,
            Recompile = (text, version, time) =>
                RuleSql.TryCompile(text, sql with { Version = version, Windows = new WindowSqlOptions(time) }, out var old, out _) ? old.Windows : null,
            Clock = catalog.Clock,
            Logger = services.Logger,
            Registry = services.Registry,
        });
        return new LanePlan
        {
            Name = name,
            Shown = name,
            CreateSink = (_, partition) => new WindowSink(state, partition),
            Kind = "windows",
            Target = plan.Kind.ToString().ToLowerInvariant(),
            ActionName = "windows",
            GivesUp = false,
            IsTimed = true,
        };
    }
}
