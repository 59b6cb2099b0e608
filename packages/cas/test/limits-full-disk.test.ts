import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nameOf, newBase } from "./directories.ts";
import { Installed } from "./installed.ts";

/** A program of its own in a namespace of its own, where it may have a small disk. */
const NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"] as const;

function canHaveDisks(): boolean {
  try {
    execFileSync(NAMESPACE[0], [...NAMESPACE.slice(1), "mount", "-t", "tmpfs", "none", newBase()], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const NAMES = JSON.stringify(Array.from({ length: 200 }, (_, n) => nameOf(`value ${n}`)));
const COMMON = `
  import { closeSync, openSync, writeSync } from "node:fs";
  const names = ${NAMES};
  const here = async (store) => { let n = 0; for await (const _ of store.list("blobs")) n++; return n; };
  const fill = () => {
    const fd = openSync(args[0] + "/filler", "a");
    try { for (;;) writeSync(fd, new Uint8Array(4096)); } catch {} finally { closeSync(fd); }
  };
  const directory = args[0] + "/store";
  const plain = fileStore(directory);
  const seen = [];
  const onEviction = ({ count, error }) => seen.push([count, error?.cause?.code]);
  for (let n = 0; n < 60; n++) await plain.put(names[n], new Uint8Array(3000).fill(n));
  fill();
`;

describe.runIf(canHaveDisks())("a bounded store on a full disk", () => {
  const programs = new Installed();

  async function onDisk(program: string): Promise<unknown> {
    const disk = join(newBase(), "disk");
    mkdirSync(disk);
    const mount = `mount -t tmpfs -o size=1m,mode=700 none ${disk}`;
    const within = `exec ${NAMESPACE.join(" ")} sh -c '${mount} && exec "$0" "$@"' "$0" "$@"`;
    const { code, out, err } = await programs.run(COMMON + program, { args: [disk], limits: `${within}; exit 1` });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    return JSON.parse(out);
  }

  it("makes room when it is asked to, and keeps account again", async () => {
    const answer = await onDisk(`
      const store = fileStore(directory, { maxBytes: 16 * 4096, onEviction });
      const { count, error } = await store.maintenance.evict();
      const { readFileSync } = await import("node:fs");
      const [, , , bytes] = readFileSync(directory + "/v1/ledger", "utf8").split(" ");
      console.log(JSON.stringify({ count, error: error?.message, left: await here(plain), told: Number(bytes), seen }));
    `);
    expect(answer).toEqual({ count: 44, left: 16, told: 16 * 4096, seen: [[44, null]] });
  });

  it("makes room for a put, and tries once more; the caller may use its memory again meanwhile", async () => {
    const answer = await onDisk(`
      const store = fileStore(directory, { maxBytes: 16 * 4096, onEviction });
      const results = [];
      for (let n = 100; n < 140; n++) {
        const bytes = new Uint8Array(3000).fill(n);
        const put = store.put(names[n], bytes);
        bytes.fill(0);
        results.push((await put).written && (await store.get(names[n]))?.every((byte) => byte === n));
      }
      console.log(JSON.stringify({ ok: results.filter(Boolean).length, left: await here(plain) <= 17 }));
    `);
    expect(answer).toEqual({ ok: 40, left: true });
  });

  it("that is within its limits removes nothing for it, and says what is wrong; so does one without limits", async () => {
    const answer = await onDisk(`
      const codes = [];
      for (const store of [fileStore(directory, { maxBytes: 100 * 4096, onEviction }), plain]) {
        const puts = Array.from({ length: 20 }, (_, n) => store.put(names[100 + n], new Uint8Array(3000)));
        for (const put of await Promise.allSettled(puts)) codes.push(put.reason?.code + " " + put.reason?.cause?.code);
      }
      console.log(JSON.stringify({ codes: [...new Set(codes)], left: await here(plain), evicted: seen.some(([count]) => count > 0) }));
    `);
    expect(answer).toEqual({ codes: ["ERR_CACHE_STORE ENOSPC"], left: 60, evicted: false });
  });

  it("makes room for a stream", async () => {
    const answer = await onDisk(`
      const store = fileStore(directory, { maxBytes: 32 * 4096, onEviction });
      const content = new Uint8Array(20 * 4096).map((_, at) => at % 251);
      const body = (async function* () { for (let at = 0; at < content.length; at += 4096) yield content.subarray(at, at + 4096); })();
      const finish = () => ({ name: names[199], head: new Uint8Array(0) });
      const { written } = await store.putStream({ headLength: 0, body, finish });
      const same = Buffer.compare(await store.get(names[199]), content) === 0;
      console.log(JSON.stringify({ written, same, tmp: (await import("node:fs")).readdirSync(directory + "/v1/tmp").length }));
    `);
    expect(answer).toEqual({ written: true, same: true, tmp: 0 });
  });
});
