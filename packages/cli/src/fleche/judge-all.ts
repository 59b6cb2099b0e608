import type { Invocation } from "../command.ts";
import { namedDirectory, namesIn } from "../foreign/directory.ts";
import { Report } from "../foreign/report.ts";
import { judge } from "./judge.ts";
import { flecheKeys } from "./keys.ts";

/** `cache fleche verify`. */
export async function judgeAll(invocation: Invocation, path: string | undefined): Promise<number> {
  const keys = await flecheKeys(invocation);
  const directory = namedDirectory(path);
  const report = new Report("verifying", invocation.given.flag("json"));
  for (const each of namesIn(directory)) {
    const { name, verdict, code, found } = await judge(directory, each, keys);
    const { keyIndex: key, compressed, payload } = found ?? {};
    await report.tell(
      { name, outcome: verdict, code },
      { name, verdict, code, key, compressed, size: payload?.byteLength },
    );
  }
  return report.end({ directory });
}
