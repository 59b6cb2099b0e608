import type { Case } from "./case.ts";

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

/**
 * Runs every case, one after another, and never rejects because one of them failed: for programs that are no test
 * runner, such as a command that checks the backend a user configured.
 * @param onResult - told of each case as soon as it is over
 */
export async function runCases<F>(
  cases: readonly Case<F>[],
  fixture: F,
  onResult?: (result: CaseResult) => void,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const each of cases) {
    const result = await runCase(each, fixture);
    results.push(result);
    onResult?.(result);
  }
  return results;
}

async function runCase<F>(each: Case<F>, fixture: F): Promise<CaseResult> {
  const begun = performance.now();
  const took = () => performance.now() - begun;
  try {
    await each.run(fixture);
    return { name: each.name, ok: true, milliseconds: took() };
  } catch (error) {
    return { name: each.name, ok: false, error, milliseconds: took() };
  }
}
