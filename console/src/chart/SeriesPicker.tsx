import { useEffect, useState } from "react";
import { fetchSeries } from "../api/api";
import type { Series, Table } from "../protocol";
import { choicesOf, measureOf, sameChoice, sameDevice, type Choice } from "./choice";
import { defaultChoice } from "./defaultChoice";
import { DeviceBox } from "./DeviceBox";
import { SeriesAsked } from "./useDefaultChoice";

interface Props {
  tables: Table[];
  choice: Choice | null;
  onChoose: (choice: Choice) => void;
}

/** Table, then device, then measure; each step keeps what it can of the choice before. */
export function SeriesPicker({ tables, choice, onChoose }: Props) {
  const table = tables.find((known) => known.name === choice?.table);
  const measures = useMeasures(table, choice);

  const chooseTable = async (name: string) => {
    const next = tables.find((known) => known.name === name);
    if (!next) return;
    try {
      const page = await fetchSeries(name, "", SeriesAsked);
      const found = defaultChoice([next], new Map([[name, page.series]]));
      if (found) onChoose(found);
    } catch {
      // Stays at the table it has; the banner says that the server is away.
    }
  };
  const chooseDevice = (dimensions: Record<string, string>, series: Series[]) => {
    if (!table) return;
    const options = series.flatMap((one) => choicesOf(table, one));
    const same = options.find((one) => choice && measureOf(one) === measureOf(choice) && one.measure === choice.measure);
    const next = same ?? (choice ? { ...choice, dimensions } : options[0]);
    if (next) onChoose(next);
  };

  return (
    <div className="picker">
      <label>
        <span>Table</span>
        <select value={choice?.table ?? ""} onChange={(event) => void chooseTable(event.target.value)}>
          {!table && <option value={choice?.table ?? ""}>{choice?.table ?? "–"}</option>}
          {tables.map((one) => (
            <option key={one.name} value={one.name} disabled={one.series === 0}>
              {one.series === 0 ? `${one.name} (empty)` : one.name}
            </option>
          ))}
        </select>
      </label>
      <label className="picker-device">
        <span>{table?.dimensions.join(" · ") || "Device"}</span>
        <DeviceBox table={table} dimensions={choice?.dimensions ?? null} onChoose={chooseDevice} />
      </label>
      <label>
        <span>Measure</span>
        <select
          value={choice ? measures.findIndex((one) => sameChoice(one, choice)) : -1}
          onChange={(event) => {
            const next = measures[Number(event.target.value)];
            if (next) onChoose(next);
          }}
        >
          {!choice && <option value={-1}>–</option>}
          {measures.map((one, i) => (
            <option key={`${one.measure}\n${one.column ?? ""}`} value={i}>
              {measureOf(one)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** All that can be drawn of the chosen device; the choice itself is always among them. */
function useMeasures(table: Table | undefined, choice: Choice | null): Choice[] {
  const [found, setFound] = useState<Choice[]>([]);
  const device = choice ? JSON.stringify(choice.dimensions) : "";

  useEffect(() => {
    if (!table || !device) return;
    const abort = new AbortController();
    const dimensions = JSON.parse(device) as Record<string, string>;
    fetchSeries(table.name, mostTelling(dimensions), SeriesAsked, abort.signal)
      .then(({ series }) => {
        const own = series.filter((one) => sameDevice(one.dimensions, dimensions));
        setFound(own.flatMap((one) => choicesOf(table, one)));
      })
      .catch(() => {});
    return () => abort.abort();
  }, [table, device]);

  const own = found.filter((one) => choice && one.table === choice.table && sameDevice(one.dimensions, choice.dimensions));
  const all = choice && !own.some((one) => sameChoice(one, choice)) ? [choice, ...own] : own;
  return all.toSorted((a, b) => measureOf(a).localeCompare(measureOf(b)));
}

/** The longest value narrows the search most: a UUID rather than a site's name. */
function mostTelling(dimensions: Record<string, string>): string {
  return Object.values(dimensions).reduce((a, b) => (b.length > a.length ? b : a), "");
}
