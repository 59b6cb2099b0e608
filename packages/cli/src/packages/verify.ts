import { type Level, type VerifiedBundle, verifyBundle } from "@cache/bundle";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { failureOf } from "../failure.ts";
import { writeJson, writeLine } from "../output.ts";
import { titleOf, writeDescription } from "./describe.ts";
import { withProgress } from "./progress.ts";
import { advised, atMost, subjectOf } from "./subject.ts";

/** Who vouches for a package, for people. */
export function trustText({ trust, signedBy, retiredKey, cosignedBy }: VerifiedBundle): string {
  if (trust === "integrity-only") return "integrity only: nobody signed it, and anybody could have made it";
  const others = cosignedBy.length > 0 ? `, and by ${cosignedBy.join(", ")}` : "";
  return `signed by ${signedBy}${retiredKey ? ", a key that no longer signs" : ""}${others}`;
}

/** `cache bundle verify`. */
export async function runVerify(invocation: Invocation, rest: readonly string[]): Promise<number> {
  atMost(rest, 1);
  const { given } = invocation;
  const { file, trust } = await subjectOf(invocation, rest);
  const level = (given.text("level") ?? "standard") as Level;
  const maxBytes = given.text("max-bytes");
  const work = withProgress("verifying", (onProgress) => verifyBundle(file, { ...trust, level, maxBytes, onProgress }));
  const found = await advised(work).catch(async (error: unknown) => {
    // Whoever reads documents learns from one that it was refused; the reason follows as for everybody.
    const code = (error as { code?: unknown }).code;
    if (given.flag("json") && failureOf(error).exitCode === EXIT.rejected)
      await writeJson({ state: "rejected", level, code });
    throw error;
  });
  if (given.flag("json")) {
    await writeJson({ state: "ok", level, ...found });
    return EXIT.ok;
  }
  await writeLine(`${titleOf(found)}: holds, at level ${level}; ${trustText(found)}`);
  await writeDescription(found);
  return EXIT.ok;
}
