import { verifyStore } from "@cache/core/maintenance";
import type { Command, Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { writeJson, writeLine } from "../output.ts";
import { watched } from "../progress.ts";
import { mentionAbsence } from "../remarks.ts";
import { openSession } from "../session.ts";
import { sizeText } from "../units.ts";

async function run(invocation: Invocation): Promise<number> {
  const { store, protection, onEvent } = await openSession(invocation);
  mentionAbsence(store);
  const { seal, sign } = protection;
  const report = await watched("verifying", (onProgress) => verifyStore({ store, seal, sign, onEvent, onProgress }));
  if (invocation.given.flag("json")) {
    await writeJson(report);
  } else {
    for (const { kind, id, code } of report.problems) await writeLine(`${kind}/${id}… ${code}`);
    const { ok, damaged, missing, foreign, orphaned, expired, bytes } = report;
    const rest = `${foreign} of other keys, ${expired} expired, ${orphaned} orphaned`;
    await writeLine(`${ok} ok, ${damaged} damaged, ${missing} without content, ${rest}; ${sizeText(bytes)} read`);
  }
  return report.damaged > 0 ? EXIT.rejected : EXIT.ok;
}

/** `cache verify`. */
export const command: Command = {
  usage: "verify",
  summary: "Read everything and verify it",
  details: `Works beside readers and writers. Damage is set aside in the store's quarantine and the exit code is 3; what other keys
wrote is counted and left. An entry without content is a miss; something orphaned is sealed with these keys, and nothing tells
what it is, so that it cannot be verified: a thing without its note, a note of what is gone, content that no entry names any more. --json prints one document: ok, damaged, missing, foreign,
orphaned, expired, bytes, problems.`,
  positionals: [0, 0],
  run,
};
