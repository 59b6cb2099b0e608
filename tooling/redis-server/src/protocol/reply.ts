/** A short text such as OK. */
export class Status {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a server refuses with: a word, and why. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

/** Names with values: a type of its own in the newer protocol, a flat list in the older. */
export class Fields {
  readonly rows: readonly (readonly [string, Reply])[];

  constructor(rows: readonly (readonly [string, Reply])[]) {
    this.rows = rows;
  }
}

/** What a command answers. */
export type Reply = null | number | string | Uint8Array | Status | Refusal | Fields | readonly Reply[];

export const OK: Status = new Status("OK");

/** For whoever used a command wrongly. */
export function wrongArity(name: string): Refusal {
  return new Refusal(`ERR wrong number of arguments for '${name.toLowerCase()}' command`);
}
