import { describe, expect, it } from "vitest";
import { newDirectory } from "./directories.ts";
import { Installed } from "./installed.ts";

const installed = new Installed();

/** Few descriptors, and far more calls at once than there are. */
const PROGRAM = `
  import { createCache } from "@cache/core";
  import { verifyStore } from "@cache/core/maintenance";
  import { closeSync, openSync } from "node:fs";
  const large = "x".repeat(2_500_000);
  const store = fileStore(args[0], JSON.parse(args[1]));
  const cache = createCache({ store });
  // Node opens some hundred at once to load modules. All but four are taken when that is over.
  await cache.set("first", 1);
  await verifyStore({ store });
  const free = () => { const fd = openSync("/", "r"); closeSync(fd); return fd; };
  const before = free();
  const taken = [];
  try { for (;;) taken.push(openSync("/", "r")); } catch {}
  for (const fd of taken.splice(0, 4)) closeSync(fd);
  async function* source() { for (let n = 0; n < 30; n++) yield new Uint8Array(100_000).fill(n); }
  const pieces = async (stream) => { let length = 0; for await (const piece of (await stream) ?? []) length += piece.length; return length; };
  const digest = await cache.blobs.put(source());
  const calls = [];
  for (let n = 0; n < 60; n++) {
    calls.push(["set", n, cache.set("k" + n, n)], ["get", 1, cache.get("first")], ["large", n, n % 10 ? 0 : cache.set("l" + n, large + n)]);
    calls.push(["stream", digest, n % 5 ? digest : cache.blobs.put(source())], ["open", 3_000_000, n % 5 ? 3_000_000 : pieces(cache.blobs.open(digest))]);
  }
  const settled = await Promise.allSettled(calls.map(([, , call]) => call));
  const failures = {};
  let wrong = 0;
  for (const [at, { status, reason, value }] of settled.entries()) {
    const [what, expected] = calls[at];
    if (status === "rejected") failures[reason.code + " " + reason.cause?.code] = true;
    else if (["get", "stream", "open"].includes(what) && value !== expected) wrong += 1;
  }
  for (const fd of taken) closeSync(fd);
  let lost = 0;
  for (const [at, { status }] of settled.entries()) {
    const [what, n] = calls[at];
    if (status === "rejected") continue;
    if (what === "set" && (await cache.get("k" + n)) !== n) lost += 1;
    if (what === "large" && n % 10 === 0 && (await cache.get("l" + n)) !== large + n) lost += 1;
  }
  await cache.set("last", 1);
  const { damaged, missing } = await verifyStore({ store });
  console.log(JSON.stringify({ failures: Object.keys(failures), wrong, lost, damaged, missing, last: await cache.get("last"), leaked: free() - before }));
`;

describe("a process that may open few files", () => {
  it.each(["{}", '{"durable":true}', '{"maxBytes":"1GB"}'])(
    "and does far more at once than that loses nothing, fails only by code, and recovers: fileStore with %s",
    async (options) => {
      const { out, err } = await installed.run(PROGRAM, { args: [newDirectory(), options], limits: "ulimit -n 300" });
      expect(err).toBe("");
      const { failures, ...rest } = JSON.parse(out);
      for (const failure of failures) expect(failure).toBe("ERR_CACHE_STORE EMFILE");
      expect(rest).toEqual({ wrong: 0, lost: 0, damaged: 0, missing: 0, last: 1, leaked: 0 });
    },
  );
});
