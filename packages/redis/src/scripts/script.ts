import { toHex, utf8 } from "@cache/core/bytes";

/** A program that the server runs at once, with nothing else in between. */
export class Script {
  readonly text: string;
  #digest: Promise<string> | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** What the server calls it by, once it has seen the text. */
  get digest(): Promise<string> {
    this.#digest ??= digestOf(this.text);
    return this.#digest;
  }
}

async function digestOf(text: string): Promise<string> {
  const bytes = new Uint8Array(utf8(text));
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-1", bytes)));
}
