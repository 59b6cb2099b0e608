import { type Cache, type Memoized, memoize } from "@cache/core";
import { identityOf, writeDocument } from "./document.ts";
import type { RunRecord } from "./evidence.ts";
import type { SourceFile } from "./files.ts";
import { type Analysis, analyse } from "./transform.ts";

const NAME = "census@1";
/** As many as the platform compresses at one time. */
const AT_ONCE = 4;

/** The memoised analysis of one cache. */
export interface Census {
  readonly cache: Cache;
  readonly analysis: Memoized<[SourceFile], Analysis>;
  /** The key in the cache under which the analysis of a file is kept. */
  keyOf(file: SourceFile): string;
  /** Analyses worked out so far, that is: not taken from the cache. */
  computed(): number;
}

/** The program's one expensive function, memoised by the content of the file. */
export function censusOf(cache: Cache): Census {
  let computed = 0;
  const compute = (file: SourceFile): Promise<Analysis> => {
    computed += 1;
    return analyse(file);
  };
  const analysis = memoize(cache, compute, { name: NAME, key: ({ digest }) => digest });
  return { cache, analysis, keyOf: (file) => `${NAME}\n${analysis.digest(file)}`, computed: () => computed };
}

/** Called after each file. */
type Progress = (done: number, of: number) => void;

/** All analyses, in the order of the files. */
async function analyseAll(census: Census, files: readonly SourceFile[], progress?: Progress): Promise<Analysis[]> {
  const analyses = new Array<Analysis>(files.length);
  const rest = files.entries();
  let done = 0;
  const work = async (): Promise<void> => {
    for (const [index, file] of rest) {
      analyses[index] = await census.analysis(file);
      done += 1;
      progress?.(done, files.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return analyses;
}

/** Runs the program. */
export async function runCensus(
  title: string,
  cache: Cache,
  files: readonly SourceFile[],
  progress?: Progress,
): Promise<RunRecord> {
  const census = censusOf(cache);
  const start = performance.now();
  const document = writeDocument(files, await analyseAll(census, files, progress));
  const milliseconds = performance.now() - start;
  const computed = census.computed();
  return { title, milliseconds, hits: files.length - computed, computed, identity: identityOf(document) };
}
