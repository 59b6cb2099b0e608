import { bytesCodec, type Cache, createCache, readOnly } from "@cache/core";
import type { Invocation } from "../command.ts";
import { namedDirectory, namesIn } from "../foreign/directory.ts";
import { Report } from "../foreign/report.ts";
import { importingSession, take } from "../foreign/take.ts";
import type { Session } from "../session.ts";
import { judge } from "./judge.ts";
import { flecheKeys } from "./keys.ts";

/** A cache that writes nothing, not even damage aside. */
function looking({ store, protection: { seal, sign }, namespace }: Session): Cache<Uint8Array> {
  return createCache({ store: readOnly(store), seal, sign, namespace, codec: bytesCodec });
}

/** `cache fleche import`. */
export async function importAll(invocation: Invocation, path: string | undefined): Promise<number> {
  const { given } = invocation;
  const keys = await flecheKeys(invocation);
  const directory = namedDirectory(path);
  const names = namesIn(directory);
  const session = await importingSession(invocation);
  const dryRun = given.flag("dry-run");
  const cache = dryRun ? looking(session) : session.cache;
  const report = new Report("importing", given.flag("json"));
  for (const each of names) {
    const { name, verdict, code, found } = await judge(directory, each, keys);
    const key = found && (given.text("prefix") ?? "") + name;
    const outcome = key === undefined ? verdict : await take(cache, key, found?.payload as Uint8Array, { dryRun });
    await report.tell({ name: key ?? name, outcome, code }, { name, outcome, code, key });
  }
  const { namespace } = session;
  return report.end({ directory, namespace, dryRun });
}
