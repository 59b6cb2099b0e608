import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { run } from "./command.mjs";

const PROGRAMS = ["chromium", "chromium-browser", "google-chrome"];
const ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
const PATIENCE = 120_000;

/** A module that does not even load says so, too. */
const PAGE = `<script>
  const tell = (why) => fetch("/visit", { method: "POST", body: JSON.stringify({ luggage: {}, held: 0, read: 0, failed: [why] }) });
  addEventListener("error", ({ message }) => tell(message));
  addEventListener("unhandledrejection", ({ reason }) => tell(String(reason)));
</script>
<script type="module" src="/page.js"></script>`;

/** The browser that is installed here, and its version; `undefined` where there is none. */
export async function findChromium() {
  for (const program of PROGRAMS) {
    const { code, out } = await run([program, "--version"], { cwd: "." });
    if (code === 0) return { program, version: out.trim().replace(/^\D*/, "").split(" ")[0] ?? "" };
  }
  return undefined;
}

/**
 * One visit in a real browser, on what a bundler for browsers makes of the packages.
 * @param {string} program
 * @param {string} luggage - JSON
 * @returns {Promise<string>} JSON of the visit
 */
export async function visitInChromium(program, luggage) {
  const folder = mkdtempSync(join(tmpdir(), "cache-chromium-"));
  try {
    await bundle(join(folder, "page.js"));
    return await serve(readFileSync(join(folder, "page.js")), luggage, (url) =>
      spawn(program, [...ARGUMENTS, `--user-data-dir=${join(folder, "profile")}`, url], { stdio: "ignore" }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** @param {string} file */
async function bundle(file) {
  const input = fileURLToPath(new URL("programs/page.mjs", import.meta.url));
  const made = await rolldown({ input, platform: "browser", logLevel: "warn" });
  await made.write({ file, format: "esm", codeSplitting: false });
  await made.close();
}

/**
 * @param {Uint8Array} script
 * @param {string} luggage
 * @param {(url: string) => import("node:child_process").ChildProcess} launch
 * @returns {Promise<string>}
 */
async function serve(script, luggage, launch) {
  /** @type {(visit: string) => void} */
  let arrived = () => undefined;
  /** @type {Promise<string>} */
  const visited = new Promise((resolve) => {
    arrived = resolve;
  });
  const server = createServer((request, response) => {
    const answer = (/** @type {string} */ type, /** @type {string | Uint8Array} */ body) =>
      response.setHeader("content-type", type).end(body);
    if (request.url === "/page.js") return answer("text/javascript", script);
    if (request.url === "/luggage") return answer("application/json", luggage);
    if (request.method !== "POST") return answer("text/html", PAGE);
    let body = "";
    request.on("data", (piece) => {
      body += piece;
    });
    request.on("end", () => {
      answer("text/plain", "");
      arrived(body);
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const browser = launch(`http://127.0.0.1:${port}/`);
  const ended = new Promise((resolve) => browser.on("close", resolve));
  const timer = setTimeout(() => browser.kill("SIGKILL"), PATIENCE);
  try {
    const left = ended.then(() => Promise.reject(new Error("the browser ended without an answer")));
    return await Promise.race([visited, left]);
  } finally {
    clearTimeout(timer);
    browser.kill("SIGKILL");
    await ended;
    server.closeAllConnections();
    server.close();
  }
}
