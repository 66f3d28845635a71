import { useCallback, useEffect, useState } from "react";
import { formatHash, parseHash, type View } from "./hash";

/** What the address asks for; a change is written there without a new entry in the browser's history. */
export function useView(): [View, (view: View) => void] {
  const [view, setView] = useState(() => parseHash(window.location.hash));

  useEffect(() => {
    const read = () => setView(parseHash(window.location.hash));
    window.addEventListener("hashchange", read);
    return () => window.removeEventListener("hashchange", read);
  }, []);

  const choose = useCallback((next: View) => {
    window.history.replaceState(null, "", formatHash(next) || window.location.pathname);
    setView(next);
  }, []);
  return [view, choose];
}
