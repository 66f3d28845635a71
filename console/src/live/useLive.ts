import { createContext, useContext, useEffect, useReducer, useState } from "react";
import { LiveConnection } from "./LiveConnection";
import { initialState, reduce, type ConsoleState } from "./consoleState";

export const LiveContext = createContext<LiveConnection | null>(null);

export function useLiveConnection(): LiveConnection {
  const live = useContext(LiveContext);
  if (!live) throw new Error("Only inside LiveContext.");
  return live;
}

/** The page's one connection, and what it has told so far. */
export function useLive(): [LiveConnection, ConsoleState] {
  const [live] = useState(() => new LiveConnection(liveAddress(window.location)));
  const [state, dispatch] = useReducer(reduce, initialState);

  useEffect(() => {
    const unsubscribe = live.subscribe((event) => {
      if (event.kind === "message" && event.message.type === "points") return;
      dispatch({ event, now: Date.now() });
    });
    const retry = () => {
      if (!document.hidden) live.retryNow();
    };
    window.addEventListener("online", retry);
    document.addEventListener("visibilitychange", retry);
    live.start();
    return () => {
      window.removeEventListener("online", retry);
      document.removeEventListener("visibilitychange", retry);
      unsubscribe();
      live.stop();
    };
  }, [live]);

  return [live, state];
}

function liveAddress(page: Location): string {
  return `${page.protocol === "https:" ? "wss:" : "ws:"}//${page.host}/api/v1/live`;
}
