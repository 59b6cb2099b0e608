import { statSync } from "node:fs";
import { join } from "node:path";
import { performAttacks } from "./attacks/gallery.ts";
import { valueFiles } from "./attacks/scene.ts";
import { freshKeyring, openCache } from "./caches.ts";
import { runCensus } from "./census.ts";
import { showPackages } from "./chapters/packages.ts";
import { showResults } from "./chapters/results.ts";
import { showVersions } from "./chapters/versions.ts";
import type { Evidence } from "./evidence.ts";
import { type Bounds, chooseFiles } from "./files.ts";
import { rotate } from "./rotation/rotate.ts";
import { runElsewhere } from "./worker.ts";

/** Says how far a phase is. */
export type Report = (phase: string, done?: number, of?: number) => void;

/** Where a demonstration takes place. */
export interface Place {
  /** The program's own file, to be started again as the other process. */
  readonly program: string;
  /** The root of the repository. */
  readonly root: string;
  /** A private directory for the caches. */
  readonly directory: string;
}

/** Enough for a rotation, which works everything out twice. */
const ROTATED = 24;

function storedIn(directory: string): Evidence["stored"] {
  const paths = (["blobs", "entries"] as const).flatMap((kind) => valueFiles(directory, kind));
  const sizes = paths.map((path) => statSync(path).size);
  return { values: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Runs everything there is to show. */
export async function demonstrate(
  { program, root, directory }: Place,
  bounds: Bounds,
  report: Report,
): Promise<Evidence> {
  report("choosing files");
  const files = chooseFiles(root, bounds);
  const keyring = freshKeyring();
  const main = join(directory, "census");
  const phase = (name: string) => (done: number, of: number) => report(name, done, of);

  const cold = await runCensus("cold", openCache(main, keyring), files, phase("cold run"));
  const stored = storedIn(main);
  const warm = await runCensus("warm, same process", openCache(main, keyring), files, phase("warm run"));
  report("warm run in another process");
  const elsewhere = await runElsewhere(program, root, main, keyring, files);
  const attacks = await performAttacks({ directory: main, keyring, files }, cold.identity, phase("attacks"));
  report("key rotation");
  const rotation = await rotate(join(directory, "rotation"), freshKeyring(), files.slice(0, ROTATED));
  report("chapters");
  const chapters = [
    await showResults(directory, freshKeyring(), files.slice(0, ROTATED)),
    await showVersions(directory, freshKeyring(), files.slice(0, ROTATED)),
    await showPackages(directory, files.slice(0, ROTATED)),
  ];
  const bytes = files.reduce((sum, file) => sum + file.bytes.byteLength, 0);
  return { files: files.length, bytes, stored, runs: [cold, warm, elsewhere], attacks, rotation, chapters };
}
