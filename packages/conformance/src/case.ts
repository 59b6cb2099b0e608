/**
 * One claim of a port's contract, as data: any test runner can run it, and so can a command line. Cases are
 * independent of each other and may run in any order.
 * @typeParam F - what the case is run against
 */
export interface Case<F> {
  /** The claim as a sentence that begins with the method: `"get: an absent name is undefined"`. Unique in its list. */
  readonly name: string;
  /** Rejects, with a message that says what was seen and what was expected, when the claim does not hold. */
  run(fixture: F): Promise<void>;
}
