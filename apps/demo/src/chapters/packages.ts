import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createBundle, extractionCache, type NewMember, runBundle, verifyBundle } from "@cache/bundle";
import { isCacheError } from "@cache/core";
import { SigningKey } from "@cache/core/keyring";
import { ed25519Signer } from "@cache/signer";
import type { ChapterRecord, Proof } from "../evidence.ts";
import type { SourceFile } from "../files.ts";

const LEVELS = ["quick", "standard", "deep", "paranoid"] as const;
const NAME = "census";

/** A program that looks for the files that came with it. */
const PROGRAM = `#!/bin/sh
test "$(ls share | wc -l)" -gt 1
`;

/** Signed packages, as FlavorPack makes them: but every byte is signed, and whoever is believed is named by the reader. */
export async function showPackages(directory: string, files: readonly SourceFile[]): Promise<ChapterRecord> {
  const path = join(directory, "census.bundle");
  const [identity, stranger] = [SigningKey.generate(), SigningKey.generate()];
  const launch = { command: "bin/count", workDirectory: "package" } as const;
  const made = { name: NAME, version: "1.0.0", launch };
  const members: NewMember[] = [
    { path: "bin/count", content: Buffer.from(PROGRAM), mode: 0o700 },
    ...files.map(({ bytes }, at) => ({ path: `share/${at}.txt`, content: bytes })),
  ];
  await createBundle(path, members, { ...made, sign: ed25519Signer({ identity }) });
  const bytes = readFileSync(path);
  await createBundle(path, members, { ...made, sign: ed25519Signer({ identity }) });
  const sign = ed25519Signer({ trusted: [identity.publicKey] });
  const believed = await Promise.all(
    LEVELS.map(async (level) => (await verifyBundle(path, { name: NAME, sign, level })).trust),
  );
  const cache = extractionCache(join(directory, "extracted"));
  const run = () => runBundle(path, { name: NAME, sign, cache, stdio: "ignore" });
  return {
    title: "Signed packages",
    explanation: `a program and ${files.length} files in one file, every byte of which is signed`,
    proofs: [
      { claim: "the same members make the same bytes", holds: readFileSync(path).equals(bytes) },
      { claim: `believed at every level: ${LEVELS.join(", ")}`, holds: believed.every((trust) => trust === "signed") },
      {
        claim: "it runs, from an extraction that is compared before each run",
        holds: (await run()) === 0 && (await run()) === 0,
      },
      ...(await refusals(path, sign, stranger)),
    ],
  };
}

/** What becomes of the package in the hands of somebody who has no key, and of one who has another. */
async function refusals(
  path: string,
  sign: ReturnType<typeof ed25519Signer>,
  stranger: SigningKey,
): Promise<readonly Proof[]> {
  const good = readFileSync(path);
  const refused: string[] = [];
  for (const at of [40, good.length >> 1, good.length - 1]) {
    writeFileSync(
      path,
      good.map((byte, i) => (i === at ? byte ^ 1 : byte)),
    );
    for (const level of LEVELS.slice(1)) refused.push(await outcomeOf(verifyBundle(path, { name: NAME, sign, level })));
  }
  await createBundle(path, [{ path: "bin/count", content: Buffer.from("evil") }], {
    ...{ name: NAME, version: "1.0.0" },
    sign: ed25519Signer({ identity: stranger }),
  });
  const strangers = await outcomeOf(verifyBundle(path, { name: NAME, sign }));
  writeFileSync(path, good);
  return [
    {
      claim: "a changed byte, wherever it is, is found by every level that reads it",
      holds: !refused.includes("believed"),
    },
    {
      claim: `a package that a stranger signed is refused: ${strangers}`,
      holds: strangers === "ERR_CACHE_UNKNOWN_KEY",
    },
  ];
}

async function outcomeOf(verifying: Promise<unknown>): Promise<string> {
  try {
    await verifying;
    return "believed";
  } catch (error) {
    return isCacheError(error) ? error.code : String(error);
  }
}
