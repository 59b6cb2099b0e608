/** A fault behind comparisons, one in the other: to show that the engine is led to it. */
class Planted extends Error {
  /** @override */
  name = "Planted";
}

/** @param {Uint8Array} bytes */
function nested(bytes) {
  if (bytes.length < 8 || bytes[0] !== 0x66) return;
  if (bytes[1] !== 0x75) return;
  if (bytes[2] !== 0x7a) return;
  if (bytes[3] !== 0x7a) return;
  if (new DataView(bytes.buffer).getUint32(4) === 0xdeadbeef) throw new Planted("bytes");
}

/** @param {Uint8Array} bytes */
function words(bytes) {
  const [first, second] = new TextDecoder().decode(bytes).split(" ");
  if (first === "open" && second === "sesame") throw new Planted("words");
}

/** @param {Uint8Array} bytes */
function length(bytes) {
  if (bytes.length >= 4 && bytes[0] === 1) new Uint8Array(new DataView(bytes.buffer).getUint32(0) & 0xffffff);
}

/** @param {Uint8Array} bytes */
function loop(bytes) {
  if (bytes[0] === 0x21) for (;;);
}

const seeds = () => [new Uint8Array(8)];

/** @type {readonly import("../../target.mjs").Target[]} */
export const targets = [
  { name: "nested", covers: [], seeds, run: nested },
  { name: "words", covers: [], seeds, run: words },
  { name: "length", covers: [], seeds, run: length },
  { name: "loop", covers: [], seeds, run: loop },
];
