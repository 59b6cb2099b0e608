import type { Kind, Listed, Name, Store } from "@cache/core";
import type { StoreFixture } from "../../src/index.ts";
import type { Fault, Faults } from "../matrix.ts";
import { planted } from "./planted.ts";

/** The listing of the reference, changed. */
function listing(
  fails: RegExp,
  change: (rows: AsyncIterable<Listed>, kind: Kind, inner: Store) => AsyncIterable<Listed>,
): Fault<StoreFixture> {
  return planted(fails, (inner) => ({
    list: (kind, options) => change(inner.list(kind, options), kind, inner),
  }));
}

async function all(rows: AsyncIterable<Listed>): Promise<Listed[]> {
  const out: Listed[] = [];
  for await (const row of rows) out.push(row);
  return out;
}

/** Listings. */
export const listFaults: Faults<StoreFixture> = {
  "lists all kinds": listing(/^list: every complete/, async function* (_, __, inner) {
    yield* inner.list("blobs");
    yield* inner.list("entries");
    yield* inner.list("notes");
  }),
  "lists digests without their kind": listing(/^list: (every complete|rows carry|names only)/, async function* (rows) {
    for await (const row of rows) yield { ...row, name: row.name.slice(-64) as Name };
  }),
  "lists the last name twice": listing(/^list: (every complete|more names)/, async function* (rows) {
    const found = await all(rows);
    yield* found;
    yield* found.slice(-1);
  }),
  "leaves out the first name": listing(/^list: (every complete|a name put again)/, async function* (rows) {
    yield* (await all(rows)).slice(1);
  }),
  "lists a name once for every put": planted(/^list: a name put again/, (inner) => {
    const puts: Name[] = [];
    return {
      put(name, ...given) {
        puts.push(name);
        return inner.put(name, ...given);
      },
      async *list(kind, options) {
        for await (const row of inner.list(kind, options)) {
          for (const name of puts) if (name === row.name) yield row;
        }
      },
    };
  }),
  "lists no sizes": listing(/^list: rows carry/, async function* (rows) {
    for await (const row of rows) yield { ...row, size: 0 };
  }),
  "lists no times": listing(/^list: rows carry/, async function* (rows) {
    for await (const row of rows) yield { ...row, modified: 0 };
  }),
  "lists one page": listing(/^list: more names/, async function* (rows) {
    yield* (await all(rows)).slice(0, 1000);
  }),
  "lists pages by their offset": listing(/^list: names may be deleted/, async function* (_, kind, inner) {
    for (let offset = 0; ; offset += 5) {
      const page = (await all(inner.list(kind))).slice(offset, offset + 5);
      if (page.length === 0) return;
      yield* page;
    }
  }),
  "lists what comes while it runs, and never ends": planted(/^list: a name deleted and put again/, (inner) => {
    const log: Name[] = [];
    return {
      put(name, ...given) {
        log.push(name);
        return inner.put(name, ...given);
      },
      async *list(kind) {
        for (const name of log) {
          const stat = name.startsWith(kind) ? await inner.stat(name) : undefined;
          if (stat !== undefined) yield { name, size: stat.size, modified: stat.modified };
        }
      },
    };
  }),
  "lists what was deleted": planted(/^list: leaves out/, (inner) => {
    const gone: Name[] = [];
    return {
      delete(name, options) {
        gone.push(name);
        return inner.delete(name, options);
      },
      async *list(kind, options) {
        yield* inner.list(kind, options);
        for (const name of gone) if (name.startsWith(kind)) yield { name, size: 0, modified: Date.now() };
      },
    };
  }),
};
