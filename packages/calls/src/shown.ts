const MOST_CHARACTERS = 1000;
const MOST_TEXT = 100;
const MOST_ITEMS = 10;
const MOST_LEVELS = 3;

/** The arguments of a call as people read them: at most 1000 characters, and of what is long or deep the beginning. */
export function shownArguments(args: readonly unknown[]): string {
  return limited(args.map((each) => shown(each, 0)).join(", "));
}

/** At most 1000 characters, none of them half of one. */
export function limited(text: string): string {
  const whole = text.toWellFormed();
  return whole.length <= MOST_CHARACTERS ? whole : `${whole.slice(0, MOST_CHARACTERS - 1).toWellFormed()}…`;
}

function shown(value: unknown, level: number): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "bigint") return `${String(value).slice(0, MOST_TEXT)}n`;
  if (typeof value === "function" || typeof value === "symbol") return `[${typeof value}]`;
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : String(value);
  if (value instanceof Date) return `Date(${value.getTime()})`;
  if (ArrayBuffer.isView(value)) return `${classOf(value)}(${value.byteLength} bytes)`;
  if (Array.isArray(value)) return `[${listed(value, level, (item) => shown(item, level + 1))}]`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return `[${classOf(value)}]`;
  const field = (name: string) => {
    // A getter is not run to be shown.
    const { value: content } = Object.getOwnPropertyDescriptor(value, name) as PropertyDescriptor;
    return `${quoted(name)}: ${shown(content, level + 1)}`;
  };
  return `{${listed(Object.keys(value), level, field)}}`;
}

function listed<T>(items: readonly T[], level: number, one: (item: T) => string): string {
  if (level >= MOST_LEVELS) return items.length === 0 ? "" : "…";
  const more = items.length > MOST_ITEMS ? [`… ${items.length - MOST_ITEMS} more`] : [];
  return [...items.slice(0, MOST_ITEMS).map(one), ...more].join(", ");
}

const quoted = (text: string): string =>
  JSON.stringify(text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text);

function classOf(value: object): string {
  const name: unknown = (Object.getPrototypeOf(value) as { constructor?: { name?: unknown } }).constructor?.name;
  return typeof name === "string" && name !== "" ? name.slice(0, MOST_TEXT) : "object";
}
