import { useState } from "react";

export function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  // Browsers lend the clipboard only to pages from https or this very machine.
  if (!window.isSecureContext) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <button type="button" onClick={() => void copy().catch(() => setCopied(false))}>
      {copied ? "Copied" : "Copy"}
    </button>
  );
}
