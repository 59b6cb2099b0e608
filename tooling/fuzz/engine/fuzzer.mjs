import { Corpus } from "./corpus.mjs";
import { faultOf } from "./fault.mjs";
import { minimised } from "./minimise.mjs";
import { mutated } from "./mutate.mjs";
import { probe } from "./probe.mjs";
import { Random } from "./random.mjs";

/** @typedef {import("../target.mjs").Target} Target */
/** @typedef {{ readonly fault: string, readonly stack: string, readonly bytes: Uint8Array }} Finding */

/**
 * What fuzzing one target came to.
 * @typedef {object} Outcome
 * @property {string} name
 * @property {number} runs
 * @property {number} blocks - of the sources, that ran
 * @property {number} features - blocks by how often they ran, and comparisons by how close they came
 * @property {number} slowest - milliseconds of the run that took longest
 * @property {number} inputs - that were kept to go on from
 * @property {Finding[]} findings - shortened
 * @property {Uint8Array[]} distilled - few inputs that show all that was seen
 */

/** Compared pairs that are remembered. */
const OPERANDS = 256;
/** Bytes of kept inputs for each target. */
const ROOM = 10_000;

/**
 * One target, fed with inputs that lead ever further into it.
 */
export class Fuzzer {
  #target;
  #watch;
  #random;
  #corpus;
  /** @type {Map<string, Finding>} */
  #findings = new Map();
  #runs = 0;
  #slowest = 0;
  /** @type {(string | number)[][]} */
  #operands = [[0, 0]];

  /**
   * @param {Target} target
   * @param {number} seed
   * @param {(bytes: Uint8Array) => void} watch - told of each input before its run
   */
  constructor(target, seed, watch) {
    this.#target = target;
    this.#watch = watch;
    this.#random = new Random(seed);
    this.#corpus = new Corpus(this.#random);
  }

  /**
   * @param {readonly Uint8Array[]} kept - inputs from earlier runs
   * @param {{ readonly runs: number, readonly seconds: number, readonly findings: number }} budget
   * @returns {Promise<Outcome>}
   */
  async fuzz(kept, { runs, seconds, findings }) {
    const target = this.#target;
    const until = performance.now() + 1000 * seconds;
    for (const bytes of [...(await target.seeds()), ...kept]) await this.#feed(bytes);
    const dictionary = (target.dictionary ?? []).map((word) =>
      typeof word === "string" ? new TextEncoder().encode(word) : word,
    );
    const sources = {
      random: this.#random,
      dictionary,
      other: () => this.#corpus.pick(),
      most: target.most ?? 4096,
    };
    while (this.#runs < runs && performance.now() < until && this.#findings.size < findings) {
      await this.#feed(mutated(this.#corpus.pick(), { ...sources, operands: this.#operands }));
    }
    return this.#outcome();
  }

  /** @param {Uint8Array} bytes */
  async #feed(bytes) {
    const { features, fault } = await this.#run(bytes);
    this.#corpus.add(bytes, features);
    // One pair of each run, so that those of rare runs are not crowded out.
    if (probe.operands.length > 0) this.#operands[this.#runs % OPERANDS] = this.#random.of(probe.operands);
    if (fault === undefined || this.#findings.has(fault.fault)) return;
    this.#findings.set(fault.fault, { ...fault, bytes });
    const short = await minimised(bytes, async (each) => (await this.#run(each)).fault?.fault === fault.fault);
    this.#findings.set(fault.fault, { ...fault, bytes: short });
  }

  /** @param {Uint8Array} bytes */
  async #run(bytes) {
    this.#runs += 1;
    this.#watch(bytes);
    probe.reset();
    const begun = performance.now();
    const fault = await faultOf(this.#target, bytes, () => probe.room);
    this.#slowest = Math.max(this.#slowest, performance.now() - begun);
    /** @type {number[]} */
    const features = [];
    probe.features((feature) => features.push(feature));
    return { features, fault };
  }

  /** @returns {Promise<Outcome>} */
  async #outcome() {
    const [runs, features] = [this.#runs, this.#corpus.size];
    const blocks = blocksOf(this.#corpus.features).length;
    // Blocks alone: what leads to them is soon found again, and there would be thousands of files.
    const shown = async (/** @type {Uint8Array} */ bytes) => blocksOf((await this.#run(bytes)).features);
    const distilled = await this.#corpus.distilled(shown, ROOM);
    const findings = [...this.#findings.values()];
    const figures = { runs, blocks, features, slowest: Math.ceil(this.#slowest), inputs: this.#corpus.inputs.length };
    return { name: this.#target.name, ...figures, findings, distilled };
  }
}

/** Which blocks ran, however often. @param {readonly number[]} features */
const blocksOf = (features) => [...new Set(features.filter((each) => probe.isBlock(each)).map((each) => each >> 6))];
