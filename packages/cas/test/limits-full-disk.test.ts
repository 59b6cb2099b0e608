import { describe, expect, it } from "vitest";
import { nameOf } from "./directories.ts";
import { canHaveDisks, onDisk } from "./disks.ts";
import { Installed } from "./installed.ts";

const NAMES = JSON.stringify(Array.from({ length: 200 }, (_, n) => nameOf(`value ${n}`)));
const COMMON = `
  const names = ${NAMES};
  const here = async (store) => { let n = 0; for await (const _ of store.list("blobs")) n++; return n; };
  const plain = fileStore(directory);
  const seen = [];
  const onEviction = ({ count, error }) => seen.push([count, error?.cause?.code]);
  for (let n = 0; n < 60; n++) await plain.put(names[n], new Uint8Array(3000).fill(n));
  fill();
`;

describe.runIf(canHaveDisks())("a bounded store on a full disk", () => {
  const programs = new Installed();

  const run = (program: string) => onDisk(programs, COMMON + program);

  it("makes room when it is asked to, and keeps account again", async () => {
    const answer = await run(`
      const store = fileStore(directory, { maxBytes: 16 * 4096, onEviction });
      const { count, error } = await store.maintenance.evict();
      const [, , , bytes] = readFileSync(directory + "/v1/ledger", "utf8").split(" ");
      console.log(JSON.stringify({ count, error: error?.message, left: await here(plain), told: Number(bytes), seen }));
    `);
    expect(answer).toEqual({ count: 44, left: 16, told: 16 * 4096, seen: [[44, null]] });
  });

  it("makes room for a put, and tries once more; the caller may use its memory again meanwhile", async () => {
    const answer = await run(`
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
    const answer = await run(`
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
    const answer = await run(`
      const store = fileStore(directory, { maxBytes: 32 * 4096, onEviction });
      const content = new Uint8Array(20 * 4096).map((_, at) => at % 251);
      const body = (async function* () { for (let at = 0; at < content.length; at += 4096) yield content.subarray(at, at + 4096); })();
      const finish = () => ({ name: names[199], head: new Uint8Array(0) });
      const { written } = await store.putStream({ headLength: 0, body, finish });
      const same = Buffer.compare(await store.get(names[199]), content) === 0;
      console.log(JSON.stringify({ written, same, tmp: readdirSync(directory + "/v1/tmp").length }));
    `);
    expect(answer).toEqual({ written: true, same: true, tmp: 0 });
  });
});
