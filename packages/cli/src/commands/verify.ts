import { storeStats, verifyStore } from "@cache/core/maintenance";
import type { Command, Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { writeJson, writeLine } from "../output.ts";
import { watched } from "../progress.ts";
import { mentionSealed } from "../sealed-remark.ts";
import { openSession } from "../session.ts";
import { sizeText } from "../units.ts";

async function run(invocation: Invocation): Promise<number> {
  const { store, protection } = await openSession(invocation);
  const { seal, sign } = protection;
  const report = await watched("verifying", (onProgress) => verifyStore({ store, seal, sign, onProgress }));
  if (invocation.given.flag("json")) {
    await writeJson(report);
  } else {
    for (const { kind, id, code } of report.problems) await writeLine(`${kind}/${id}… ${code}`);
    const { ok, damaged, foreign, expired, bytes } = report;
    await writeLine(
      `${ok} ok, ${damaged} damaged, ${foreign} of other keys, ${expired} expired; ${sizeText(bytes)} read`,
    );
  }
  if (seal === undefined) {
    const { entries, blobs } = await storeStats({ store });
    const { ok, foreign, expired } = report;
    mentionSealed(entries.count + blobs.count - (ok + foreign + expired));
  }
  return report.damaged > 0 ? EXIT.rejected : EXIT.ok;
}

/** `cache verify`. */
export const command: Command = {
  usage: "verify",
  summary: "Read everything and verify it",
  details: `Works beside readers and writers. Damage is set aside in the store's quarantine and the exit code is 3; what other keys
wrote is counted and left. --json prints one document: ok, damaged, foreign, expired, bytes, problems.`,
  positionals: [0, 0],
  run,
};
