import { type BlockstoreEvent, type CacheBlockstoreOptions, cacheBlockstore } from "@cache/blockstore";
import { bytesCodec, type CacheEvent, type CacheOptions, createCache, type Store } from "@cache/core";
import { memoryStore } from "@cache/memory";
import type { Blockstore } from "interface-blockstore";
import { base32 } from "multiformats/bases/base32";
import { CID } from "multiformats/cid";
import { identity } from "multiformats/hashes/identity";
import { sha256, sha512 } from "multiformats/hashes/sha2";
import { describe, expect, it } from "vitest";

const RAW = 0x55;
const DAG_CBOR = 0x71;
const bytesOf = (text: string) => new TextEncoder().encode(text);

async function blockOf(text: string, hasher: typeof sha256 | typeof identity = sha256, codec = RAW) {
  const bytes = bytesOf(text);
  return { bytes, cid: CID.createV1(codec, await hasher.digest(bytes)) };
}

function open(options: Partial<CacheOptions> = {}, own: CacheBlockstoreOptions = {}) {
  const store = options.store ?? memoryStore({ maxBytes: "10MB" });
  const cache = createCache({ ...options, store });
  return { store, cache, blocks: cacheBlockstore(cache, own) };
}

async function read(blocks: Blockstore, cid: CID): Promise<string> {
  let text = "";
  for await (const piece of blocks.get(cid)) text += new TextDecoder().decode(piece);
  return text;
}

async function namesIn(blocks: Blockstore): Promise<string[]> {
  const names: string[] = [];
  for await (const { cid } of blocks.getAll()) names.push(cid.toString());
  return names;
}

/** Puts other content where a block is looked for, as whoever can write to an unsigned store can. */
const forge = (cache: ReturnType<typeof createCache>, cid: CID, text: string) =>
  cache.namespace("blocks", { codec: bytesCodec }).set(base32.encode(cid.multihash.bytes), bytesOf(text));

