/** White space, and one token of JSON (RFC 8259) or none. */
const TOKEN =
  /[ \t\r\n]*(?:([{}[\],:])|("(?:[ -!#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))?/y;

/** What may come next; `next` is what follows a value. */
type Expected = "value" | "value or ]" | "name or }" | "name" | ":" | "next";

/** Reads tokens for as long as they make JSON. */
class Grammar {
  #expected: Expected = "value";
  readonly #open: string[] = [];

  /** Whether the text may end here. */
  get isWhole(): boolean {
    return this.#expected === "next" && this.#open.length === 0;
  }

  /** @returns whether JSON may have this token here */
  take(mark: string | undefined, isText: boolean): boolean {
    const expected = this.#expected;
    if (expected === "next") return this.#follows(mark);
    if (expected === ":") return this.#go("value", mark === ":");
    if (expected === "name or }" && mark === "}") return this.#close();
    if (expected === "value or ]" && mark === "]") return this.#close();
    if (expected === "name" || expected === "name or }") return this.#go(":", isText);
    if (mark === undefined) return this.#go("next", true);
    this.#open.push(mark);
    return this.#go(mark === "{" ? "name or }" : "value or ]", mark === "{" || mark === "[");
  }

  #follows(mark: string | undefined): boolean {
    const open = this.#open.at(-1);
    if (open === "{" && mark === "}") return this.#close();
    if (open === "[" && mark === "]") return this.#close();
    return this.#go(open === "{" ? "name" : "value", open !== undefined && mark === ",");
  }

  #close(): boolean {
    this.#open.pop();
    return this.#go("next", true);
  }

  #go(expected: Expected, fits: boolean): boolean {
    this.#expected = expected;
    return fits;
  }
}

/** Where a text stops being JSON, as characters from its beginning; its length when something is missing at its end. */
function faultIn(text: string): number | undefined {
  const grammar = new Grammar();
  for (let at = 0; ; ) {
    TOKEN.lastIndex = at;
    const [all = "", mark, string, word] = TOKEN.exec(text) ?? [];
    const token = mark ?? string ?? word;
    const begin = at + all.length - (token?.length ?? 0);
    if (token === undefined) return begin === text.length && grammar.isWhole ? undefined : begin;
    if (!grammar.take(mark, string !== undefined)) return begin;
    at = begin + token.length;
  }
}

/**
 * In which line and column a text stops being JSON, for a message. The parser of the platform says it in some versions only, and
 * repeats what it read.
 */
export function whereNoJson(text: string): string {
  const at = faultIn(text);
  if (at === undefined) return "";
  const lines = text.slice(0, at).split("\n");
  return `, from line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1} on`;
}
