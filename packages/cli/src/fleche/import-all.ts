import { bytesCodec, type Cache, CacheError, createCache, readOnly } from "@cache/core";
import { crypto } from "@cache/core/crypto";
import type { Invocation } from "../command.ts";
import { namedDirectory, namesIn } from "../foreign/directory.ts";
import { printable, writeJson, writeLine } from "../output.ts";
import { progressLine } from "../progress.ts";
import { isOff, openSession, type Session } from "../session.ts";
import { UsageError } from "../usage-error.ts";
import { judge } from "./judge.ts";
import { flecheKeys } from "./keys.ts";
import { Counts, exitCodeOf } from "./tally.ts";

/** What became of a verified payload. `occupied`: the key holds something else, which is left. */
type Outcome = "imported" | "present" | "occupied";

/** Where payloads go. */
interface Target {
  readonly cache: Cache<Uint8Array>;
  readonly namespace: string;
  readonly dryRun: boolean;
}

/** What has to be so before anything is taken over: what was signed is not to lie there unsigned. */
function requireProtected({ protection }: Session): void {
  const { seal, sign } = protection;
  if (seal === undefined && sign === undefined)
    throw new UsageError("this cache has no keys, so nothing imported could be verified there", "cache keys --help");
  if (sign !== undefined && sign.identity === undefined)
    throw new CacheError("ERR_CACHE_READ_ONLY", "nothing can be imported into a cache that only reads");
}

/** The configured cache; for a dry run one that writes nothing, not even damage aside. */
async function targetOf(invocation: Invocation, dryRun: boolean): Promise<Target> {
  if (isOff(invocation)) throw new UsageError("CACHE_OFF is set, so nothing would be imported");
  const session = await openSession(invocation);
  requireProtected(session);
  const { store, protection, namespace } = session;
  const { seal, sign } = protection;
  const looking = () => createCache({ store: readOnly(store), seal, sign, namespace, codec: bytesCodec });
  return { cache: dryRun ? looking() : session.cache, namespace, dryRun };
}

/** Stores a payload unless its key has a value: then nothing is written, so a second run changes nothing. */
async function take({ cache, dryRun }: Target, key: string, payload: Uint8Array): Promise<Outcome> {
  const there = await cache.lookup(key);
  if (there.state === "hit") return crypto.equal(there.value, payload) ? "present" : "occupied";
  // Of other keys, another codec or version: somebody else's. Damage is a miss, and healed by the put.
  if (there.state === "rejected" && there.code !== "ERR_CACHE_AUTH" && there.code !== "ERR_CACHE_FORMAT")
    return "occupied";
  if (!dryRun) await cache.set(key, payload);
  return "imported";
}

/** `cache fleche import`. */
export async function importAll(invocation: Invocation, path: string | undefined): Promise<number> {
  const { given } = invocation;
  const keys = await flecheKeys(invocation);
  const directory = namedDirectory(path);
  const target = await targetOf(invocation, given.flag("dry-run"));
  const prefix = given.text("prefix") ?? "";
  const json = given.flag("json");
  const names = namesIn(directory);
  const counts = new Counts();
  const files: object[] = [];
  const line = progressLine();
  for (const [index, each] of names.entries()) {
    const { name, verdict, code, found } = await judge(directory, each, keys);
    const key = found && prefix + name;
    const outcome = key === undefined ? verdict : await take(target, key, found?.payload as Uint8Array);
    counts.add(outcome);
    if (json) files.push({ name, outcome, code, key });
    else await writeLine(`${outcome.padEnd(10)} ${printable(key ?? name)}${code === undefined ? "" : ` (${code})`}`);
    line.show(`importing: ${index + 1} of ${names.length}`);
  }
  line.done();
  const { namespace, dryRun } = target;
  if (json) await writeJson({ directory, namespace, dryRun, counts, files });
  else await writeLine(`${counts}${dryRun ? "; a dry run: nothing was written" : ""}`);
  return exitCodeOf(counts);
}
