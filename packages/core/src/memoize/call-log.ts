/** One call of a memoized function, as a {@link CallLog} is told of it. */
export interface Call {
  /** The function's name and version as {@link MemoizeOptions} have them. */
  readonly name: string;
  readonly version?: string | undefined;
  /** Of the arguments that count: 64 hexadecimal digits. */
  readonly digest: string;
  /** The key in the cache under which the result is kept. */
  readonly key: string;
  /** As they were given; they may hold secrets. */
  readonly args: readonly unknown[];
  /** Whether the function ran, or its result was there or just on its way. */
  readonly outcome: "computed" | "hit";
  /** When it began: milliseconds since 1970 UTC. */
  readonly started: number;
  /** How long it took, in milliseconds, a fraction included. */
  readonly duration: number;
}

/** Keeps an account of calls; `@cache/calls` has one. */
export interface CallLog {
  /** Called when the result is there and the cache has been given it. What it throws never fails the call. */
  record(call: Call): void | Promise<void>;
}
