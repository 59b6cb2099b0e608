import type { Invocation } from "../command.ts";
import { namedDirectory, namesIn } from "../foreign/directory.ts";
import { printable, writeJson, writeLine } from "../output.ts";
import { progressLine } from "../progress.ts";
import { judge } from "./judge.ts";
import { flecheKeys } from "./keys.ts";
import { Counts, exitCodeOf } from "./tally.ts";

/** `cache fleche verify`. */
export async function judgeAll(invocation: Invocation, path: string | undefined): Promise<number> {
  const keys = await flecheKeys(invocation);
  const directory = namedDirectory(path);
  const names = namesIn(directory);
  const json = invocation.given.flag("json");
  const counts = new Counts();
  const files: object[] = [];
  const line = progressLine();
  for (const [index, each] of names.entries()) {
    const { name, verdict, code, found } = await judge(directory, each, keys);
    counts.add(verdict);
    if (json)
      files.push({
        name,
        verdict,
        code,
        key: found?.keyIndex,
        compressed: found?.compressed,
        size: found?.payload.byteLength,
      });
    else await writeLine(`${verdict.padEnd(10)} ${printable(name)}${code === undefined ? "" : ` (${code})`}`);
    line.show(`verifying: ${index + 1} of ${names.length}`);
  }
  line.done();
  await (json ? writeJson({ directory, counts, files }) : writeLine(String(counts)));
  return exitCodeOf(counts);
}
