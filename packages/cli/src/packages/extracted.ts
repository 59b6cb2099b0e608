import { join } from "node:path";
import { extractionCache, runBundle } from "@cache/bundle";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { printable, writeJson, writeLine } from "../output.ts";
import { configOf, directoryOf } from "../session.ts";
import { sizeText, timeText } from "../units.ts";
import { withProgress } from "./progress.ts";
import { advised, atMost, subjectOf } from "./subject.ts";
import { believesNobody, sayIfUnsigned } from "./unbelieved.ts";

/** Where, in the directory of the cache, packages are extracted to. */
const FOLDER = "bundles";

async function cacheOf(invocation: Invocation) {
  return extractionCache(join(directoryOf(invocation, await configOf(invocation)), FOLDER));
}

/** `cache bundle run`. */
export async function run(invocation: Invocation, rest: readonly string[]): Promise<number> {
  const { file, trust, context } = await subjectOf(invocation, rest);
  const cache = extractionCache(join(context.directory, FOLDER));
  const [maxBytes, given] = [invocation.given.text("max-bytes"), rest.slice(1)];
  const { sign = believesNobody } = trust;
  const work = withProgress("extracting", (watched) =>
    runBundle(file, { ...trust, sign, cache, maxBytes, arguments: given, ...watched }),
  );
  return await advised(trust.sign === undefined ? work.catch((error) => sayIfUnsigned(error, file)) : work);
}

/** `cache bundle list`. */
export async function list(invocation: Invocation, rest: readonly string[]): Promise<number> {
  atMost(rest, 0);
  for await (const each of (await cacheOf(invocation)).list()) {
    const { digest, name, size, lastUsed, inUse } = each;
    if (invocation.given.flag("json")) await writeJson(each);
    else {
      const used = inUse ? "in use" : timeText(lastUsed);
      await writeLine(
        `${digest.slice(0, 16)}  ${used.padEnd(16)}  ${sizeText(size).padStart(10)}  ${printable(name ?? "?")}`,
      );
    }
  }
  return EXIT.ok;
}

/** `cache bundle clean`. */
export async function clean(invocation: Invocation, rest: readonly string[]): Promise<number> {
  atMost(rest, 0);
  const { given } = invocation;
  const bounds = { olderThan: given.text("older-than"), maxBytes: given.text("max-bytes") };
  const report = await (await cacheOf(invocation)).clean({ ...bounds, dryRun: given.flag("dry-run") });
  if (given.flag("json")) {
    await writeJson(report);
    return EXIT.ok;
  }
  const { removed, bytes, kept, inUse, leftovers, dryRun } = report;
  const verb = dryRun ? "would remove" : "removed";
  for (const { digest, name, size } of removed)
    await writeLine(`${digest.slice(0, 16)}  ${sizeText(size).padStart(10)}  ${printable(name ?? "?")}`);
  await writeLine(
    `${verb} ${removed.length} packages of ${sizeText(bytes)} and ${leftovers} leftovers; ${kept} stay, ${inUse} of them because they are in use`,
  );
  return EXIT.ok;
}
