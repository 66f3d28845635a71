import { expect, test } from "vitest";
import { readServerMessage } from "../protocol";
import { markedLine, offsetOf } from "../query/position";
import { backoff } from "../live/backoff";
import { ago, measured } from "./format";
import { payloadLine, prettyPayload } from "./payload";
import { epochMs } from "./time";

test("JSON is indented without touching its numbers or its strings", () => {
  expect(prettyPayload('{"a":1234567890123456789,"b":[],"c":{ },"d":["x,\\"{"]}', undefined)).toBe(
    '{\n  "a": 1234567890123456789,\n  "b": [],\n  "c": {},\n  "d": [\n    "x,\\"{"\n  ]\n}',
  );
});

test("what is no JSON stays as it came, cut at its limit", () => {
  expect(prettyPayload('{"a":', undefined)).toBe('{"a":');
  expect(prettyPayload("21.4", undefined)).toBe("21.4");
  expect(prettyPayload("x".repeat(5000), undefined)).toHaveLength(2049);
  expect(prettyPayload("[".repeat(1024) + "]".repeat(1024), undefined).length).toBeLessThan(2100);
});

test("bytes are shown in hexadecimal, and broken base64 as it is", () => {
  expect(payloadLine("//79AA==", "base64")).toBe("ff fe fd 00");
  expect(payloadLine("*", "base64")).toBe("*");
  expect(payloadLine("", undefined)).toBe("(empty)");
});

test("a query's time keeps its fraction and is UTC", () => {
  expect(epochMs("1970-01-01 00:00:01.500250000")).toBeCloseTo(1500.25, 6);
  expect(epochMs("1970-01-01 00:00:01")).toBe(1000);
  expect(epochMs("yesterday")).toBeNaN();
});

test("values keep the digits that mean something", () => {
  expect([47.4, 1234567, 0.000012, 71.23456, 2400.7512].map(measured)).toEqual(["47.4", "1,234,567", "1.200e-5", "71.235", "2,400.8"]);
  expect(ago(0, 500)).toBe("now");
  expect(ago(0, 61_000)).toBe("1 min ago");
  expect(ago(720_000, 0)).toBe("in 12 min");
});

test("an error's place is marked under its line", () => {
  const sql = "SELECT\n  vinn FROM x";
  expect(markedLine(sql, { message: "", line: 2, column: 3 })).toEqual({ text: "  vinn FROM x", indent: "  " });
  expect(offsetOf(sql, { message: "", line: 2, column: 3 })).toBe(9);
  expect(markedLine(sql, { message: "", line: 9, column: 3 })).toBeNull();
  const long = markedLine(`${"a ".repeat(500)}b`, { message: "", line: 1, column: 1001 })!;
  expect(long.text[long.indent.length]).toBe("b");
});

test("waits double up to ten seconds", () => {
  const longest = [1, 2, 3, 4, 5, 6, 50].map((attempt) => backoff(attempt, () => 1));
  expect(longest).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  expect(backoff(1, () => 0)).toBe(250);
});

test("frames that are not of the protocol are none", () => {
  for (const frame of ["", "null", "7", "[]", "{", '{"type":"x"}', '{"type":"stats"}', '{"type":"points","watch":"w1"}', new ArrayBuffer(1)])
    expect(readServerMessage(frame)).toBeNull();
});
