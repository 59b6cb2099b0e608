/** A request that is none, after which the connection ends. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

const LONGEST = 512 * 1024 * 1024;

/** Takes what arrives on one connection, and hands out the requests that are complete. */
export class Requests {
  #parts: Buffer[] = [];
  #length = 0;
  /** So many bytes the request under way has at least; nothing is looked at before. */
  #wanted = 1;

  /** @throws ProtocolError */
  *push(bytes: Buffer): Generator<Buffer[], void, undefined> {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    if (this.#length < this.#wanted) return;
    let rest = Buffer.concat(this.#parts);
    for (;;) {
      const request = parse(rest);
      if (typeof request === "number") {
        this.#parts = [rest];
        this.#length = rest.length;
        this.#wanted = request;
        return;
      }
      rest = rest.subarray(request.end);
      if (request.words.length > 0) yield request.words;
    }
  }
}

/** A request, or how many bytes it has at least. */
function parse(bytes: Buffer): { words: Buffer[]; end: number } | number {
  const head = bytes.indexOf("\r\n");
  if (head < 0) return bytes.length + 1;
  if (bytes[0] !== 0x2a) return { words: inline(bytes.subarray(0, head)), end: head + 2 };
  const words: Buffer[] = [];
  let at = head + 2;
  for (let left = count(bytes, 1, head, 1_048_576); left > 0; left--) {
    const end = bytes.indexOf("\r\n", at);
    if (end < 0) return bytes.length + 1;
    if (bytes[at] !== 0x24) throw new ProtocolError("ERR Protocol error: expected '$'");
    const length = count(bytes, at + 1, end, LONGEST);
    if (bytes.length < end + length + 4) return end + length + 4;
    // A copy: what is stored must not hold what came with it.
    words.push(Buffer.from(bytes.subarray(end + 2, end + 2 + length)));
    at = end + length + 4;
  }
  return { words, end: at };
}

function inline(line: Buffer): Buffer[] {
  return line
    .toString("latin1")
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => Buffer.from(word, "latin1"));
}

function count(bytes: Buffer, from: number, to: number, most: number): number {
  const text = bytes.toString("latin1", from, to);
  if (!/^\d+$/.test(text) || Number(text) > most) throw new ProtocolError("ERR Protocol error: invalid length");
  return Number(text);
}
