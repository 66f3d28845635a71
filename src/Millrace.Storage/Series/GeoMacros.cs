namespace Millrace.Storage.Series;

/// <summary>Points on the Earth, as Athena writes them: the longitude first. A point is a struct of <c>lon</c> and <c>lat</c>, in degrees.</summary>
internal static class GeoMacros
{
    // The radius that Trino counts with, in metres: distances here and there are the same.
    private const string Radius = "6371010";

    public static IEnumerable<string> All =>
    [
        QueryMacros.Macro("st_point", "lon, lat", "CASE WHEN lon IS NOT NULL AND lat IS NOT NULL THEN struct_pack(lon := lon::DOUBLE, lat := lat::DOUBLE) END"),
        QueryMacros.Macro("st_x", "p", "p.lon"),
        QueryMacros.Macro("st_y", "p", "p.lat"),
        QueryMacros.Macro("st_astext", "p", $"'POINT (' || {Text("p.lon")} || ' ' || {Text("p.lat")} || ')'"),
        QueryMacros.Macro("st_geometryfromtext", "t", $"struct_pack(lon := {Number("t", 1)}, lat := {Number("t", 2)})"),
        QueryMacros.Macro("to_spherical_geography", "p", "p"),
        QueryMacros.Macro("st_distance", "a, b", $"{Metres("a.lon", "a.lat", "b.lon", "b.lat")}"),
        QueryMacros.Macro("great_circle_distance", "lat1, lon1, lat2, lon2", $"{Metres("lon1", "lat1", "lon2", "lat2")} / 1000"),
    ];

    // Haversine; the root may come out a little above one for points on opposite sides.
    private static string Metres(string lon1, string lat1, string lon2, string lat2) =>
        $"""
        CASE WHEN abs({lat1}) > 90 OR abs({lat2}) > 90 THEN error('a latitude is from -90 to 90 degrees; ST_Point takes the longitude first') ELSE
        2 * {Radius} * asin(least(1.0, sqrt(power(sin(radians({lat2} - {lat1}) / 2), 2)
            + cos(radians({lat1})) * cos(radians({lat2})) * power(sin(radians({lon2} - {lon1}) / 2), 2)))) END
        """;

    // 2.0 is written as 2.
    private static string Text(string number) => $"system.main.regexp_replace(({number})::VARCHAR, '\\.0$', '')";

    private static string Number(string text, int group) =>
        $"regexp_extract({text}, '^\\s*POINT\\s*\\(\\s*(\\S+)\\s+(\\S+?)\\s*\\)\\s*$', {group}, 'i')::DOUBLE";
}
