import { useEffect, useRef, useState } from "react";
import { fetchDeadLetters } from "../api/api";
import type { DeadLetter } from "../protocol";

const Shown = 20;
const Pause = 2000;

/** The newest dead letters; read again when the count says that there are others, but not in every breath. Null until known. */
export function useDeadLetters(online: boolean, total: number): DeadLetter[] | null {
  const [letters, setLetters] = useState<DeadLetter[] | null>(null);
  const asked = useRef(0);

  useEffect(() => {
    if (!online) return;
    const load = async () => {
      const turn = (asked.current = Date.now());
      try {
        const found = await fetchDeadLetters(Shown);
        if (asked.current === turn) setLetters(found);
      } catch {
        // The old ones stay on the page; the next change of the count asks again.
      }
    };
    // Counted from the last time and not from the last change, or a steady stream of them would put it off for ever.
    const timer = setTimeout(() => void load(), Math.max(0, asked.current + Pause - Date.now()));
    return () => clearTimeout(timer);
  }, [online, total]);

  return letters;
}
