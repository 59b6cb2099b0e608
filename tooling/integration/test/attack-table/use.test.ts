import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileStore } from "@cache/cas";
import { cacheOver, directory, slots } from "../slots.ts";
import { tryAttack } from "./attack.ts";
import { filesBelow, stored } from "./files.ts";
import { bareFiles } from "./imitations.ts";
import { everyCache, type Keyed } from "./keyed.ts";

/** Something that verifies, and gives what a program uses later. */
interface HandedOut {
  readonly root: string;
  put(key: string, value: string): Promise<void>;
  /** Verifies now; what comes back reads what was verified. */
  take(key: string): Promise<() => string>;
}

const LARGE = "verified ".repeat(5000);

const handedOut = (slot: string, by: "value" | "file"): HandedOut => {
  const base = directory();
  const root = join(base, "store");
  const cache = cacheOver(fileStore(root), slots[slot]?.() ?? {});
  const digests = new Map<string, string>();
  return {
    root,
    async put(key, value) {
      await cache.set(key, value);
      digests.set(key, await cache.blobs.put(Buffer.from(value)));
    },
    async take(key) {
      if (by === "value") {
        const value = (await cache.get(key)) as string;
        return () => value;
      }
      const path = join(base, "published");
      await cache.blobs.toFile(digests.get(key) as string, path);
      return () => readFileSync(path, "utf8");
    },
  };
};

/** A file that is hashed, and then named to the caller. */
const handsOutPaths = (): HandedOut => {
  const root = directory();
  const digest = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");
  const pathOf = (key: string) => join(root, key);
  const digests = new Map<string, string>();
  return {
    root,
    async put(key, value) {
      writeFileSync(pathOf(key), value);
      digests.set(key, digest(pathOf(key)));
    },
    async take(key) {
      if (digest(pathOf(key)) !== digests.get(key)) throw new Error("damaged");
      return () => readFileSync(pathOf(key), "utf8");
    },
  };
};

tryAttack<HandedOut>({
  title: "A8: swap after validation, before use",
  async run({ root, put, take }) {
    await put("a", LARGE);
    const use = await take("a");
    for (const path of stored(root)) writeFileSync(path, "swapped");
    return use() === LARGE ? "stopped" : "succeeded: other bytes are used than were verified";
  },
  ours: Object.fromEntries(
    Object.keys(slots).flatMap((slot) =>
      (["value", "file"] as const).map((by) => [`${slot}, taken as a ${by}`, () => handedOut(slot, by)]),
    ),
  ),
  weak: { "paths that were verified": handsOutPaths },
});

/** Encrypted at rest, and decrypted into a file beside it for whoever reads. */
const decryptsBeside = (): Keyed => {
  const inner = bareFiles();
  const conceal = (text: string) => [...text].map((letter) => String.fromCharCode(letter.charCodeAt(0) ^ 42)).join("");
  return {
    ...inner,
    put: (key, value) => inner.put(key, conceal(value)),
    async get(key) {
      const value = conceal((await inner.get(key)) ?? "");
      for (const path of stored(inner.root)) writeFileSync(`${path}.decrypted`, value);
      return value;
    },
  };
};

const { sealed, "sealed and signed": sealedAndSigned } = everyCache() as Record<string, () => Keyed>;

tryAttack<Keyed>({
  title: "A9: read secrets from the cache's directory as the same user",
  async run({ root, put, get }) {
    const [secret, large] = ["MARKER-0123456789", `MARKER-0123456789${"x".repeat(100_000)}`];
    await put(`a key with a ${secret}`, secret);
    await put("large", large);
    if ((await get(`a key with a ${secret}`)) !== secret || (await get("large")) !== large)
      return "succeeded: the value is lost";
    const digest = createHash("sha256").update(secret).digest();
    const shown = filesBelow(root).filter((path) => {
      const bytes = readFileSync(path);
      return bytes.includes(secret) || bytes.includes(digest) || path.includes(digest.toString("hex"));
    });
    return shown.length === 0 ? "stopped" : "succeeded: a file shows the value, the key or a digest of them";
  },
  ours: { sealed: sealed as () => Keyed, "sealed and signed": sealedAndSigned as () => Keyed },
  weak: { "a cache that decrypts beside what is encrypted": decryptsBeside },
});

/** Where a key stands for a path. */
const keysAsPaths = (): Keyed => {
  const inner = bareFiles();
  const root = join(inner.root, "store");
  return {
    ...inner,
    root,
    async put(key, value) {
      mkdirSync(dirname(join(root, key)), { recursive: true });
      writeFileSync(join(root, key), value);
    },
    get: async (key) => (existsSync(join(root, key)) ? readFileSync(join(root, key), "utf8") : undefined),
  };
};

tryAttack<Keyed>({
  title: "A11: names that lead out of the directory",
  async run({ root, put, get }) {
    const outside = dirname(root);
    const before = filesBelow(outside).filter((path) => !path.startsWith(root));
    for (const key of [
      "../escaped",
      "a/../../escaped",
      "..\\escaped",
      "../../../../escaped",
      "C:\\escaped",
      "..",
      "/",
    ]) {
      const done = await put(key, `under ${key}`).then(
        () => true,
        () => false,
      );
      if (done && (await get(key)) !== `under ${key}`) return `succeeded: "${key}" is lost`;
    }
    const after = filesBelow(outside).filter((path) => !path.startsWith(root));
    return after.length === before.length ? "stopped" : "succeeded: a file was made elsewhere";
  },
  ours: everyCache(),
  weak: { "keys that are paths": keysAsPaths },
});

tryAttack<Keyed>({
  title: "A12: a symbolic link at the target",
  async run({ root, put, get }) {
    await put("a", "right");
    const outside = directory();
    const links = stored(root).map((path, i) => ({ path, victim: join(outside, `victim ${i}`) }));
    for (const { path, victim } of links) {
      copyFileSync(path, victim);
      rmSync(path);
      symlinkSync(victim, path);
    }
    const victims = links.map(({ victim }) => readFileSync(victim));
    if ((await get("a")) !== undefined) return "succeeded: a read went where the link leads";
    await put("a", "another value");
    if (links.some(({ victim }, i) => !readFileSync(victim).equals(victims[i] as Buffer)))
      return "succeeded: a write went where the link leads";
    if ((await get("a")) !== "another value") return "succeeded: nothing can be put there any more";
    return "stopped";
  },
  ours: everyCache(),
  weak: { "files that are opened by name": bareFiles },
});
