import { callRecords } from "@cache/calls";
import { ephemeralStore, fileStore } from "@cache/cas";
import { type Codec, createCache, memoize, memoizeGenerator, pool, readOnly, split, tiered } from "@cache/core";
import { auditLog } from "@cache/core/audit";
import { digestOf } from "@cache/core/digest";
import { exportPem, Keyring, MasterKey, SigningKey } from "@cache/core/keyring";
import { sealer } from "@cache/crypto-envelope";
import { memoryStore } from "@cache/memory";
import { ed25519Signer } from "@cache/signer";
import { describe, expect, it } from "vitest";
import { directory } from "./slots.ts";

const store = memoryStore({ maxBytes: 1_000_000 });
const keyring = Keyring.of(MasterKey.generate());
const identity = SigningKey.generate();

/** What JavaScript can pass and TypeScript would not. */
const wrong: Readonly<Record<string, (value: never) => unknown>> = {
  createCache: (given) => createCache(Object.assign({ store }, given)),
  namespace: (given) => createCache({ store }).namespace("n", given),
  memoize: (given) => memoize(createCache({ store }), () => 1, Object.assign({ name: "f" }, given)),
  memoizeGenerator: (given) => memoizeGenerator(createCache({ store }), () => [1], Object.assign({ name: "f" }, given)),
  callRecords: (given) => callRecords(createCache({ store }), given),
  digestOf: (given) => digestOf(1, given),
  memoryStore: (given) => memoryStore(Object.assign({ maxBytes: 1000 }, given)),
  fileStore: (given) => fileStore(directory(), given),
  ephemeralStore: (given) => ephemeralStore(given),
  sealer: (given) => sealer(keyring, given),
  ed25519Signer: (given) => ed25519Signer(Object.assign({ identity }, given)),
  set: (given) => createCache({ store }).set("k", 1, given),
  getOrSet: (given) => createCache({ store }).getOrSet("k", () => 1, given),
};

const calling = async (call: () => unknown) => call();

describe.each(Object.entries(wrong))("%s", (_, call) => {
  it("refuses an option it does not know: a misspelt one would leave a property out", async () => {
    await expect(calling(() => call({ singer: 1 } as never))).rejects.toThrow(/no option "singer"/);
  });
});

describe("options that are no object", () => {
  it.each([
    () => createCache(undefined as never),
    () => createCache(null as never),
    () => createCache({ store }).namespace("n", null as never),
    () => createCache({ store }).set("k", 1, null as never),
    () => createCache({ store }).getOrSet("k", () => 1, null as never),
    () => memoryStore(undefined as never),
    () => fileStore(directory(), null as never),
    () => ephemeralStore(null as never),
    () => sealer(keyring, null as never),
    () => ed25519Signer(undefined as never),
  ])("are refused in words: %s", async (call) => {
    await expect(calling(call)).rejects.toThrow(/^the options of .* are an object$/);
  });
});

describe("values of another type are refused at once", () => {
  const held = createCache({ store });
  const codec = { name: "own", encode: () => "text", decode: () => 1 } as unknown as Codec<unknown>;
  it.each<[string, () => unknown, RegExp]>([
    ["tiered over null", () => tiered(null as never, store), /store/],
    ["split with half", () => split({ blobs: store } as never), /split needs a store/],
    ["readOnly over null", () => readOnly(null as never), /store/],
    ["a pool of no stores", () => pool(store, {} as never), /"store" is none/],
    [
      "needs that are no list",
      () => held.set("k", 1, { needs: { length: 0, flatMap: () => [] } as never }),
      /"needs" are up to/,
    ],
    ["needs that are no digests", () => held.set("k", 1, { needs: ["zz"] }), /"needs" are digests/],
    ["needs in a list", () => held.set("k", 1, { needs: [["0".repeat(64)]] as never }), /"needs" are digests/],
    ["a digest in a list", () => held.blobs.get(["0".repeat(64)] as never), /a digest is 64/],
    [
      "a function that is none",
      () => memoize(held, { apply: () => 1 } as never, { name: "f" }),
      /memoize needs a function/,
    ],
    [
      "a name that is no text",
      () => memoize(held, () => 1, { name: Object("f") }),
      /name of a memoized function is text/,
    ],
    [
      "what is ignored as text",
      () => memoize(held, () => 1, { name: "f", ignore: "0" as never }),
      /"ignore" is an object/,
    ],
    [
      "further keys of a log that are no list",
      () => auditLog("log", { otherKeys: { length: 0, *[Symbol.iterator]() {} } as never }),
      /otherKeys is an array/,
    ],
    ["a key without a PEM form", () => exportPem(MasterKey.generate() as never), /only Ed25519 keys have a PEM form/],
    ["durable as a number", () => fileStore(directory(), { durable: 1 as never }), /durable/],
    ["a parent as a number", () => ephemeralStore({ parent: 5 as never }), /parent/],
    ["a lifetime in a list", () => createCache({ store, ttl: ["5m"] as never }), /duration/],
    ["a size in a list", () => memoryStore({ maxBytes: ["5KB"] as never }), /size/],
    ["a namespace with a control character of Latin-1", () => createCache({ store, namespace: "a\u0085b" }), /control/],
    ["a codec without a name", () => createCache({ store, codec: { ...codec, name: undefined } as never }), /name/],
    ["a codec that gives no bytes", () => createCache({ store, codec }).set("k", 1), /no Uint8Array/],
    ["memoize of nothing", () => memoize(null as never, () => 1, { name: "f" }), /needs a cache/],
    ["memoize without a name", () => memoize(createCache({ store }), () => 1, {} as never), /needs a name/],
    ["memoize by a text", () => memoize(createCache({ store }), () => 1, { name: "f", key: "id" as never }), /key/],
    ["memoize for no time", () => memoize(createCache({ store }), () => 1, { name: "f", ttl: "soon" }), /duration/],
    ["a secret key among the trusted", () => ed25519Signer({ trusted: [identity as never] }), /public keys/],
    ["text as identity", () => ed25519Signer({ identity: "secret" as never }), /SigningKey/],
    ["a file without a path", () => createCache({ store }).blobs.toFile("0".repeat(64), ""), /path/],
    ["a range from below zero", () => createCache({ store }).blobs.open("0".repeat(64), { start: -1 }), /offsets/],
    ["a range to no number", () => createCache({ store }).blobs.open("0".repeat(64), { end: Number.NaN }), /offsets/],
  ])("%s", async (_, call, why) => {
    const failure = await calling(call).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TypeError);
    expect((failure as TypeError).message).toMatch(why);
  });
});
