/** Space, and what program text has between the lines of a key. */
const BETWEEN = String.raw`(?:\\[nr]|[\s"'` + "`" + String.raw`,+\\])`;

/** What a secret in the clear looks like. A name such as `PRIVATE KEY` without a key behind it is none. */
const SECRETS = [
  {
    what: "a secret key in its native form",
    mark: "cachek1.",
    pattern: /cachek1\.(?:master|ed25519-secret)\.[A-Za-z0-9_-]{48}/,
  },
  {
    what: "a PEM private key",
    mark: "PRIVATE KEY-----",
    pattern: new RegExp(
      String.raw`-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY-----${BETWEEN}{1,40}` +
        String.raw`(?:[A-Za-z-]{1,20}: [A-Za-z0-9,-]{1,80}${BETWEEN}{1,40}){0,2}[A-Za-z0-9+/]{40}`,
    ),
  },
] as const;

/** No pattern matches more bytes. */
const LONGEST = 1024;

/** Looks for secrets in bytes that come in pieces, wherever they are cut. */
export class SecretSearch {
  #tail: Buffer = Buffer.alloc(0);

  /** What stands in the bytes so far, if it is a secret that the ones before did not have. */
  add(piece: Uint8Array): string | undefined {
    const bytes = Buffer.concat([this.#tail, piece]);
    this.#tail = bytes.subarray(-LONGEST);
    // Most files have none of the marks, and finding that out is quick.
    const likely = SECRETS.filter(({ mark }) => bytes.includes(mark));
    if (likely.length === 0) return undefined;
    const text = bytes.toString("latin1");
    return likely.find(({ pattern }) => pattern.test(text))?.what;
  }
}
