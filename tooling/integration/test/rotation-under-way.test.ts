import { createCache, type Sealer, type Signer, type Store } from "@cache/core";
import { addKey, Keyring, MasterKey, promoteKey, removeKey, retireKey, SigningKey } from "@cache/core/keyring";
import { resealStore, verifyStore } from "@cache/core/maintenance";
import { sealer } from "@cache/crypto-envelope";
import { memoryStore } from "@cache/memory";
import { ed25519Signer, hmacSigner } from "@cache/signer";
import { describe, expect, it } from "vitest";
import { bound, moment } from "./slots.ts";

const LARGE = "x".repeat(40_000);

/** A keyring that a running process asks for, and in which another key becomes the primary at some moment. */
class Rotating {
  readonly old: MasterKey = MasterKey.generate();
  readonly fresh: MasterKey = MasterKey.generate();
  keyring: Keyring = addKey(Keyring.of(this.old), this.fresh);
  readonly store: Store = memoryStore({ maxBytes: 64_000_000 });
  readonly seal: Sealer = sealer(() => this.keyring);
  readonly sign: Signer = hmacSigner(() => this.keyring);

  promote(key: MasterKey = this.fresh): void {
    this.keyring = promoteKey(this.keyring, key.id);
  }

  cache(sign: Signer = this.sign) {
    return createCache({ store: this.store, seal: this.seal, sign });
  }

  /** What an operator does after a promotion: seals again, and lets the older key go. */
  async finish(): Promise<void> {
    const { store, seal, sign } = this;
    expect(await resealStore({ store, seal, sign })).toMatchObject({ unnamed: 0, busy: 0, damaged: 0, foreign: 0 });
    this.keyring = removeKey(retireKey(this.keyring, this.old.id), this.old.id);
    expect(await verifyStore({ store, seal, sign })).toMatchObject({ orphaned: 0, foreign: 0, missing: 0, damaged: 0 });
  }
}

/** A signer that answers later, as one does that asks elsewhere, and sees to something meanwhile. */
const slow = (signer: Signer, meanwhile: () => void): Signer => ({
  get identity() {
    return signer.identity;
  },
  verify: (...args) => signer.verify(...args),
  async sign(message) {
    const proof = await signer.sign(message);
    meanwhile();
    return proof;
  },
});

describe("a key that is promoted while something is written", () => {
  it("finds what is put as a stream where its own key would look, with its note", async () => {
    const rotating = new Rotating();
    async function* content() {
      yield new Uint8Array(100_000).fill(1);
      rotating.promote();
      yield new Uint8Array(100_000).fill(2);
    }
    const digest = await rotating.cache().blobs.put(content());
    await rotating.finish();
    expect(await rotating.cache().blobs.has(digest)).toBe(true);
  });

  it.each(["small", LARGE])("finds the entry where the key that sealed it would look", async (value) => {
    const rotating = new Rotating();
    await rotating.cache(slow(rotating.sign, () => rotating.promote())).set("k", value);
    expect(await rotating.cache().get("k")).toBe(value);
    await rotating.finish();
    expect(await rotating.cache().get("k")).toBe(value);
  });

  it("finds the older value of the entry gone", async () => {
    const rotating = new Rotating();
    await rotating.cache().set("k", "older");
    await rotating.cache(slow(rotating.sign, () => rotating.promote())).set("k", "newer");
    await rotating.cache().delete("k");
    expect(await rotating.cache().get("k")).toBeUndefined();
  });
});

