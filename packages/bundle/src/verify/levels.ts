/**
 * How much of a package is read to verify it. All of them need a proof that holds, and every failure ends all of them.
 *
 * - `quick`: record, proof, name, times, manifest, length of the file and description. Misses changes of the members' contents.
 * - `standard`: also all stored bytes, against their digests. Misses what its own signer did wrong: a compressed member that
 *   expands to something else than was stated.
 * - `deep`: also what every compressed member expands to. Misses a medium that gives other bytes the next time, and a fault of
 *   the one library that makes the digests.
 * - `paranoid`: also opens the file a second time and digests all of it with another library, and extracts it to a private directory,
 *   reads that back and removes it. Misses a fault of the system itself.
 */
export type Level = "quick" | "standard" | "deep" | "paranoid";
const LEVELS: readonly Level[] = ["quick", "standard", "deep", "paranoid"];

/** @throws TypeError for a word that is no level */
export function checkLevel(level: unknown): Level {
  const found = LEVELS.find((each) => each === level);
  if (found === undefined) throw new TypeError(`a level is one of ${LEVELS.join(", ")}`);
  return found;
}
