import { chmodSync, chownSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fileStore } from "../src/index.ts";
import { nameOf, newBase, newDirectory } from "./directories.ts";
import { Installed } from "./installed.ts";

const name = nameOf("a value");
const installed = new Installed();
const isRoot = process.geteuid?.() === 0;
const nobody = isRoot ? { uid: 65534 } : {};

/** A directory of the user that programs are run as. */
function nobodysDirectory(): string {
  const base = newBase();
  chmodSync(base, 0o755);
  const directory = join(base, "store");
  mkdirSync(directory, { mode: 0o700 });
  if (isRoot) chownSync(directory, 65534, 65534);
  return directory;
}

describe("a medium that fails", () => {
  it("that takes no more bytes is ERR_CACHE_STORE with the system's code; what was there stays, no rest remains", async () => {
    const directory = newDirectory();
    const { out, err } = await installed.run(
      `const store = fileStore(args[0]);
       await store.put("${name}", new Uint8Array(1000).fill(1));
       for (const length of [600_000, 3_000_000]) {
         const error = await store.put("${name}", new Uint8Array(length)).catch((error) => error);
         console.log(error.code, error.cause.code, error.message.includes("EFBIG"));
       }`,
      { args: [directory], limits: "ulimit -f 200" },
    );
    expect({ out, err }).toEqual({ out: "ERR_CACHE_STORE EFBIG true\nERR_CACHE_STORE EFBIG true\n", err: "" });
    expect(await fileStore(directory).get(name)).toEqual(new Uint8Array(1000).fill(1));
    expect(readdirSync(join(directory, "v1", "tmp"))).toEqual([]);
  });

  it("that cannot be written to is ERR_CACHE_STORE for puts, and still read", async () => {
    const directory = nobodysDirectory();
    const { out, err } = await installed.run(
      `import { chmodSync } from "node:fs";
       const store = fileStore(args[0]);
       await store.put("${name}", new Uint8Array(10));
       for (const part of ["v1/tmp", "v1/blobs/${name.slice(6, 8)}"]) {
         chmodSync(args[0] + "/" + part, 0o500);
         const error = await store.put("${name}", new Uint8Array(20)).catch((error) => error);
         console.log(error.code, error.cause.code, (await store.get("${name}")).length);
         chmodSync(args[0] + "/" + part, 0o700);
       }`,
      { args: [directory], ...nobody },
    );
    expect({ out, err }).toEqual({ out: "ERR_CACHE_STORE EACCES 10\n".repeat(2), err: "" });
    expect(readdirSync(join(directory, "v1", "tmp"))).toEqual([]);
  });

  it("that cannot be read is ERR_CACHE_STORE, never absence", async () => {
    const { out, err } = await installed.run(
      `import { chmodSync } from "node:fs";
       const store = fileStore(args[0]);
       const all = async () => { for await (const _ of store.list("blobs")); };
       await store.put("${name}", new Uint8Array(10));
       chmodSync(args[0] + "/v1/blobs/${name.slice(6, 8)}", 0o000);
       for (const call of [store.get, store.open, store.stat, all, store.delete]) {
         const error = await call("${name}").catch((error) => error);
         console.log(error.code, error.cause.code, error.message.includes("${name.slice(6)}"));
       }
       chmodSync(args[0] + "/v1/blobs/${name.slice(6, 8)}", 0o700);`,
      { args: [nobodysDirectory()], ...nobody },
    );
    expect({ out, err }).toEqual({ out: "ERR_CACHE_STORE EACCES false\n".repeat(5), err: "" });
  });

  it("that has no more descriptors for a moment is waited for", async () => {
    const { out, err } = await installed.run(
      `import { openSync, closeSync } from "node:fs";
       const store = fileStore(args[0]);
       await store.put("${name}", new Uint8Array(10));
       const taken = [];
       try { for (;;) taken.push(openSync("/", "r")); } catch {}
       setTimeout(() => taken.forEach((fd) => closeSync(fd)), 100);
       const value = new Uint8Array(20).fill(1);
       const under = store.put("${nameOf("another")}", value);
       value.fill(0);
       const [whole, pieces, { written }] = await Promise.all([store.get("${name}"), store.open("${name}"), under]);
       const taken20 = (await store.get("${nameOf("another")}")).every((byte) => byte === 1);
       console.log(whole.length, pieces !== undefined, written, taken20, taken.length > 5);`,
      { args: [newDirectory()], limits: "ulimit -n 60" },
    );
    expect({ out, err }).toEqual({ out: "10 true true true true\n", err: "" });
  });

  it("that never has descriptors again is ERR_CACHE_STORE, not a wait without end", async () => {
    const { out, err } = await installed.run(
      `import { openSync } from "node:fs";
       const store = fileStore(args[0]);
       await store.put("${name}", new Uint8Array(10));
       try { for (;;) openSync("/", "r"); } catch {}
       const calls = [store.get, store.open, (name) => store.put(name, new Uint8Array(1))];
       const errors = await Promise.all(calls.map((call) => call("${name}").catch((error) => error)));
       for (const error of errors) console.log(error.code, error.cause.code);
       process.exit();`,
      { args: [newDirectory()], limits: "ulimit -n 60" },
    );
    expect({ out, err }).toEqual({ out: "ERR_CACHE_STORE EMFILE\n".repeat(3), err: "" });
  });

  it("a value that is no Uint8Array is a TypeError", async () => {
    const store = fileStore(newDirectory());
    for (const value of ["text", [1, 2], new ArrayBuffer(3), new Float64Array(2), undefined, null]) {
      await expect(store.put(name, value as unknown as Uint8Array)).rejects.toBeInstanceOf(TypeError);
    }
    await store.put(name, Buffer.from("a subclass is one"));
    expect(await store.get(name)).toEqual(new TextEncoder().encode("a subclass is one"));
  });
});
