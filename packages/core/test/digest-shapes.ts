/**
 * Text that is equal for exactly the values that a digest has to hold for equal: written for tests, with nothing in common
 * with the encoding. An object within itself is a number of levels back.
 */
export function shapeOf(value: unknown, above: readonly unknown[] = []): string {
  if (typeof value !== "object" || value === null) {
    const text = Object.is(value, -0) ? "-0" : String(value);
    return JSON.stringify([typeof value, text]);
  }
  const back = above.indexOf(value);
  if (back !== -1) return `^${above.length - back}`;
  const within = (part: unknown) => shapeOf(part, [...above, value]);
  if (Array.isArray(value)) return `[${value.map(within).join()}]`;
  if (value instanceof Set) return `set(${[...value].map(within).join()})`;
  if (value instanceof Map) return `map(${[...value].map(([key, item]) => `${within(key)}=>${within(item)}`).join()})`;
  const fields = Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}:${within(part)}`);
  return `{${fields.sort().join()}}`;
}

/** Arrays that hold each other: for each the indices of those in it. The first one. */
export function linked(edges: readonly (readonly number[])[]): unknown {
  const nodes = edges.map((): unknown[] => []);
  for (const [i, targets] of edges.entries()) nodes[i]?.push(...targets.map((target) => nodes[target % nodes.length]));
  return nodes[0];
}
