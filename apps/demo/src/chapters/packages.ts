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
const MADE = {
  name: NAME,
  version: "1.0.0",
  launch: { command: "bin/count", workDirectory: "package" },
} as const;

/** A program that looks for the files that came with it. */
const PROGRAM = `#!/bin/sh
test "$(ls share | wc -l)" -gt 1
`;

/** Signed packages, as FlavorPack makes them: but every byte is signed, and whoever is believed is named by the reader. */
export async function showPackages(directory: string, files: readonly SourceFile[]): Promise<ChapterRecord> {
  const path = join(directory, "census.bundle");
  const identity = SigningKey.generate();
  const members: NewMember[] = [
    { path: "bin/count", content: Buffer.from(PROGRAM), mode: 0o700 },
    ...files.map(({ bytes }, at) => ({ path: `share/${at}.txt`, content: bytes })),
  ];
  const make = () => createBundle(path, members, { ...MADE, sign: ed25519Signer({ identity }) });
  await make();
  const bytes = readFileSync(path);
  await make();
  const isSame = readFileSync(path).equals(bytes);
  const sign = ed25519Signer({ trusted: [identity.publicKey] });
  return {
    title: "Signed packages",
    explanation: `a program and ${files.length} files in one file, every byte of which is signed`,
    proofs: [
      { claim: "the same members make the same bytes", holds: isSame },
      ...(await uses(path, sign, join(directory, "extracted"))),
      ...(await refusals(path, sign)),
    ],
  };
}

type Signer = ReturnType<typeof ed25519Signer>;

async function uses(path: string, sign: Signer, extracted: string): Promise<readonly Proof[]> {
  const believed = await Promise.all(LEVELS.map((level) => outcomeOf(verifyBundle(path, { name: NAME, sign, level }))));
  const cache = extractionCache(extracted);
  const run = () => runBundle(path, { name: NAME, sign, cache, stdio: "ignore" });
  const ended = [await run(), await run()];
  return [
    { claim: `believed at every level: ${LEVELS.join(", ")}`, holds: believed.every((each) => each === "believed") },
    { claim: "it runs, from an extraction that is compared before each run", holds: ended.every((code) => code === 0) },
  ];
}

/** What becomes of the package in the hands of somebody who has no key, and of one who has another. */
async function refusals(path: string, sign: Signer): Promise<readonly Proof[]> {
  const good = readFileSync(path);
  const outcomes: string[] = [];
  for (const at of [40, good.length >> 1, good.length - 1]) {
    writeFileSync(
      path,
      good.map((byte, i) => (i === at ? byte ^ 1 : byte)),
    );
    for (const level of LEVELS.slice(1))
      outcomes.push(await outcomeOf(verifyBundle(path, { name: NAME, sign, level })));
  }
  const identity = SigningKey.generate();
  const evil = [{ path: "bin/count", content: Buffer.from("evil"), mode: 0o700 }];
  await createBundle(path, evil, { ...MADE, sign: ed25519Signer({ identity }) });
  const strangers = await outcomeOf(verifyBundle(path, { name: NAME, sign }));
  writeFileSync(path, good);
  return [
    { claim: "a changed byte is found, wherever it is, by all that read it", holds: !outcomes.includes("believed") },
    { claim: `what a stranger signed is refused: ${strangers}`, holds: strangers === "ERR_CACHE_UNKNOWN_KEY" },
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
