import { closeSync, openSync, writeSync } from "node:fs";
import type { Store } from "@cache/core";
import type { Name } from "@cache/core/adapter";
import { afterEach, describe, expect, it } from "vitest";
import { PackageStore } from "../src/entries/package-store.ts";
import { readHead } from "../src/file/head.ts";
import { PackageFile } from "../src/file/package-file.ts";
import { noise, TRUSTED, text, useBench } from "./bench.ts";

const bench = useBench();
const opened: PackageFile[] = [];
afterEach(async () => {
  for (const file of opened.splice(0)) await file.close();
});

const SMALL: Name = `entries/${"0a".repeat(32)}`;
const LARGE: Name = `blobs/${"0b".repeat(32)}`;
const ABSENT: Name = `entries/${"0c".repeat(32)}`;
/** Of several pieces. */
const CONTENT = noise(600_000);

async function packed(): Promise<Store> {
  const members = [
    { path: SMALL, content: text("small") },
    { path: LARGE, content: CONTENT },
  ];
  await bench().make({ created: 1000 }, members);
  const file = await PackageFile.open(bench().file);
  opened.push(file);
  return new PackageStore(file, await readHead(file, TRUSTED));
}

async function joined(pieces: AsyncIterable<Uint8Array> | undefined): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces ?? []) all.push(piece);
  return new Uint8Array(Buffer.concat(all));
}

const same = (one: Uint8Array | undefined, other: Uint8Array): boolean => Buffer.from(one ?? []).equals(other);

/** Changes a byte of the package in place, as somebody who has the file open may. */
function spoil(fromEnd: number): void {
  const at = bench().bytes().length - fromEnd;
  const handle = openSync(bench().file, "r+");
  writeSync(handle, Uint8Array.of((bench().bytes()[at] as number) ^ 1), 0, 1, at);
  closeSync(handle);
}

describe("a package as a store", () => {
  it("gives its members under their names, whole and in ranges, and nothing else", async () => {
    const store = await packed();
    expect(await store.get(SMALL)).toEqual(text("small"));
    expect(same(await joined(await store.open(LARGE)), CONTENT)).toBe(true);
    for (const [start, end] of [
      [0, 10],
      [262_140, 262_150],
      [599_999, 700_000],
      [5, 5],
      [600_001, 600_002],
    ] as const)
      expect(await joined(await store.open(LARGE, { start, end }))).toEqual(CONTENT.slice(start, end));
    expect([await store.get(ABSENT), await store.open(ABSENT), await store.stat(ABSENT)]).toEqual(
      Array(3).fill(undefined),
    );
    expect(await store.get(".bundle/about.json" as Name)).toBeUndefined();
    expect(await store.stat(LARGE)).toMatchObject({ size: 600_000, modified: 1000 });
    for (const [kind, names] of [
      ["entries", [SMALL]],
      ["blobs", [LARGE]],
      ["notes", []],
    ] as const) {
      const listed: string[] = [];
      for await (const { name } of store.list(kind)) listed.push(name);
      expect(listed).toEqual(names);
    }
  });

  it("refuses what is longer than asked for, every change, and calls that were aborted", async () => {
    const store = await packed();
    await expect(store.get(LARGE, { limit: 599_999 })).rejects.toMatchObject({ code: "ERR_CACHE_LIMIT" });
    expect(same(await store.get(LARGE, { limit: 600_000 }), CONTENT)).toBe(true);
    const draft = { headLength: 0, body: (async function* () {})(), finish: () => ({ name: SMALL, head: text("") }) };
    for (const change of [store.put(SMALL, text("x")), store.delete(SMALL), store.putStream(draft)])
      await expect(change).rejects.toMatchObject({ code: "ERR_CACHE_READ_ONLY" });
    const signal = AbortSignal.abort(new Error("enough"));
    for (const call of [store.get(SMALL, { signal }), store.open(SMALL, { signal }), store.stat(SMALL, { signal })])
      await expect(call).rejects.toThrow("enough");
  });

  it("refuses bytes that were changed since the package was verified, also in a range that has none of them", async () => {
    const store = await packed();
    spoil(1);
    await expect(store.get(SMALL)).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
    expect(same(await store.get(LARGE), CONTENT)).toBe(true);
    spoil(10);
    await expect(store.get(LARGE)).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
    for (const range of [{}, { start: 0, end: 10 }])
      await expect(store.open(LARGE, range).then(joined)).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
  });
});
