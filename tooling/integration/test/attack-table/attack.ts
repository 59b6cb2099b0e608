import { describe, expect, it } from "vitest";

/** What an attack came to: `"stopped"`, or what it reached. */
export type Outcome = "stopped" | `succeeded: ${string}`;

/**
 * One line of the table of attacks: what somebody does, and whom it is done to. It is done to something weak as well, so
 * that an attack that does nothing is found out.
 */
export interface Attack<S> {
  /** `A1: what somebody does`. */
  readonly title: string;
  readonly run: (subject: S) => Promise<Outcome>;
  /** Caches of these packages, by how they are put together. */
  readonly ours: Readonly<Record<string, () => S | Promise<S>>>;
  /** Imitations that lack what stops the attack. */
  readonly weak: Readonly<Record<string, () => S | Promise<S>>>;
}

/** The tests of an attack: it is stopped by all that are ours, and succeeds on all imitations. */
export function tryAttack<S>({ title, run, ours, weak }: Attack<S>): void {
  describe(title, () => {
    it.each(Object.entries(ours))(`${title}: stopped by what is %s`, async (_, make) => {
      expect(await run(await make())).toBe("stopped");
    });
    it.each(Object.entries(weak))(`${title}: succeeds on %s`, async (_, make) => {
      expect(await run(await make())).toMatch(/^succeeded: /);
    });
  });
}
