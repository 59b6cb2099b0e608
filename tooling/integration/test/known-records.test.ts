import { bytesCodec, type CacheEvent, createCache, type Signer, type Standing, type Store } from "@cache/core";
import { crypto } from "@cache/core/crypto";
import { addKey, Keyring, MasterKey, promoteKey, retireKey, revokeKey, SigningKey } from "@cache/core/keyring";
import { sealer } from "@cache/crypto-envelope";
import { memoryStore } from "@cache/memory";
import { ed25519Signer, hmacSigner } from "@cache/signer";
import { describe, expect, it } from "vitest";

const memory = (): Store => memoryStore({ maxBytes: "10MB" });

/** A signer that counts what it is asked. */
function counted(signer: Signer): Signer & { readonly asked: { verify: number; standing: number } } {
  const asked = { verify: 0, standing: 0 };
  return {
    asked,
    get identity() {
      return signer.identity;
    },
    sign: (message) => signer.sign(message),
    verify(...given) {
      asked.verify++;
      return signer.verify(...given);
    },
    standing(header) {
      asked.standing++;
      return signer.standing?.(header) as Standing;
    },
  };
}

async function onlyEntry(store: Store): Promise<[name: Parameters<Store["get"]>[0], bytes: Uint8Array]> {
  for await (const { name } of store.list("entries")) return [name, (await store.get(name)) as Uint8Array];
  throw new Error("there is no entry");
}

/** A store that hands out the same memory each time, which the port forbids. */
function reusingStore(medium: Store, scratch: Buffer): Store {
  return {
    ...medium,
    async get(name, options) {
      const bytes = (await medium.get(name, options)) as Uint8Array;
      scratch.set(bytes);
      return scratch.subarray(0, bytes.length);
    },
  };
}

const master = MasterKey.generate();
const identity = SigningKey.generate();
const signers: Readonly<Record<string, () => Signer>> = {
  "HMAC keys": () => hmacSigner(Keyring.of(master)),
  "Ed25519 keys": () => ed25519Signer({ identity }),
};

describe.each(Object.keys(signers))("a record that was verified, with %s", (kind) => {
  const signer = () => (signers[kind] as () => Signer)();

  it.each([true, false])("is verified once a cache, and its key asked about each time, sealed: %s", async (sealed) => {
    const sign = counted(signer());
    const cache = createCache({ store: memory(), sign, seal: sealed ? sealer(Keyring.of(master)) : undefined });
    await cache.set("k", "v");
    for (let round = 0; round < 3; round++) expect(await cache.get("k")).toBe("v");
    expect(await cache.has("k")).toBe(true);
    expect(sign.asked).toEqual({ verify: 1, standing: 3 });
    expect(await cache.namespace("below").get("k")).toBeUndefined();
    expect(await cache.view(() => true).get("k")).toBe("v");
    expect(sign.asked).toEqual({ verify: 1, standing: 4 });
  });

  it("is verified every time by a signer that says nothing of its keys", async () => {
    const { sign, identity: by, verify, standing: _, asked } = counted(signer());
    const cache = createCache({ store: memory(), sign: { sign, identity: by, verify } });
    await cache.set("k", "v");
    for (let round = 0; round < 3; round++) expect(await cache.get("k")).toBe("v");
    expect(asked).toEqual({ verify: 3, standing: 0 });
  });

  it("is not believed with one bit changed, whatever the bit", async () => {
    const store = memory();
    const cache = createCache({ store, sign: signer() });
    await cache.set("k", "v");
    expect(await cache.get("k")).toBe("v");
    const [name, bytes] = await onlyEntry(store);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = bytes.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      await store.put(name, changed);
      expect(await cache.get("k"), `bit ${bit}`).toBeUndefined();
      await store.put(name, bytes);
      expect(await cache.get("k")).toBe("v");
    }
    for (const length of [0, 31, 32, bytes.length - 1]) {
      await store.put(name, bytes.slice(0, length));
      expect(await cache.get("k"), `${length} bytes`).toBeUndefined();
    }
  });

  it("expires all the same, and belongs to no other name", async () => {
    let now = 1_000_000;
    const store = memory();
    const cache = createCache({ store, sign: signer(), now: () => now });
    await cache.set("k", "v", { ttl: 1000 });
    await cache.set("l", "w");
    expect([await cache.get("k"), await cache.get("l")]).toEqual(["v", "w"]);
    const entries: [Parameters<Store["get"]>[0], Uint8Array][] = [];
    for await (const { name } of store.list("entries")) entries.push([name, (await store.get(name)) as Uint8Array]);
    const [[first, one], [second, other]] = entries as [(typeof entries)[0], (typeof entries)[0]];
    await store.put(first, other);
    await store.put(second, one);
    expect([await cache.get("k"), await cache.get("l")]).toEqual([undefined, undefined]);
    await store.put(first, one);
    await store.put(second, other);
    expect([await cache.get("k"), await cache.get("l")]).toEqual(["v", "w"]);
    now += 1000;
    expect(await cache.lookup("k")).toEqual({ state: "expired" });
    expect(await cache.get("l")).toBe("w");
  });
});

