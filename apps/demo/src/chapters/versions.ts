import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileStore } from "@cache/cas";
import { createCache } from "@cache/core";
import type { Keyring } from "@cache/core/keyring";
import { sealer } from "@cache/crypto-envelope";
import { deltaStore } from "@cache/delta";
import { hmacSigner } from "@cache/signer";
import { valueFiles } from "../attacks/scene.ts";
import type { ChapterRecord } from "../evidence.ts";
import type { SourceFile } from "../files.ts";

const RELEASES = 4;

/** Releases of one archive, each with another file changed. */
function releasesOf(files: readonly SourceFile[]): Uint8Array[] {
  return Array.from({ length: RELEASES }, (_, release) =>
    Buffer.concat(files.map(({ bytes }, at) => (at < release ? Buffer.from(bytes).reverse() : bytes))),
  );
}

/** Versions of a large file, as DeltaGlider keeps them: one whole and the others as what differs, but sealed, signed and shared. */
export async function showVersions(
  directory: string,
  keyring: Keyring,
  files: readonly SourceFile[],
): Promise<ChapterRecord> {
  const root = join(directory, "versions");
  // Another cache each time, as another process would have it.
  const open = () =>
    deltaStore(createCache({ store: fileStore(root), seal: sealer(keyring), sign: hmacSigner(keyring) }));
  const releases = releasesOf(files);
  for (const [at, bytes] of releases.entries()) await open().put(`archive/${at}`, bytes);
  const { bytesGiven, bytesKept } = await open().stats();
  const read = await Promise.all(releases.map((_, at) => open().get(`archive/${at}`)));
  const isSame = releases.every((release, at) => read[at] !== undefined && Buffer.compare(release, read[at]) === 0);
  for (const path of valueFiles(root, "blobs")) writeFileSync(path, "poisoned");
  const after = await Promise.all(releases.map((_, at) => open().get(`archive/${at}`)));
  return {
    title: "Versions of a large file",
    explanation: `${RELEASES} releases, one kept whole and the others as what differs`,
    proofs: [
      {
        claim: `they take ${Math.round((100 * bytesKept) / bytesGiven)} % of their size`,
        holds: bytesKept < bytesGiven / 2,
      },
      { claim: "every version is found by another cache, and is the same bytes", holds: isSame },
      { claim: "poisoned, they are misses, and none is other bytes", holds: after.every((each) => each === undefined) },
    ],
  };
}
