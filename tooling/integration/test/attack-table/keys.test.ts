import { createHmac } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileStore } from "@cache/cas";
import { addKey, Keyring, keyringFromEnvironment, MasterKey, promoteKey } from "@cache/core/keyring";
import { sealer } from "@cache/crypto-envelope";
import { hmacSigner } from "@cache/signer";
import { parseSecretKeys } from "@cache/signer/trailing";
import { cacheOver, directory } from "../slots.ts";
import { type Outcome, tryAttack } from "./attack.ts";
import { copyOf, overwrite, stored } from "./files.ts";

/** Something that signs with keys from a variable; `undefined` when it refuses them. */
type SignerOf = (variable: string) => ((value: string) => string) | undefined;

const hmac = (key: Uint8Array, value: string) => createHmac("sha256", key).update(value).digest("hex");

tryAttack<SignerOf>({
  title: "A6: an empty or a short key is configured",
  async run(signerOf) {
    const strong = "ab".repeat(32);
    for (const variable of [
      "",
      ":",
      `${strong}:`,
      `:${strong}`,
      `${strong}::${strong}`,
      "00",
      "abcd",
      `${strong} 00`,
    ]) {
      const weak = [Buffer.alloc(0), Buffer.from("00", "hex"), Buffer.from("abcd", "hex")];
      const proof = signerOf(variable)?.("a value");
      if (weak.some((key) => hmac(key, "a value") === proof)) return `succeeded: anybody can sign for "${variable}"`;
      if (proof !== undefined) return `succeeded: "${variable}" is taken for keys`;
    }
    return "stopped";
  },
  ours: {
    "a keyring from the environment": () => (variable) => {
      try {
        keyringFromEnvironment({ CACHE_KEYRING: variable });
        return () => "signed";
      } catch {
        return undefined;
      }
    },
    "keys of fleche": () => (variable) => {
      try {
        parseSecretKeys(variable);
        return () => "signed";
      } catch {
        return undefined;
      }
    },
    "key material": () => (variable) => {
      try {
        MasterKey.import(Buffer.from(variable.split(":").at(-1) ?? "", "hex"));
        return () => "signed";
      } catch {
        // The one that is sound by itself.
        return undefined;
      }
    },
  },
  weak: {
    "keys that are cut at colons and taken as they are": () => (variable) => (value) =>
      hmac(Buffer.from(variable.split(":").at(-1) ?? "", "hex"), value),
  },
});

/** A directory with a value in it, whom it belongs to, and somebody else with other keys. */
interface Shared {
  readonly root: string;
  put(): Promise<void>;
  readByOwner(): Promise<unknown>;
  /** Reads, verifies and writes as somebody with another key. */
  useByOther(): Promise<unknown>;
}

function ourShared(rotate: (keyring: Keyring) => Keyring): Shared {
  const root = join(directory(), "store");
  const own = Keyring.of(MasterKey.generate());
  const by = (keyring: Keyring) => cacheOver(fileStore(root), { seal: sealer(keyring), sign: hmacSigner(keyring) });
  return {
    root,
    put: () => by(own).set("a", "right"),
    readByOwner: () => by(rotate(own)).get("a"),
    async useByOther() {
      const stranger = by(Keyring.of(MasterKey.generate()));
      const read = await stranger.get("a");
      await stranger.set("a", "of a stranger");
      await stranger.delete("a");
      await stranger.clear();
      return read;
    },
  };
}

function rotated(keyring: Keyring): Keyring {
  const fresh = MasterKey.generate();
  return promoteKey(addKey(keyring, fresh), fresh.id);
}

/** What does not verify is deleted as damaged, whoever's it is. */
function deleting(): Shared {
  const root = directory();
  const path = join(root, "a");
  const read = (key: string) => {
    const [value, proof] = readFileSync(path, "utf8").split("\n") as [string, string];
    if (hmac(Buffer.from(key), value) === proof) return value;
    rmSync(path);
    return undefined;
  };
  return {
    root,
    put: async () => overwrite(path, Buffer.from(`right\n${hmac(Buffer.from("own"), "right")}`)),
    readByOwner: async () => (stored(root).length > 0 ? read("own") : undefined),
    useByOther: async () => read("other"),
  };
}

tryAttack<Shared>({
  title: "A22: the cache is used with a wrong key, or after a rotation",
  async run({ root, put, readByOwner, useByOther }): Promise<Outcome> {
    await put();
    const putBack = copyOf(root);
    if ((await useByOther()) !== undefined) return "succeeded: a stranger reads the value";
    const value = await readByOwner();
    putBack();
    return value === "right" ? "stopped" : "succeeded: the owner's value is gone";
  },
  ours: {
    "sealed and signed": () => ourShared((keyring) => keyring),
    "sealed and signed, and read under a new primary key": () => ourShared(rotated),
  },
  weak: { "files that are deleted when they do not verify": deleting },
});
