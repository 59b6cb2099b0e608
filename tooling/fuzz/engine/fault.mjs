/** @typedef {import("../target.mjs").Target} Target */

/**
 * What a target has against an input; `undefined` when all that it promises holds.
 * @param {Target} target
 * @param {Uint8Array} bytes
 * @param {() => number} room - bytes that the run asked for, where that is counted
 */
export async function faultOf(target, bytes, room = () => 0) {
  try {
    // A copy that ends where its memory ends: what reads beyond it reads nothing. And whoever keeps it keeps no other.
    const answer = target.run(bytes.slice());
    if (answer !== undefined) await answer;
    const most = target.room?.(bytes.length) ?? 65_536 + 64 * bytes.length;
    if (room() > most) throw new Error(`it asks for ${room()} bytes for an input of ${bytes.length}`);
    return undefined;
  } catch (error) {
    const { name, message, stack } = /** @type {Error} */ (error);
    // The same words from two places are two faults; numbers in words differ from input to input.
    const [place = ""] = /packages\/[a-z-]+\/(?:dist|src)\/(?!bytes\/)\S+/.exec(stack ?? "") ?? [];
    const fault = `${name}: ${message.replaceAll(/\d+/g, "…").slice(0, 200)} ${place}`.trim();
    return { fault, stack: String(stack) };
  }
}
