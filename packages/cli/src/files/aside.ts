import { lstat, mkdtemp, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { note, printable } from "../output.ts";
import { UsageError } from "../usage-error.ts";
import { besideOf } from "./beside.ts";

/** What was at a path, out of the way of what is made there. A process that is killed leaves `.<name>.cache-<random>` beside the place with it in. */
export class Aside {
  readonly #place: string;
  readonly #stage: string | undefined;

  private constructor(place: string, stage?: string) {
    this.#place = place;
    this.#stage = stage;
  }

  /** Moves away what lies at a path, if something does. @throws UsageError when it cannot be moved */
  static async of(path: string): Promise<Aside> {
    // Without a slash at its end, by which a link would be what it leads to.
    const place = resolve(path);
    let stage: string | undefined;
    try {
      await lstat(place);
      stage = await mkdtemp(besideOf(place));
      await rename(place, inStage(stage));
      await requireGone(place);
      return new Aside(place, stage);
    } catch (error) {
      if (stage !== undefined) await putBack(stage, place);
      const code = String((error as { code?: unknown }).code);
      if (code === "ENOENT") return new Aside(place);
      throw new UsageError(`what is at ${printable(path)} cannot be moved away: ${code}`, "--keep leaves it there");
    }
  }

  /** Puts it where it was. */
  async putBack(): Promise<void> {
    if (this.#stage !== undefined) await putBack(this.#stage, this.#place);
  }

  async remove(): Promise<void> {
    if (this.#stage === undefined) return;
    await rm(this.#stage, { recursive: true, force: true, maxRetries: 3 }).catch(() => noteLeft(this.#stage));
  }
}

const inStage = (stage: string): string => join(stage, "replaced-1");
const noteLeft = (stage = ""): void =>
  note(`what was there before lies in ${printable(stage)}, and could not be removed`);

async function requireGone(place: string): Promise<void> {
  const found = await lstat(place).catch((error: { readonly code?: unknown }) => {
    if (error.code !== "ENOENT") throw error;
  });
  if (found !== undefined) throw Object.assign(new Error("somebody else made something there"), { code: "EEXIST" });
}

async function putBack(stage: string, place: string): Promise<void> {
  const moved = await rename(inStage(stage), place).then(
    () => true,
    (error: { readonly code?: unknown }) => error.code === "ENOENT",
  );
  if (moved) await rm(stage, { recursive: true, force: true });
  else noteLeft(stage);
}
