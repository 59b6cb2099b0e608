import { describe, expect, it } from "vitest";
import { canHaveDisks, onDisk } from "./disks.ts";
import { Installed } from "./installed.ts";

/** A store that holds what is sound and what is damaged, on a disk that can be written to no more. */
const READ_ONLY = `
  const large = "x".repeat(80_000);
  const prepared = createCache({ store: fileStore(directory) });
  await prepared.setMany([["sound", 1], ["large", large], ["damaged", "y".repeat(80_000)]]);
  const plain = await prepared.blobs.put(new Uint8Array(2_000_000).fill(7));
  for (const path of filesBelow("blobs")) if (readFileSync(path, "utf8").startsWith('"y')) truncateSync(path, 100);
  run("mount", "-o", "remount,ro", disk);
  const events = [];
  const onEvent = ({ type, code }) => ["write-failed", "quarantined", "rejected"].includes(type) && events.push(type + " " + code);
`;

describe.runIf(canHaveDisks())("a medium that cannot be written to", () => {
  const programs = new Installed();

  it.each(["{}", "{ durable: true }", '{ maxBytes: "1GB", onEviction: () => {} }'])(
    "is read and verified, and refuses what is damaged though it cannot be set aside: fileStore with %s",
    async (options) => {
      const answer = await onDisk(
        programs,
        `${READ_ONLY}
         const store = fileStore(directory, ${options});
         const cache = createCache({ store, onEvent });
         const strict = createCache({ store, strict: true });
         let length = 0;
         for await (const piece of await cache.blobs.open(plain)) length += piece.length;
         say({
           read: [await cache.get("sound"), (await cache.get("large")) === large, length],
           damaged: [await cache.lookup("damaged").then(({ state }) => state), await outcome(() => strict.get("damaged")), events.splice(0)],
           verified: await outcome(async () => { const { ok, damaged } = await verifyStore({ store }); return [ok, damaged]; }),
           again: await cache.has("damaged"),
         });`,
        { options: "size=16m" },
      );
      expect(answer).toEqual({
        read: [1, true, 2_000_000],
        damaged: ["rejected", ["ERR_CACHE_AUTH", null], ["write-failed ERR_CACHE_STORE", "rejected ERR_CACHE_AUTH"]],
        verified: [5, 1],
        again: false,
      });
    },
  );

  it("fails every call that changes something with the system's code, and gives what is computed", async () => {
    const answer = await onDisk(
      programs,
      `${READ_ONLY}
       const store = fileStore(directory);
       const cache = createCache({ store, onEvent });
       const codes = {
         set: await outcome(() => cache.set("new", 1)),
         overwrite: await outcome(() => cache.set("sound", 2)),
         put: await outcome(() => cache.blobs.put(new Uint8Array(5))),
         stream: await outcome(() => cache.blobs.put((async function* () { yield new Uint8Array(3_000_000); })())),
         delete: await outcome(() => cache.delete("sound")),
         clear: await outcome(() => cache.clear()),
         collect: await outcome(() => collectGarbage({ store, keep: "1h", now: () => Date.now() + 7_200_000 })),
         sweep: await outcome(() => store.maintenance.sweepTemporary()),
         limits: await outcome(async () => (await fileStore(directory, { maxEntries: 2 }).maintenance.evict()).error?.code),
       };
       const computed = await cache.getOrSet("computed", () => "computed");
       const kept = [await cache.get("sound"), (await cache.get("large")) === large];
       const elsewhere = createCache({ store: fileStore(disk + "/other") });
       const none = [await outcome(() => elsewhere.get("a")), await outcome(() => elsewhere.set("a", 1))];
       run("mount", "-o", "remount,rw", disk);
       await cache.set("new", 3);
       say({ codes, computed, events, kept, none, after: await cache.get("new") });`,
      { options: "size=16m" },
    );
    const readOnly = ["ERR_CACHE_STORE", "EROFS"];
    expect(answer).toEqual({
      codes: {
        ...{ set: readOnly, overwrite: readOnly, put: readOnly, stream: readOnly, delete: readOnly, clear: readOnly },
        ...{ collect: readOnly, sweep: { count: 0, bytes: 0 }, limits: "ERR_CACHE_STORE" },
      },
      computed: "computed",
      events: ["write-failed ERR_CACHE_STORE"],
      kept: [1, true],
      none: [null, readOnly],
      after: 3,
    });
  });
});

describe.runIf(canHaveDisks())("a medium that is taken away", () => {
  const programs = new Installed();

  it("is an empty place until it is back, then all is there; a read under way ends whole or fails", async () => {
    const answer = await onDisk(
      programs,
      `mkdirSync(disk + "/medium"); mkdirSync(disk + "/place", { mode: 0o700 });
       const bind = () => run("mount", "--bind", disk + "/medium", disk + "/place");
       bind();
       const store = fileStore(disk + "/place/store");
       const cache = createCache({ store });
       await cache.set("a", 1);
       const digest = await cache.blobs.put(new Uint8Array(3_000_000).fill(9));
       const reading = (await cache.blobs.open(digest))[Symbol.asyncIterator]();
       await reading.next();
       run("umount", "-l", disk + "/place");
       // For a second the store believes that its directories are what they were.
       const gone = [await outcome(() => cache.get("a")), await outcome(() => createCache({ store: fileStore(disk + "/place/store") }).get("a"))];
       let rest = 0;
       for (let next = await reading.next(); !next.done; next = await reading.next()) rest += next.value.length;
       rmSync(disk + "/place", { recursive: true });
       writeFileSync(disk + "/place", "");
       const broken = [await outcome(() => createCache({ store: fileStore(disk + "/place/store") }).set("b", 2)), await outcome(() => cache.getOrSet("b", () => "computed"))];
       rmSync(disk + "/place");
       mkdirSync(disk + "/place", { mode: 0o700 });
       bind();
       const back = await cache.get("a");
       await cache.set("b", 3);
       say({ gone, rest, broken, back, after: await createCache({ store: fileStore(disk + "/place/store") }).get("b") });`,
      { options: "size=32m" },
    );
    expect(answer).toEqual({
      gone: [null, null],
      rest: 3_000_000 - 1_048_576,
      // A store that cannot be asked fails the call: nobody knows whether the value is there.
      broken: [
        ["ERR_CACHE_STORE", "ENOTDIR"],
        ["ERR_CACHE_STORE", "ENOTDIR"],
      ],
      back: 1,
      after: 3,
    });
  });

  it("or fills up, or loses its directories, in the middle of a put: the put fails, and what was there stays", async () => {
    const answer = await onDisk(
      programs,
      `const store = fileStore(directory, { durable: true });
       const cache = createCache({ store });
       await cache.set("a", "old");
       const codes = [];
       const midway = async (disturb) => {
         const source = (async function* () {
           for (let n = 0; n < 30; n++) { if (n === 15) disturb(); yield new Uint8Array(100_000).fill(n); }
         })();
         codes.push(await outcome(() => cache.blobs.put(source)));
       };
       await midway(fill);
       room();
       await midway(() => rmSync(directory + "/v1/tmp", { recursive: true }));
       await cache.set("b", "new");
       say({ codes, read: [await cache.get("a"), await cache.get("b")], left: filesBelow("tmp").length, blobs: filesBelow("blobs").length });`,
      { options: "size=8m" },
    );
    expect(answer).toEqual({
      codes: [
        ["ERR_CACHE_STORE", "ENOSPC"],
        ["ERR_CACHE_STORE", "ENOENT"],
      ],
      read: ["old", "new"],
      left: 0,
      blobs: 0,
    });
  });
});
