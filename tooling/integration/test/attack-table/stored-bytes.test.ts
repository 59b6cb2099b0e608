import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { monotonicStore } from "@cache/cas";
import { directory } from "../slots.ts";
import { type Outcome, tryAttack } from "./attack.ts";
import { copyOf, overwrite, stored } from "./files.ts";
import { bareFiles, checksummedFiles, optionallySignedFiles, selfSignedFiles, valueSignedFiles } from "./imitations.ts";
import { everyCache, type Keyed, keyedCaches } from "./keyed.ts";

/** What a read of a key came to, where nothing but `right` was ever put under it. */
async function judge({ get }: Keyed, key: string, right: string): Promise<Outcome> {
  const value = await get(key);
  return value === undefined || value === right ? "stopped" : "succeeded: other bytes were read";
}

/** Damages every file in every one of some ways, and reads after each. */
async function damage(subject: Keyed, ways: (good: Buffer) => Iterable<Buffer>): Promise<Outcome> {
  const right = "right ".repeat(20);
  await subject.put("a", right);
  for (const path of stored(subject.root)) {
    const good = readFileSync(path);
    for (const bad of ways(good)) {
      overwrite(path, bad);
      const outcome = await judge(subject, "a", right);
      if (outcome !== "stopped") return outcome;
    }
    overwrite(path, good);
  }
  return (await subject.get("a")) === right ? "stopped" : "succeeded: the value is lost";
}

tryAttack<Keyed>({
  title: "A1: flip a byte in stored data",
  run: (subject) =>
    damage(subject, (good) =>
      [...good.keys()].map((at) => Buffer.from(good.map((byte, i) => (i === at ? byte ^ 1 : byte)))),
    ),
  ours: everyCache(),
  weak: { "files that nothing verifies": bareFiles },
});

tryAttack<Keyed>({
  title: "A2: replace data and its checksum, without a key",
  async run(subject) {
    await subject.put("a", "right");
    await subject.forge("a", "wrong");
    return judge(subject, "a", "right");
  },
  ours: keyedCaches(),
  weak: {
    "files with a checksum beside the value": checksummedFiles,
    "a cache of these packages that has no keys": everyCache()["plain"] as () => Keyed,
  },
});

tryAttack<Keyed>({
  title: "A3: copy a valid entry over another name",
  async run(subject) {
    await subject.put("a", "right");
    const own = stored(subject.root);
    await subject.put("b", "of another key");
    const others = stored(subject.root).filter((path) => !own.includes(path));
    for (const [i, path] of own.entries()) copyFileSync(others[i] as string, path);
    return judge(subject, "a", "right");
  },
  ours: everyCache(),
  weak: { "files whose signature is of the value alone": valueSignedFiles },
});

tryAttack<Keyed>({
  title: "A4: put an old valid entry back",
  async run(subject) {
    await subject.put("a", "old");
    const putBack = copyOf(subject.root);
    await subject.put("a", "new");
    putBack();
    return judge(subject, "a", "new");
  },
  ours: everyCache(() => ({ rollback: monotonicStore(join(directory(), "seen")) })),
  weak: { "files whose signature says nothing about time": valueSignedFiles },
});

tryAttack<Keyed>({
  title: "A5: sign with another key",
  async run(subject) {
    await subject.put("a", "right");
    const stranger = subject.stranger();
    await stranger.put("a", "wrong");
    const his = stored(stranger.root);
    for (const path of his) overwrite(join(subject.root, relative(stranger.root, path)), readFileSync(path));
    for (const [i, path] of stored(subject.root).entries()) copyFileSync(his[i % his.length] as string, path);
    return judge(subject, "a", "right");
  },
  ours: keyedCaches(),
  weak: { "files that are believed by the key beside the signature": selfSignedFiles },
});

tryAttack<Keyed>({
  title: "A7: strip the signature",
  async run(subject) {
    await subject.put("a", "right");
    for (const path of stored(subject.root)) writeFileSync(path, readFileSync(path).subarray(0, -64));
    const cut = await judge(subject, "a", "right");
    await subject.forge("a", "wrong, and unsigned");
    return cut === "stopped" ? judge(subject, "a", "right") : cut;
  },
  ours: keyedCaches(),
  weak: { "files that need no signature": optionallySignedFiles },
});

tryAttack<Keyed>({
  title: "A21: cut an entry short",
  run: (subject) => damage(subject, (good) => [...good.keys()].map((length) => good.subarray(0, length))),
  ours: everyCache(),
  weak: { "files that nothing verifies": bareFiles },
});
