import type { Encoding } from "../protocol";
import { truncate } from "./format";

const BytesShown = 256;
const DeepestIndent = 12;

/** A payload for reading: JSON indented, bytes in hexadecimal, anything else as it came. */
export function prettyPayload(payload: string, encoding: Encoding | undefined, length = 2048): string {
  if (payload === "") return "(empty)";
  if (encoding === "base64") return hexOf(payload);
  return truncate(indentJson(payload) ?? payload, length);
}

/** The same on one line, for a table's cell. */
export function payloadLine(payload: string, encoding: Encoding | undefined, length = 160): string {
  if (payload === "") return "(empty)";
  const text = encoding === "base64" ? hexOf(payload) : payload;
  return truncate(text.replaceAll(/\s+/g, " "), length);
}

function indentJson(text: string): string | null {
  const first = text.trimStart()[0];
  if (first !== "{" && first !== "[") return null;
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  return indent(text);
}

/** By hand and not by JSON.stringify, which would round the numbers: 19 digits stay 19 digits. */
function indent(json: string): string {
  let depth = 0;
  let inString = false;
  /** Just after an opening bracket: the line breaks only if something follows. */
  let empty = false;
  let out = "";
  const newLine = () => `\n${"  ".repeat(Math.min(depth, DeepestIndent))}`;
  for (let i = 0; i < json.length; i++) {
    const c = json[i]!;
    if (!inString && /\s/.test(c)) continue;
    if (empty && c !== "}" && c !== "]") out += newLine();
    if (inString) {
      out += c;
      if (c === "\\") out += json[++i] ?? "";
      else if (c === '"') inString = false;
    } else if (c === '"') {
      inString = true;
      out += c;
    } else if (c === "{" || c === "[") {
      depth++;
      out += c;
      empty = true;
      continue;
    } else if (c === "}" || c === "]") {
      depth--;
      out += empty ? c : newLine() + c;
    } else if (c === ",") {
      out += c + newLine();
    } else if (c === ":") {
      out += ": ";
    } else {
      out += c;
    }
    empty = false;
  }
  return out;
}

function hexOf(base64: string): string {
  let bytes: string;
  try {
    bytes = atob(base64);
  } catch {
    return truncate(base64, BytesShown);
  }
  const shown = [...bytes.slice(0, BytesShown)].map((c) => c.charCodeAt(0).toString(16).padStart(2, "0"));
  return shown.join(" ") + (bytes.length > BytesShown ? " …" : "");
}
