import { join } from "node:path";
import { isCacheError } from "@cache/core";
import { fromUtf8, toHex } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { beginningOf, piecesOf } from "../foreign/regular-file.ts";
import type { Report } from "../foreign/report.ts";
import type { Session } from "../session.ts";
import { deltaGliderPart, type Part } from "./layout.ts";
import type { Plan } from "./plan.ts";
import { removeFiles } from "./removal.ts";
import type { Risks } from "./risks.ts";

/** How a Fernet token of this century begins: version 0x80 and the high bytes of its time, in base64. */
const TOKEN = "gAAAAA";

/**
 * DeltaGlider's cache directory. What it encrypted is not read: the key lived as long as the process. What older versions
 * stored in plain text is named by its SHA-256, so it can be verified; copies beside tokens are bound to nothing.
 */
export class DeltaGliderPlan implements Plan {
  readonly layout = "deltaglider";
  readonly #root: string;
  readonly #parts: ReadonlyMap<string, Part>;

  /** @param files - paths below `root` */
  constructor(root: string, files: readonly string[]) {
    this.#root = root;
    this.#parts = new Map(files.map((path) => [path, deltaGliderPart(path)]));
  }

  get values(): number {
    return this.#of("value").length;
  }

  async inspect(risks: Risks): Promise<void> {
    for (const risk of ["plaintext-copy", "left-over"] as const)
      for (const path of this.#of(risk)) risks.add(risk, path);
    for (const path of this.#of("value")) if (!this.#isToken(path)) risks.add("unsealed", path);
  }

  async take({ cache }: Session, report: Report, dryRun: boolean): Promise<void> {
    for (const path of this.#of("value"))
      await report.tell({ name: path, ...(await this.#takeOne(cache, path, dryRun)) });
    for (const path of this.#of("plaintext-copy")) await report.tell({ name: path, outcome: "unsigned" });
  }

  async #takeOne(cache: Session["cache"], path: string, dryRun: boolean): Promise<{ outcome: string; code?: string }> {
    try {
      if (this.#isToken(path)) return { outcome: "unread" };
      const digest = path.slice(-64);
      const file = join(this.#root, path);
      const damaged = { outcome: "damaged", code: "ERR_CACHE_AUTH" };
      if ((await digestOf(piecesOf(file))) !== digest) return damaged;
      if (await cache.blobs.has(digest)) return { outcome: "present" };
      if (dryRun) return { outcome: "imported" };
      // Of what is stored now, not of what was looked at before.
      return (await cache.blobs.put(piecesOf(file))) === digest ? { outcome: "imported" } : damaged;
    } catch (error) {
      if (!isCacheError(error, "ERR_CACHE_UNSAFE_PATH")) throw error;
      return { outcome: "not-a-file", code: error.code };
    }
  }

  async remove(report: Report, dryRun: boolean): Promise<void> {
    const ours = [...this.#parts].filter(([, part]) => part !== "other").map(([path]) => path);
    await removeFiles(this.#root, ours, report, dryRun);
  }

  #of(part: Part): string[] {
    return [...this.#parts].filter(([, each]) => each === part).map(([path]) => path);
  }

  #isToken(path: string): boolean {
    try {
      return fromUtf8(beginningOf(join(this.#root, path), TOKEN.length)) === TOKEN;
    } catch (error) {
      if (error instanceof TypeError || isCacheError(error, "ERR_CACHE_UNSAFE_PATH")) return false;
      throw error;
    }
  }
}

async function digestOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const running = crypto.sha256Stream();
  for await (const piece of pieces) running.update(piece);
  return toHex(running.digest());
}
