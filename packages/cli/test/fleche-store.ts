import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FIXTURES = new URL("../../../tooling/fixtures/fleche/", import.meta.url);

interface Row {
  readonly store: string;
  readonly name: string;
  readonly label: string;
  readonly verdict: string;
  readonly key?: number;
}

/** What `tooling/fixtures/fleche/make.py` wrote down. */
interface Expected {
  readonly keys: Readonly<Record<"first" | "second" | "short" | "text", string>>;
  readonly files: readonly Row[];
}

const expected: Expected = JSON.parse(readFileSync(new URL("expected.json", FIXTURES), "utf8"));

/** Both keys of the good files, as fleche takes them. */
export const FLECHE_KEYS: string = `${expected.keys.first}:${expected.keys.second}`;

/** The text that was a key in the notebook. */
export const TEXT_KEY: string = expected.keys.text;

/** Files that Python wrote, copied to where a test may do to them what it likes. */
export function flecheStore(folder: string, ...stores: readonly string[]): readonly Row[] {
  mkdirSync(folder, { recursive: true });
  const rows = expected.files.filter(({ store }) => stores.includes(store));
  for (const { store, name } of rows) copyFileSync(new URL(`stores/${store}/${name}`, FIXTURES), join(folder, name));
  return rows;
}
