import { useEffect, useState } from "react";
import { fetchTables } from "../api/api";
import type { Table } from "../protocol";

const WhileNone = 3000;
const Afterwards = 30_000;

/** The tables there are; asked again now and then, since a flow may make a new one any time. Null until the first answer. */
export function useTables(online: boolean): Table[] | null {
  const [tables, setTables] = useState<Table[] | null>(null);

  useEffect(() => {
    if (!online) return;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const load = async () => {
      let wait = WhileNone;
      try {
        const found = await fetchTables(abort.signal);
        setTables(found);
        if (found.some((table) => table.series > 0)) wait = Afterwards;
      } catch {
        // The banner tells of a server that is away; here it is enough to ask again.
      }
      if (!abort.signal.aborted) timer = setTimeout(() => void load(), wait);
    };
    void load();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [online]);

  return tables;
}
