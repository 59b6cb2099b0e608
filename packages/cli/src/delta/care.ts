import { EXIT } from "../exit-codes.ts";
import { inOrder } from "../in-order.ts";
import { printable, writeJson, writeLine } from "../output.ts";
import { sizeText } from "../units.ts";
import type { LookingDesk } from "./desk.ts";
import { keptAs } from "./put.ts";

/** `cache delta ls`. */
export async function listVersions({ given, deltas, look }: LookingDesk, prefix = ""): Promise<number> {
  for await (const version of inOrder(deltas.list(prefix), ({ name }) => [name])) {
    const { name, size, delta } = version;
    if (given.flag("json")) await writeJson(version);
    else await writeLine(`${sizeText(size).padEnd(10)} ${keptAs(delta).padEnd(20)} ${printable(name)}`);
  }
  return look.conclude();
}

/** `cache delta stats`. */
export async function countVersions({ given, deltas, look }: LookingDesk): Promise<number> {
  const stats = await deltas.stats();
  if (given.flag("json")) {
    await writeJson(stats);
    return look.conclude();
  }
  const { versions, deltas: small, references, bytesGiven, bytesKept, ratio } = stats;
  await writeLine(`versions    ${versions}, ${small} of them deltas to ${references} references`);
  await writeLine(`given       ${sizeText(bytesGiven)}`);
  await writeLine(`kept        ${sizeText(bytesKept)}, ${(100 * ratio).toFixed(1)} %`);
  return look.conclude();
}

/** `cache delta verify`. */
export async function verifyVersions({ given, deltas, look }: LookingDesk): Promise<number> {
  const report = await deltas.verify();
  const { ok, lost, rejected, unreadable, problems } = report;
  if (given.flag("json")) await writeJson(report);
  else {
    for (const { name, type, code } of problems) await writeLine(`${printable(name)} ${code ?? type}`);
    await writeLine(`${ok} ok, ${lost} lost, ${rejected} rejected, ${unreadable} unreadable`);
  }
  await look.mentionOthers();
  if (rejected > 0) return EXIT.rejected;
  if (unreadable > 0) return EXIT.store;
  return lost > 0 ? EXIT.miss : EXIT.ok;
}
