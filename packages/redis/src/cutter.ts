/** A piece of a value, and the how manieth it is. */
export type Piece = readonly [at: number, bytes: Uint8Array];

/** Cuts content into pieces of one length while it comes, and holds back those that what comes last has to go into. */
export class Cutter {
  readonly #headLength: number;
  readonly #chunk: number;
  readonly #front: Uint8Array[] = [];
  #size: number;
  #open: Uint8Array;

  constructor(headLength: number, chunk: number) {
    this.#headLength = headLength;
    this.#chunk = chunk;
    this.#size = headLength;
    while ((this.#front.length + 1) * chunk <= headLength) this.#front.push(new Uint8Array(chunk));
    this.#open = new Uint8Array(chunk);
  }

  /** Length of all that came, with the head. */
  get size(): number {
    return this.#size;
  }

  /** The first piece that is not held back. */
  get first(): number {
    return Math.max(1, Math.ceil(this.#headLength / this.#chunk));
  }

  /** Takes more content, and hands out what is full now. */
  *push(content: Uint8Array): Generator<Piece, void, undefined> {
    const bytes = plain(content);
    for (let from = 0; from < bytes.length; ) {
      const inside = this.#size % this.#chunk;
      const part = bytes.subarray(from, from + this.#chunk - inside);
      this.#open.set(part, inside);
      this.#size += part.length;
      from += part.length;
      if (inside + part.length < this.#chunk) continue;
      const full: Piece = [this.#size / this.#chunk - 1, this.#open];
      this.#open = new Uint8Array(this.#chunk);
      if (full[0] < this.first) this.#front.push(full[1]);
      else yield full;
    }
  }

  /** What was held back, with the head in front, and the last piece. @throws TypeError for a head of another length */
  end(start: Uint8Array): Piece[] {
    const head = plain(start);
    if (head.length !== this.#headLength) throw new TypeError("the head of a draft has not the length it said");
    const rest: Piece[] = this.#front.map((piece, at) => [at, piece]);
    const inside = this.#size % this.#chunk;
    if (inside > 0) rest.push([Math.floor(this.#size / this.#chunk), this.#open.subarray(0, inside)]);
    for (const [at, piece] of rest) {
      if (at * this.#chunk < head.length) piece.set(head.subarray(at * this.#chunk, (at + 1) * this.#chunk));
    }
    return rest;
  }
}

/** Parts of it are parts of it: what a class of somebody's makes of a part is its own affair. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
