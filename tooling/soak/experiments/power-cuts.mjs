import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatKey, MasterKey } from "@cache/core/keyring";
import { verifyStore } from "@cache/core/maintenance";
import { open } from "../cache.mjs";
import { pause, start } from "../child.mjs";
import { isWhole } from "../values.mjs";
import { finishedIn } from "./kills.mjs";

/** Stops a file system at once, without a flush of what it holds in memory: FS_IOC_SHUTDOWN, flag NOLOGFLUSH. */
const STOP = `open(my $h, "<", $ARGV[0]) or die $!; my $b = pack("I", 2); defined(ioctl($h, 0x8004587d, $b)) or die $!;`;

/** @param {readonly [string, ...string[]]} command */
const can = ([program, ...args]) => spawnSync(program, args, { stdio: "ignore" }).error === undefined;

/** @returns {string | undefined} what is missing */
function missing() {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "it needs root on Linux";
  if (!can(["mkfs.ext4", "-V"]) || !can(["perl", "-v"])) return "it needs mkfs.ext4 and perl";
  return undefined;
}

/** A small ext4 of its own on a loop device. */
class Medium {
  #base = mkdtempSync(join(tmpdir(), "cache-soak-"));
  #image = join(this.#base, "image");
  path = join(this.#base, "mount");

  constructor() {
    mkdirSync(this.path);
    execFileSync("truncate", ["-s", "96M", this.#image]);
    execFileSync("mkfs.ext4", ["-q", "-F", this.#image]);
  }

  mount() {
    execFileSync("mount", ["-o", "loop", this.#image, this.path], { stdio: "pipe" });
  }

  unmount() {
    spawnSync("umount", [this.path], { stdio: "ignore" });
  }

  stop() {
    execFileSync("perl", ["-e", STOP, this.path]);
  }

  end() {
    this.unmount();
    rmSync(this.#base, { recursive: true, force: true });
  }
}

/** `undefined` where the system has no loop devices, as in many containers. */
function newMedium() {
  const medium = new Medium();
  try {
    medium.mount();
    return medium;
  } catch {
    medium.end();
    return undefined;
  }
}

/**
 * Power cuts: a file system that stops at a random moment and comes back with what had reached the medium.
 * @param {{ readonly rounds: number, readonly durable: boolean }} how
 * @returns {Promise<import("../report.mjs").Outcome | string>}
 */
export async function powerCuts({ rounds, durable }) {
  const why = missing();
  if (why !== undefined) return why;
  const medium = newMedium();
  if (medium === undefined) return "no ext4 on a loop device can be mounted here";
  try {
    const place = { directory: join(medium.path, "store"), key: formatKey(MasterKey.generate()), durable };
    const found = { finished: 0, lost: 0, wrong: 0, torn: 0 };
    for (let round = 0; round < rounds; round++) await cut(medium, place, String(round), found);
    const { finished, lost, wrong, torn } = found;
    if (durable) {
      const did = { cuts: rounds, "keys of finished puts": finished };
      return { name: "power cuts, durable", did, bad: { lost, wrong, torn }, why: [] };
    }
    // Without durability much may be lost, and torn; what is torn is found, and nothing of it is read.
    const did = { cuts: rounds, "keys of finished puts": finished, lost, "torn and found": torn };
    return { name: "power cuts, not durable", did, bad: { wrong }, why: [] };
  } finally {
    medium.end();
  }
}

/**
 * @param {Medium} medium
 * @param {import("../cache.mjs").Place} place
 * @param {string} owner
 * @param {{ finished: number, lost: number, wrong: number, torn: number }} found
 */
async function cut(medium, place, owner, found) {
  const writer = start("writer.mjs", [JSON.stringify(place), owner, "writer"]);
  await writer.begun();
  await pause(50 + Math.random() * 150);
  medium.stop();
  writer.kill();
  await writer.ended;
  medium.unmount();
  medium.mount();
  const { cache, slots } = open(place);
  for (const [key, n] of finishedIn(writer.out())) {
    found.finished += 1;
    const value = /** @type {import("../values.mjs").Value | undefined} */ (await cache.get(key));
    if (value !== undefined && !isWhole(value, key)) found.wrong += 1;
    else if (value === undefined || value.n < n) found.lost += 1;
  }
  const { damaged, missing: gone } = await verifyStore(slots);
  found.torn += damaged + gone;
  // Room for the next round.
  await cache.clear();
  rmSync(place.directory, { recursive: true, force: true });
}
