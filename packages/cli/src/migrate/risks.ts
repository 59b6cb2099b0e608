import type { Stats } from "node:fs";

/** What is unsafe about something in a directory. */
export type Risk =
  | "another-user"
  | "writable-by-others"
  | "readable-by-others"
  | "link"
  | "plaintext-copy"
  | "left-over"
  | "unsigned"
  | "unsealed"
  | "damaged";

/** One risk, and how much of the directory it is about. */
interface Found {
  readonly count: number;
  /** The first that was met. */
  readonly example: string;
}

/** Why each risk is one, for people. */
const WHY: Readonly<Record<Risk, string>> = {
  "another-user": "of another user, who can change them",
  "writable-by-others": "that other users can change",
  "readable-by-others": "that other users can read",
  link: "links, or no files: whoever made them chose what is read through them",
  "plaintext-copy": "copies in plain text of what was encrypted",
  "left-over": "left by writers that were killed",
  unsigned: "signed by nobody: who made them cannot be told",
  unsealed: "not sealed: whoever reads the files reads them",
  damaged: "damaged, or changed",
};

/** What is unsafe about a directory. */
export class Risks {
  readonly #found = new Map<Risk, Found>();

  get any(): boolean {
    return this.#found.size > 0;
  }

  add(risk: Risk, example: string): void {
    const found = this.#found.get(risk);
    this.#found.set(risk, { count: (found?.count ?? 0) + 1, example: found?.example ?? example });
  }

  /** One line for each, for people. */
  lines(): string[] {
    return [...this.#found].map(([risk, { count, example }]) => `${count} ${WHY[risk]}; such as ${example}`);
  }

  toJSON(): object[] {
    return [...this.#found].map(([risk, found]) => ({ risk, ...found }));
  }
}

/** Adds what is unsafe about owner, mode and kind. Nothing is said of the first two where the system has none. */
export function addRights(risks: Risks, path: string, stats: Stats): void {
  const me = process.geteuid?.();
  if (!stats.isFile() && !stats.isDirectory()) risks.add("link", path);
  // The mode of a link says nothing: what counts is that of the directory that it is in.
  if (me === undefined || stats.isSymbolicLink()) return;
  if (stats.uid !== me) risks.add("another-user", path);
  if ((stats.mode & 0o022) !== 0) risks.add("writable-by-others", path);
  if ((stats.mode & 0o044) !== 0) risks.add("readable-by-others", path);
}
