/** Edits of a text that are told in the order of a walk through its tree: before a node's children, and after them. */
export class Edits {
  #text;
  /** @type {{ at: number, to: number, text: string, rank: number, order: number }[]} */
  #edits = [];

  /** @param {string} text */
  constructor(text) {
    this.#text = text;
  }

  /**
   * Before a node: what is told first stands first.
   * @param {number} at
   * @param {string} text
   */
  open(at, text) {
    this.#edits.push({ at, to: at, text, rank: 1, order: this.#edits.length });
  }

  /**
   * After a node, and so before whatever begins at the same place.
   * @param {number} at
   * @param {string} text
   */
  close(at, text) {
    this.#edits.push({ at, to: at, text, rank: 0, order: this.#edits.length });
  }

  /**
   * @param {number} at
   * @param {number} to
   * @param {string} text
   */
  replace(at, to, text) {
    this.#edits.push({ at, to, text, rank: 1, order: this.#edits.length });
  }

  result() {
    let [out, from] = ["", 0];
    for (const { at, to, text } of this.#edits.sort((a, b) => a.at - b.at || a.rank - b.rank || a.order - b.order)) {
      out += this.#text.slice(from, at) + text;
      from = to;
    }
    return out + this.#text.slice(from);
  }
}
