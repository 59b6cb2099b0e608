import { readFileSync } from "node:fs";

const FIXTURES = new URL("../../../tooling/fixtures/fleche/", import.meta.url);

/** One file that Python wrote, and what a reader says of it. */
export interface FlecheFile {
  readonly store: string;
  readonly name: string;
  readonly label: string;
  /** `ok`, or the code of the refusal. */
  readonly verdict: string;
  readonly key?: number;
  /** SHA-256 in hexadecimal. */
  readonly payload?: string;
}

/** What `tooling/fixtures/fleche/make.py` wrote down. */
interface Expected {
  readonly keys: Readonly<Record<"first" | "second" | "short" | "text", string>>;
  readonly files: readonly FlecheFile[];
}

const expected: Expected = JSON.parse(readFileSync(new URL("expected.json", FIXTURES), "utf8"));

/** Texts of keys, in the encoding of their time. */
export const keys: Expected["keys"] = expected.keys;

/** The very bytes. A copy that is no `Buffer`. */
export function bytesOf({ store, name }: FlecheFile): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`stores/${store}/${name}`, FIXTURES)));
}

/** The files of one store. */
export const filesOf = (store: string): FlecheFile[] => expected.files.filter((file) => file.store === store);
