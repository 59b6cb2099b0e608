import type { AttackRecord, ChapterRecord, Evidence, Proof, RotationRecord, RunRecord } from "./evidence.ts";

/** What is wrong with a record, in sentences; nothing when all is as promised. */
export type Faults = readonly string[];

const broken = (proofs: readonly Proof[]): string[] =>
  proofs.filter(({ holds }) => !holds).map(({ claim }) => `does not hold: ${claim}`);

/** The first run is the measure: it had nothing to go by; all later ones had everything, and gave the same bytes. */
function judgeRuns(runs: readonly RunRecord[], files: number): Faults {
  const [cold, ...warm] = runs;
  if (cold === undefined || warm.length === 0) return ["there is no cold run, or no warm one"];
  const faults = cold.hits === 0 && cold.computed === files ? [] : [`${cold.title}: was not cold`];
  for (const { title, hits, computed, identity, milliseconds } of warm) {
    if (hits !== files || computed !== 0) faults.push(`${title}: ${hits} hits for ${files} files`);
    if (identity !== cold.identity) faults.push(`${title}: other output than the cold run`);
    if (milliseconds >= cold.milliseconds) faults.push(`${title}: not faster than the cold run`);
  }
  return faults;
}

/** An attack must be answered as promised and must leave the output as it was. */
export function judgeAttack({ expected, seen, identical, proofs }: AttackRecord): Faults {
  const faults = broken(proofs);
  if (expected.length === 0 || expected.join() !== seen.join()) {
    faults.push(`the lookup answered "${seen.join(", ")}" where "${expected.join(", ")}" was promised`);
  }
  if (!identical) faults.push("the output changed");
  return faults;
}

/** A step of a rotation, or a chapter, claims something, and all it claims must hold. */
export function judgeClaims({ proofs }: RotationRecord | ChapterRecord): Faults {
  return proofs.length === 0 ? ["nothing was shown"] : broken(proofs);
}

/** Every fault of a demonstration, each with where it is. */
export function judge({ runs, files, attacks, rotation, chapters }: Evidence): Faults {
  const under = (title: string, faults: Faults): string[] => faults.map((fault) => `${title}: ${fault}`);
  return [
    ...judgeRuns(runs, files),
    ...(attacks.length === 0
      ? ["no attack was shown"]
      : attacks.flatMap((each) => under(each.title, judgeAttack(each)))),
    ...(rotation.length === 0
      ? ["no rotation was shown"]
      : rotation.flatMap((each) => under(each.step, judgeClaims(each)))),
    ...(chapters.length === 0
      ? ["no chapter was shown"]
      : chapters.flatMap((each) => under(each.title, judgeClaims(each)))),
  ];
}
