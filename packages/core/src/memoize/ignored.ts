/**
 * Which arguments do not count, by position: `true` for an argument, or the names of the fields of an object that do not.
 * `{ 0: ["signal"], 2: true }`
 */
export type IgnoredArguments<A extends readonly unknown[]> = {
  readonly [Position in number extends A["length"] ? number : Extract<keyof A, `${number}`>]?:
    | true
    | readonly Extract<keyof NonNullable<A[Position]>, string>[];
};

type Ignored = true | readonly string[];

/** @throws TypeError for what is no {@link IgnoredArguments} */
export function settleIgnored(ignore: unknown): ReadonlyMap<number, Ignored> {
  if (ignore === undefined) return new Map();
  if (typeof ignore !== "object" || ignore === null) throw new TypeError('"ignore" is an object, or left out');
  return new Map(
    Object.entries(ignore).map(([position, ignored]: [string, unknown]) => {
      if (!/^(0|[1-9]\d{0,2})$/.test(position)) throw new TypeError('"ignore" goes by the positions of arguments');
      const names = Array.isArray(ignored) && ignored.every((name) => typeof name === "string");
      if (ignored !== true && !names) throw new TypeError('"ignore" takes true, or a list of names, for an argument');
      return [Number(position), ignored as Ignored];
    }),
  );
}

/** The arguments that count, each with its position. An argument that does not count may as well be left out. */
export function countingArguments(
  args: readonly unknown[],
  ignored: ReadonlyMap<number, Ignored>,
): (readonly [position: number, value: unknown])[] {
  const counting: (readonly [number, unknown])[] = [];
  for (const [position, value] of args.entries()) {
    const what = ignored.get(position);
    if (what !== true) counting.push([position, what === undefined ? value : without(value, what)]);
  }
  return counting;
}

/** Only plain objects: an instance of a class would no longer be one. What it is, is left to the digest. */
function without(value: unknown, names: readonly string[]): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const fields = Object.getOwnPropertyDescriptors(value) as Record<string, PropertyDescriptor>;
  for (const name of names) delete fields[name];
  return Object.create(prototype as object | null, fields);
}
