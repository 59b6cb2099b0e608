import { type Level, type VerifiedBundle, verifyBundle } from "@cache/bundle";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { failureOf } from "../failure.ts";
import { writeJson, writeLine } from "../output.ts";
import { titleOf, writeDescription } from "./describe.ts";
import { withProgress } from "./progress.ts";
import { advised, atMost, MissingPackage, subjectOf } from "./subject.ts";

/** Who vouches for a package, for people. */
export function trustText({ trust, signedBy, retiredKey, cosignedBy, retiredCosigners }: VerifiedBundle): string {
  if (trust === "integrity-only") return "integrity only: nobody signed it, and anybody could have made it";
  const further = cosignedBy.map((id) => (retiredCosigners.includes(id) ? `${id} (which no longer signs)` : id));
  const others = further.length > 0 ? `, and by ${further.join(", ")}` : "";
  return `signed by ${signedBy}${retiredKey ? ", a key that no longer signs" : ""}${others}`;
}

/** What became of a package that does not hold; nothing for a command that was wrong. */
function stateOf(error: unknown): "rejected" | "missing" | "unreadable" | undefined {
  if (error instanceof MissingPackage) return "missing";
  const { exitCode } = failureOf(error);
  if (exitCode === EXIT.rejected) return "rejected";
  return exitCode === EXIT.store ? "unreadable" : undefined;
}

async function verified(invocation: Invocation, rest: readonly string[], level: Level): Promise<VerifiedBundle> {
  const { file, trust } = await subjectOf(invocation, rest);
  const maxBytes = invocation.given.text("max-bytes");
  return await advised(
    withProgress("verifying", (watched) => verifyBundle(file, { ...trust, level, maxBytes, ...watched })),
  );
}

/** `cache bundle verify`. */
export async function runVerify(invocation: Invocation, rest: readonly string[]): Promise<number> {
  atMost(rest, 1);
  const { given } = invocation;
  const level = (given.text("level") ?? "standard") as Level;
  const found = await verified(invocation, rest, level).catch(async (error: unknown) => {
    // Whoever reads documents learns from one that it does not hold; the reason follows as for everybody.
    const [state, { code = "ERR_CACHE_USAGE" }] = [stateOf(error), error as { readonly code?: unknown }];
    if (given.flag("json") && state !== undefined) await writeJson({ state, level, code });
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
