import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { createMock } from "./mock/api.mjs";

/** Where `npm run dev` finds the API: a running server if MILLRACE_URL names one, else the mock, inside Vite itself. */
const server = process.env.MILLRACE_URL;

function mockApi(): Plugin {
  return {
    name: "mock-api",
    apply: "serve",
    configureServer(vite) {
      if (server || process.env.VITEST) return;
      const mock = createMock();
      vite.middlewares.use((request, response, next) => {
        if (!mock.handle(request, response)) next();
      });
      vite.httpServer?.on("upgrade", (request, socket, head) => void mock.upgrade(request, socket, head));
      vite.httpServer?.on("close", () => mock.close());
    },
  };
}

export default defineConfig({
  plugins: [react(), mockApi()],
  server: server ? { proxy: { "/api": { target: server, ws: true, changeOrigin: true } } } : {},
  build: {
    outDir: "../src/Millrace.Server/wwwroot",
    emptyOutDir: true,
    // Everything is a file of its own, so that a policy of 'self' alone lets the page work.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
