import type { Case } from "./case.ts";
import { ConformanceError } from "./expect.ts";

/** How one case went. */
export interface CaseResult {
  /** The name of the case. */
  readonly name: string;
  /** Whether the claim held. */
  readonly ok: boolean;
  /** What the case rejected with; absent when it held. */
  readonly error?: unknown;
  /** How long the case took. */
  readonly milliseconds: number;
}

/** How cases are run. */
export interface RunOptions {
  /**
   * Milliseconds after which a case has failed, so that a backend that never answers is told from a slow one. What the
   * case has begun goes on; nothing can stop it.
   * @defaultValue 60 000
   */
  readonly timeout?: number | undefined;
}

/**
 * Runs every case, one after another, and never rejects because one of them failed: for programs that are no test
 * runner, such as a command that checks the backend a user configured.
 * @param onResult - told of each case as soon as it is over
 */
export async function runCases<F>(
  cases: readonly Case<F>[],
  fixture: F,
  onResult?: (result: CaseResult) => void,
  { timeout = 60_000 }: RunOptions = {},
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const each of cases) {
    const result = await runCase(each, fixture, timeout);
    results.push(result);
    onResult?.(result);
  }
  return results;
}

async function runCase<F>(each: Case<F>, fixture: F, timeout: number): Promise<CaseResult> {
  const begun = performance.now();
  const took = () => performance.now() - begun;
  try {
    await within(timeout, each.run(fixture));
    return { name: each.name, ok: true, milliseconds: took() };
  } catch (error) {
    return { name: each.name, ok: false, error, milliseconds: took() };
  }
}

async function within(timeout: number, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ConformanceError(`the case was not over after ${timeout} ms`)), timeout);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