describe("a record that was verified", () => {
  it("is told to be by a retired key from when it is, and is not believed from when its key is revoked", async () => {
    const next = MasterKey.generate();
    let keyring = Keyring.of(master);
    const events: CacheEvent[] = [];
    const cache = createCache({
      store: memory(),
      sign: hmacSigner(() => keyring),
      onEvent: (event) => events.push(event),
    });
    await cache.set("k", "v");
    expect(await cache.get("k")).toBe("v");
    keyring = retireKey(promoteKey(addKey(keyring, next), next.id), master.id);
    expect(await cache.get("k")).toBe("v");
    expect(events.filter(({ type }) => type === "retired-key")).toHaveLength(1);
    keyring = revokeKey(keyring, master.id);
    expect(await cache.lookup("k")).toMatchObject({ state: "rejected", code: "ERR_CACHE_REVOKED_KEY" });
    keyring = Keyring.of(next);
    expect(await cache.lookup("k")).toMatchObject({ state: "rejected", code: "ERR_CACHE_UNKNOWN_KEY" });
  });

  it("is verified anew after thousands of others", async () => {
    const sign = counted(hmacSigner(Keyring.of(master)));
    const cache = createCache({ store: memoryStore({ maxBytes: "100MB" }), sign });
    for (const key of ["k", ...Array.from({ length: 8192 }, (_, at) => `key-${at}`)]) {
      await cache.set(key, "v");
      await cache.get(key);
    }
    const before = sign.asked.verify;
    expect(await cache.get("k")).toBe("v");
    expect(sign.asked.verify).toBe(before + 1);
    expect(await cache.get("k")).toBe("v");
    expect(sign.asked.verify).toBe(before + 1);
  });

  it("is remembered in memory of its own: a store that uses its buffer again changes nothing of it", async () => {
    const [medium, scratch] = [memory(), Buffer.alloc(4096)];
    const reusing = reusingStore(medium, scratch);
    const cache = createCache({ store: reusing, sign: hmacSigner(Keyring.of(master)), codec: bytesCodec });
    await cache.set("k", Uint8Array.of(1, 2, 3));
    expect(await cache.get("k")).toEqual(Uint8Array.of(1, 2, 3));
    const [name, bytes] = await onlyEntry(medium);
    const forged = bytes.slice();
    forged.set([7, 8, 9], bytes.length - 3);
    // Where the statement has the payload's digest: it is no longer what was signed.
    forged.set(crypto.sha256(Uint8Array.of(7, 8, 9)), 32 + 34);
    await medium.put(name, forged);
    expect(await cache.get("k")).toBeUndefined();
  });

  it("is what was verified, though a store uses its buffer again while a signer takes its time", async () => {
    const [medium, scratch] = [memory(), Buffer.alloc(4096)];
    const reusing = reusingStore(medium, scratch);
    const keyed = hmacSigner(Keyring.of(master));
    let meanwhile = () => {};
    const slow: Signer = {
      identity: keyed.identity,
      sign: (message) => keyed.sign(message),
      async verify(...given) {
        const verdict = await keyed.verify(...given);
        meanwhile();
        return verdict;
      },
    };
    const cache = createCache({ store: reusing, sign: slow, codec: bytesCodec });
    await cache.set("k", Uint8Array.of(1, 2, 3));
    const [, bytes] = await onlyEntry(medium);
    meanwhile = () => {
      scratch.set([7, 8, 9], bytes.length - 3);
      scratch.set(crypto.sha256(Uint8Array.of(7, 8, 9)), 32 + 34);
    };
    expect(await cache.get("k")).toBeUndefined();
  });
});