describe("cacheBlockstore", () => {
  it("takes a block in pieces, also in pieces of one buffer that is used again", async () => {
    const { blocks } = open();
    const { cid } = await blockOf("abcd");
    const buffer = new Uint8Array(2);
    await blocks.put(
      cid,
      (function* () {
        for (const part of ["ab", "cd"]) {
          buffer.set(bytesOf(part));
          yield buffer;
        }
      })(),
    );
    expect(await read(blocks, cid)).toBe("abcd");
  });

  it("refuses a block that its CID is not of, and leaves nothing of it", async () => {
    const { blocks } = open();
    const { cid } = await blockOf("right");
    await expect(blocks.put(cid, bytesOf("wrong"))).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
    expect(await blocks.has(cid)).toBe(false);
    expect(await namesIn(blocks)).toEqual([]);
  });

  it("stores a copy: what the caller does to the bytes meanwhile changes nothing", async () => {
    const { blocks } = open();
    const { cid, bytes } = await blockOf("right");
    const putting = blocks.put(cid, bytes);
    bytes.fill(0);
    await Promise.allSettled([putting]);
    for await (const pair of blocks.getAll()) expect(await read(blocks, pair.cid)).toBe("right");
  });

  it("other content under a CID is not there, and an event, however well it is stored", async () => {
    const events: BlockstoreEvent[] = [];
    const { blocks, cache } = open({}, { onEvent: (event) => events.push(event) });
    const [good, bad] = [await blockOf("good"), await blockOf("bad")];
    await blocks.put(good.cid, good.bytes);
    await blocks.put(bad.cid, bad.bytes);
    await forge(cache, bad.cid, "forged");
    await expect(read(blocks, bad.cid)).rejects.toMatchObject({ name: "NotFoundError" });
    expect(await blocks.has(bad.cid)).toBe(false);
    expect(await namesIn(blocks)).toEqual([good.cid.toString()]);
    expect(events).toHaveLength(3);
    expect(events[0]).toMatchObject({ type: "rejected", level: "security", cid: bad.cid });
    await blocks.put(bad.cid, bad.bytes);
    expect(await read(blocks, bad.cid)).toBe("bad");
  });

  it("a damaged block is not there, and an event of the cache", async () => {
    const events: CacheEvent[] = [];
    const { blocks, store } = open({ onEvent: (event) => events.push(event) });
    const { cid, bytes } = await blockOf("block");
    await blocks.put(cid, bytes);
    for await (const { name } of store.list("entries")) await store.put(name, bytesOf("damage"));
    expect(await blocks.has(cid)).toBe(false);
    expect(events.some(({ type, level }) => type === "rejected" || level === "security")).toBe(true);
  });

  it("a store that fails is no block that is not there", async () => {
    const gone = () => Promise.reject(new Error("the disk is gone"));
    const store: Store = { ...open().store, get: gone, put: gone };
    const { blocks } = open({ store });
    const { cid, bytes } = await blockOf("block");
    const failed = { code: "ERR_CACHE_STORE" };
    await expect(read(blocks, cid)).rejects.toMatchObject(failed);
    await expect(blocks.has(cid)).rejects.toMatchObject(failed);
    await expect(blocks.put(cid, bytes)).rejects.toMatchObject(failed);
  });

  it("knows one block by all CIDs of it", async () => {
    const { blocks } = open();
    const { cid, bytes } = await blockOf("block", sha256, DAG_CBOR);
    await blocks.put(cid, bytes);
    expect(await read(blocks, (await blockOf("block")).cid)).toBe("block");
    expect(await read(blocks, CID.createV0(cid.multihash as never))).toBe("block");
  });

  it("a CID by identity may be as long as a key, and a longer one is refused and not there", async () => {
    const { blocks } = open();
    const [most, more] = await Promise.all([2497, 2498].map((length) => blockOf("x".repeat(length), identity)));
    if (most === undefined || more === undefined) throw new Error("no blocks");
    await blocks.put(most.cid, most.bytes);
    expect(await read(blocks, most.cid)).toHaveLength(2497);
    await expect((async () => blocks.put(more.cid, more.bytes))()).rejects.toThrow("longer than 2500 bytes");
    expect(await blocks.has(more.cid)).toBe(false);
    await expect(read(blocks, more.cid)).rejects.toMatchObject({ name: "NotFoundError" });
    await blocks.delete(more.cid);
    expect(await namesIn(blocks)).toEqual([most.cid.toString()]);
  });

  it("takes CIDs by identity, and by functions it was given; others it refuses and has not", async () => {
    const { blocks } = open();
    const inline = await blockOf("inline", identity);
    await blocks.put(inline.cid, inline.bytes);
    expect(await read(blocks, inline.cid)).toBe("inline");
    await expect(blocks.put(inline.cid, bytesOf("other!"))).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });

    const long = await blockOf("long", sha512 as unknown as typeof sha256);
    await expect(blocks.put(long.cid, long.bytes)).rejects.toThrow(TypeError);
    expect(await blocks.has(long.cid)).toBe(false);
    const { blocks: knowing } = open({}, { hashers: [sha512] });
    await knowing.put(long.cid, long.bytes);
    expect(await read(knowing, long.cid)).toBe("long");
    await expect(knowing.put(long.cid, bytesOf("short"))).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
  });

  it("takes no more of a block than it may be long", async () => {
    const { blocks } = open({}, { maxBlockSize: 10 });
    const { cid } = await blockOf("");
    let pulled = 0;
    const endless = (function* () {
      for (;;) {
        pulled += 1;
        yield new Uint8Array(4);
      }
    })();
    await expect(blocks.put(cid, endless)).rejects.toMatchObject({ code: "ERR_CACHE_LIMIT" });
    expect(pulled).toBe(3);
  });

  it("passes over keys in its namespace that are no blocks", async () => {
    const { blocks, cache } = open();
    const { cid, bytes } = await blockOf("block");
    await blocks.put(cid, bytes);
    await cache.namespace("blocks", { codec: bytesCodec }).set("no multihash", bytesOf("x"));
    expect(await namesIn(blocks)).toEqual([cid.toString()]);
  });

  it("refuses options that are none", () => {
    expect(() => open({}, { base: "x" } as object)).toThrow(TypeError);
    expect(() => open({}, { maxBlockSize: "much" })).toThrow(TypeError);
  });
});
