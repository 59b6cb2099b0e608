import { describe, expect, it } from "vitest";
import { canHaveDisks, onDisk } from "./disks.ts";
import { Installed } from "./installed.ts";

/** A cache on a disk that has just become full, and everything that can be asked of it. */
const FULL = `
  const events = [];
  const store = fileStore(directory);
  const cache = createCache({ store, onEvent: ({ type, code }) => type === "write-failed" && events.push(code) });
  const large = "x".repeat(80_000);
  await cache.setMany([["small", "old"], ["large", large], ["gone", large]]);
  const closed = [];
  async function* source() { try { for (;;) yield new Uint8Array(100_000); } finally { closed.push(true); } }
`;
const ASK = `
  const asked = {
    set: await outcome(() => cache.set("new", large)),
    overwrite: await outcome(() => cache.set("large", "y".repeat(80_000))),
    stream: await outcome(() => cache.blobs.put(source())),
    closed: closed.length,
    getOrSet: await outcome(() => cache.getOrSet("computed", () => large + "!")) === large + "!",
    events,
    read: [await cache.get("small"), (await cache.get("large")) === large, await cache.has("new")],
    verified: await outcome(async () => { const { ok, damaged, missing } = await verifyStore({ store }); return [ok > 0, damaged, missing]; }),
    left: filesBelow("tmp").length,
  };
  await cache.delete("gone");
  asked.collected = await outcome(async () => (await collectGarbage({ store, keep: "1h" })).error ?? "done");
  asked.gone = await cache.has("gone");
  room();
  await cache.set("new", large);
  asked.again = (await cache.get("new")) === large;
  say(asked);
`;

const EXPECTED = {
  set: ["ERR_CACHE_STORE", "ENOSPC"],
  overwrite: ["ERR_CACHE_STORE", "ENOSPC"],
  stream: ["ERR_CACHE_STORE", "ENOSPC"],
  closed: 1,
  getOrSet: true,
  events: ["ERR_CACHE_STORE"],
  read: ["old", true, false],
  verified: [true, 0, 0],
  left: 0,
  collected: "done",
  gone: false,
  again: true,
};

describe.runIf(canHaveDisks())("a full medium", () => {
  const programs = new Installed();
  const run = (program: string, options: string) => onDisk(programs, program, { options });

  it("fails puts and streams with the system's code, gives what is computed, reads, deletes and collects, and recovers", async () => {
    expect(await run(`${FULL} fill(); ${ASK}`, "size=1m")).toEqual(EXPECTED);
  });

  it("that can hold no more files is one", async () => {
    expect(await run(`${FULL} fillFiles(); ${ASK}`, "size=4m,nr_inodes=400")).toEqual(EXPECTED);
  });

  it.each([2, 3, 4, 5, 6, 7, 8, 9, 10])(
    "a store whose making failed at the %s. file is none, and is made whole when there is room",
    async (files) => {
      const answer = await run(
        `run("mount", "-o", "remount,nr_inodes=${files}", disk);
         const store = fileStore(directory);
         const cache = createCache({ store });
         const first = await outcome(() => cache.set("a", 1));
         const before = [await outcome(() => cache.get("a")), await outcome(async () => (await verifyStore({ store })).damaged)];
         run("mount", "-o", "remount,nr_inodes=400", disk);
         const other = createCache({ store: fileStore(directory) });
         await other.set("a", 2);
         await cache.set("b", 3);
         say({ first, before, after: [await cache.get("a"), await other.get("b")], whole: readFileSync(directory + "/CACHEDIR.TAG", "utf8").startsWith("Signature: "), left: filesBelow("tmp").length });`,
        "size=4m,nr_inodes=400",
      );
      expect(answer).toEqual({
        first: ["ERR_CACHE_STORE", "ENOSPC"],
        // JSON knows no undefined.
        before: [null, 0],
        after: [2, 3],
        whole: true,
        left: 0,
      });
    },
  );

  it("a put that fails while a store is made on a disk without room leaves no half layout", async () => {
    const answer = await run(
      `fill();
       const cache = createCache({ store: fileStore(directory) });
       const first = await outcome(() => cache.set("a", 1));
       const before = await outcome(() => cache.get("a"));
       room();
       await cache.set("a", 2);
       say([first, before, await cache.get("a"), await createCache({ store: fileStore(directory) }).get("a"), readFileSync(directory + "/CACHEDIR.TAG", "utf8").startsWith("Signature: "), filesBelow("tmp").length]);`,
      "size=1m",
    );
    expect(answer).toEqual([["ERR_CACHE_STORE", "ENOSPC"], null, 2, 2, true, 0]);
  });

  it("damage is refused and set aside on it", async () => {
    const answer = await run(
      `${FULL}
       const path = filesBelow("blobs")[0];
       truncateSync(path, 100);
       fill();
       say([await cache.get("large"), await cache.get("gone"), filesBelow("quarantine").length]);`,
      "size=1m",
    );
    expect(answer).toEqual([null, null, 1]);
  });
});
