import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createMock } from "./api.mjs";

/** The built page and the mock API on one port: node mock/server.mjs --port 8090 --scenario stalled */
const { values } = parseArgs({
  options: { port: { type: "string", default: "8090" }, scenario: { type: "string", default: "healthy" } },
});
const root = fileURLToPath(new URL("../../src/Millrace.Server/wwwroot", import.meta.url));
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";

const mock = createMock({ scenario: values.scenario });
const server = createServer(async (request, response) => {
  if (mock.handle(request, response)) return;
  const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://mock").pathname));
  const file = join(root, path === "/" ? "index.html" : path);
  try {
    const bytes = await readFile(file);
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream", "content-security-policy": policy });
    response.end(bytes);
  } catch {
    response.writeHead(404).end();
  }
});
server.on("upgrade", (request, socket, head) => {
  if (!mock.upgrade(request, socket, head)) socket.destroy();
});
server.listen(Number(values.port), "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}/ (${values.scenario})`);
});
