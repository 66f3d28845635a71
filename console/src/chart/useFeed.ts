import { useEffect, useRef, useState, type RefObject } from "react";
import { runQuery } from "../api/api";
import { useLiveConnection } from "../live/useLive";
import type { Choice } from "./choice";
import { SeriesFeed, type FeedStatus } from "./SeriesFeed";

export interface Feeding {
  feed: SeriesFeed | null;
  status: FeedStatus;
}

/** One feed for each choice, closed when the next is made. */
export function useFeed(
  choice: Choice | null,
  minutes: number,
  serverNow: () => number,
  onDraw: RefObject<() => void>,
): Feeding {
  const live = useLiveConnection();
  const [feed, setFeed] = useState<SeriesFeed | null>(null);
  const [status, setStatus] = useState<FeedStatus>({ kind: "loading" });
  const minutesNow = useRef(minutes);

  useEffect(() => {
    if (!choice) return;
    const made = new SeriesFeed(choice, minutesNow.current, {
      live,
      query: runQuery,
      serverNow,
      onPoints: () => onDraw.current(),
      onStatus: setStatus,
    });
    setFeed(made);
    return () => {
      made.close();
      setFeed(null);
    };
  }, [choice, live, serverNow, onDraw]);

  useEffect(() => {
    minutesNow.current = minutes;
    feed?.widen(minutes);
  }, [feed, minutes]);

  return { feed, status };
}