it("a key that becomes the primary again while everything is sealed again costs nothing", async () => {
  for (let change = 0; change < 12; change++) {
    const rotating = new Rotating();
    const cache = rotating.cache();
    await cache.set("small", 1);
    await cache.set("large", LARGE);
    const digest = await cache.blobs.put(new Uint8Array(30_000).fill(7));
    rotating.promote();
    let looks = 0;
    const { store, seal, sign } = rotating;
    const watched: Store = {
      ...store,
      open: (...args) => store.open(...args),
      stat(...args) {
        if (looks++ === change) rotating.promote(rotating.old);
        return store.stat(...args);
      },
    };
    await resealStore({ store: watched, seal, sign });
    expect(await cache.get("small")).toBe(1);
    expect(await cache.get("large")).toBe(LARGE);
    expect(await cache.blobs.has(digest)).toBe(true);
  }
});

describe("a keyring that is asked for and is not there", () => {
  it.each(["signed", "sealed"])(
    "is the caller's to hear of, and nothing that is %s is set aside for it",
    async (how) => {
      const [author, reader, master] = [SigningKey.generate(), SigningKey.generate(), MasterKey.generate()];
      const newest = promoteKey(addKey(Keyring.of(author, master), MasterKey.generate()), master.id);
      let [given, asked] = [newest, 0];
      // The names of what is sealed are asked for first; it fails after that.
      const present = () => (asked++ > 0 ? newest.succeed(given) : newest);
      const sign = ed25519Signer({ identity: reader, trusted: how === "signed" ? present : newest });
      const seal = how === "sealed" ? sealer(present) : undefined;
      const store = memoryStore({ maxBytes: 64_000_000 });
      await createCache({ store, seal, sign: ed25519Signer({ identity: author }) }).set("k", "v");
      const cache = createCache({ store, seal, sign });
      expect(await cache.get("k")).toBe("v");
      [given, asked] = [Keyring.of(author, master), 0];
      await expect(cache.get("k").then(() => cache.get("k"))).rejects.toThrow(
        expect.objectContaining({ code: "ERR_CACHE_KEY_FORMAT" }),
      );
      given = newest;
      expect(await cache.get("k")).toBe("v");
    },
  );
});

describe("two processes, one of which has not heard of the promotion, while the other seals everything again", () => {
  /** Both rings over one store, and a cache with the older ring whose every change of an entry is told of. */
  function two() {
    const [old, fresh] = [MasterKey.generate(), MasterKey.generate()];
    const store: Store = memoryStore({ maxBytes: 64_000_000 });
    const slots = (keyring: Keyring) => ({ seal: sealer(keyring), sign: hmacSigner(keyring) });
    const [before, after] = [slots(Keyring.of(old, fresh)), slots(Keyring.of(fresh, old))];
    const own = bound(store);
    return {
      store,
      own,
      after,
      behind: createCache({ store: own, ...before }),
      ahead: createCache({ store, ...after }),
    };
  }

  it("what is set is there, though it is moved before the set has ended", async () => {
    const { store, own, after, behind, ahead } = two();
    await behind.set("k", "older");
    own.put = async (name, ...args) => {
      const result = await store.put(name, ...args);
      if (name.startsWith("entries/")) await resealStore({ store, ...after });
      return result;
    };
    await behind.set("k", "newer");
    for (const cache of [behind, ahead]) expect(await cache.get("k")).toBe("newer");
  });

  it("what is deleted is gone, though it is moved while it is deleted", async () => {
    const { store, own, after, behind, ahead } = two();
    await behind.set("k", "value");
    const [copied, deleted] = [moment(), moment()];
    const slow = bound(store);
    slow.put = async (name, ...args) => {
      const result = await store.put(name, ...args);
      if (name.startsWith("notes/")) {
        copied.come();
        await deleted.came;
      }
      return result;
    };
    let sealing: Promise<unknown> | undefined;
    let deletes = 0;
    own.delete = async (...args) => {
      await store.delete(...args);
      // The first name and its note: the copy comes to where nothing lies any more.
      if (++deletes !== 2) return;
      sealing = resealStore({ store: slow, ...after });
      await copied.came;
    };
    await behind.delete("k");
    deleted.come();
    await sealing;
    for (const cache of [behind, ahead]) expect(await cache.get("k")).toBe(undefined);
  });
});
