import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { fetchSeries } from "../api/api";
import type { Series, Table } from "../protocol";
import { deviceLabel } from "./choice";
import { SeriesAsked } from "./useDefaultChoice";

interface Props {
  table: Table | undefined;
  dimensions: Record<string, string> | null;
  onChoose: (dimensions: Record<string, string>, series: Series[]) => void;
}

interface Device {
  label: string;
  dimensions: Record<string, string>;
  series: Series[];
}

const Pause = 150;

/** Search as you type over devices of a table: a combobox, as the ARIA practices describe it. */
export function DeviceBox({ table, dimensions, onChoose }: Props) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const [found, setFound] = useState<{ devices: Device[]; truncated: boolean } | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const name = table?.name;
  const order = table?.dimensions;

  useEffect(() => {
    if (!open || !name) return;
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const page = await fetchSeries(name, text.trim(), SeriesAsked, abort.signal);
        setFound({ devices: devicesOf(page.series, order ?? []), truncated: page.truncated });
        setActive(0);
      } catch {
        if (!abort.signal.aborted) setFound({ devices: [], truncated: false });
      }
    }, text ? Pause : 0);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [open, name, text, order]);

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [active]);

  const close = () => {
    setOpen(false);
    setText("");
    setFound(null);
  };
  const choose = (device: Device | undefined) => {
    if (!device) return;
    close();
    input.current?.blur();
    onChoose(device.dimensions, device.series);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = (found?.devices.length ?? 0) - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      setActive((now) => Math.min(last, Math.max(0, now + (event.key === "ArrowDown" ? 1 : -1))));
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(found?.devices[active]);
    } else if (event.key === "Escape") {
      close();
    }
  };

  const label = dimensions ? deviceLabel(dimensions, order) : "";
  return (
    <div className="device-box">
      <input
        ref={input}
        role="combobox"
        aria-label="Device"
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-activedescendant={open && found?.devices[active] ? `${id}-${active}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        placeholder={open ? label || "Search devices" : "Choose a device"}
        title={label}
        value={open ? text : label}
        onFocus={() => setOpen(true)}
        onClick={() => setOpen(true)}
        onBlur={close}
        onChange={(event) => {
          setOpen(true);
          setText(event.target.value);
        }}
        onKeyDown={onKeyDown}
      />
      {open && (
        <div className="device-list">
          <ul ref={list} id={`${id}-list`} role="listbox" aria-label="Devices">
            {found?.devices.map((device, i) => (
              <li
                key={device.label}
                id={`${id}-${i}`}
                role="option"
                aria-selected={i === active}
                onPointerEnter={() => setActive(i)}
                // Before the input loses the focus and the list is gone.
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => choose(device)}
              >
                {device.label}
              </li>
            ))}
          </ul>
          {note(found) && <p className="device-note">{note(found)}</p>}
        </div>
      )}
    </div>
  );
}

function note(found: { devices: Device[]; truncated: boolean } | null): string | null {
  if (!found) return "Searching…";
  if (found.devices.length === 0) return "No device matches.";
  return found.truncated ? `The first ${found.devices.length}. Type to find others.` : null;
}

/** Series of the same dimensions are one device. Newest first, by the minute, then by name. */
export function devicesOf(series: readonly Series[], order: readonly string[]): Device[] {
  const devices = new Map<string, Device & { minute: number }>();
  for (const one of series) {
    const label = deviceLabel(one.dimensions, order);
    const minute = one.latest ? Math.floor(Date.parse(one.latest) / 60_000) : 0;
    const known = devices.get(label);
    if (known) {
      known.series.push(one);
      known.minute = Math.max(known.minute, minute);
    } else {
      devices.set(label, { label, dimensions: one.dimensions, series: [one], minute });
    }
  }
  return [...devices.values()].sort((a, b) => b.minute - a.minute || a.label.localeCompare(b.label));
}
