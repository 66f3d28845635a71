import { useEffect, useState } from "react";
import { fetchSeries } from "../api/api";
import type { Series, Table } from "../protocol";
import { sameChoice, type Choice } from "./choice";
import { defaultChoice } from "./defaultChoice";

const TablesLookedAt = 12;
export const SeriesAsked = 200;
const Recheck = 15_000;
/** An automatic choice whose points stopped this long ago gives way to one that moves. */
const Stale = 30_000;

/** Chooses for somebody who has not chosen, and again when what it chose stands still: a trip ends, a device goes offline. */
export function useDefaultChoice(
  wanted: boolean,
  tables: readonly Table[] | null,
  newestTime: () => number | null,
  serverNow: () => number,
): Choice | null {
  const [choice, setChoice] = useState<Choice | null>(null);
  const names = (tables ?? []).filter((table) => table.series > 0).map((table) => table.name);
  const known = names.join("\n");

  useEffect(() => {
    if (!wanted || !tables || !known) return;
    const abort = new AbortController();
    const look = async () => {
      const newest = newestTime();
      if (newest !== null && serverNow() - newest < Stale) return;
      const found = await seriesOf(known.split("\n").slice(0, TablesLookedAt), abort.signal);
      const next = defaultChoice(tables, found);
      if (next && !abort.signal.aborted) setChoice((now) => (now && sameChoice(now, next) ? now : next));
    };
    void look();
    const timer = setInterval(() => void look(), Recheck);
    return () => {
      abort.abort();
      clearInterval(timer);
    };
    // The tables come anew every half minute; only other names are news.
  }, [wanted, known, newestTime, serverNow]);

  return wanted ? choice : null;
}

/** A table that cannot be listed just now is left out, and the choice made among the others. */
async function seriesOf(names: string[], signal: AbortSignal): Promise<Map<string, Series[]>> {
  const pages = await Promise.allSettled(names.map((name) => fetchSeries(name, "", SeriesAsked, signal)));
  const found = new Map<string, Series[]>();
  pages.forEach((page, i) => {
    if (page.status === "fulfilled") found.set(names[i]!, page.value.series);
  });
  return found;
}
