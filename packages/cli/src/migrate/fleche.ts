import { basename, dirname, join } from "node:path";
import { crypto } from "@cache/core/crypto";
import { HmacRawKey, type TrailingPayload } from "@cache/signer/trailing";
import { type Judged, judge } from "../fleche/judge.ts";
import type { Report } from "../foreign/report.ts";
import { take } from "../foreign/take.ts";
import type { Session } from "../session.ts";
import { UsageError } from "../usage-error.ts";
import { flechePart } from "./layout.ts";
import type { Plan } from "./plan.ts";
import { removeFiles } from "./removal.ts";
import type { Risks } from "./risks.ts";

/** Whose form is fleche's. Anything else may belong to another program that names files by digest, too. */
const FORMS = ["signed", "rejected", "unsigned"];

/** A directory of fleche: flat, or with `values` and `calls` in it. */
export class FlechePlan implements Plan {
  readonly layout = "fleche";
  readonly #root: string;
  readonly #keys: readonly HmacRawKey[] | undefined;
  readonly #files: ReadonlyMap<string, Judged>;
  readonly #leftOver: readonly string[];

  private constructor(
    root: string,
    keys: readonly HmacRawKey[] | undefined,
    files: ReadonlyMap<string, Judged>,
    leftOver: readonly string[],
  ) {
    this.#root = root;
    this.#keys = keys;
    this.#files = files;
    this.#leftOver = leftOver;
  }

  /** @param keys - fleche's, if they were named; without them only the form of a file is judged */
  static async of(
    root: string,
    paths: readonly string[],
    keys: readonly HmacRawKey[] | undefined,
  ): Promise<FlechePlan> {
    // With a key that nobody has, what is signed is told from what is not.
    const judging = keys ?? [HmacRawKey.import(crypto.random(32))];
    const files = new Map<string, Judged>();
    for (const path of paths.filter((each) => flechePart(each) === "value"))
      files.set(path, withoutPayload(await judge(join(root, dirname(path)), basename(path), judging)));
    return new FlechePlan(
      root,
      keys,
      files,
      paths.filter((each) => flechePart(each) === "left-over"),
    );
  }

  get values(): number {
    return [...this.#files.values()].filter(({ verdict }) => FORMS.includes(verdict)).length;
  }

  async inspect(risks: Risks): Promise<void> {
    for (const path of this.#leftOver) risks.add("left-over", path);
    for (const [path, { verdict }] of this.#files) {
      if (verdict === "unsigned") risks.add("unsigned", path);
      else if (verdict === "damaged" || (verdict === "rejected" && this.#keys !== undefined))
        risks.add("damaged", path);
      if (FORMS.includes(verdict)) risks.add("unsealed", path);
    }
  }

  async take({ cache }: Session, report: Report, dryRun: boolean): Promise<void> {
    const keys = this.#keys;
    if (keys === undefined)
      throw new UsageError("no keys of fleche are named: without them nothing can be verified", "cache migrate --help");
    for (const path of this.#files.keys()) {
      const { verdict, code, found } = await judge(join(this.#root, dirname(path)), basename(path), keys);
      const outcome = found === undefined ? verdict : await take(cache, path, found.payload, { dryRun });
      await report.tell({ name: path, outcome, code });
    }
  }

  async remove(report: Report, dryRun: boolean): Promise<void> {
    const ours = [...this.#files].filter(([, { verdict }]) => FORMS.includes(verdict)).map(([path]) => path);
    await removeFiles(this.#root, [...ours, ...this.#leftOver], report, dryRun);
  }
}

/** What is only looked at is not kept: a directory may hold more than memory does. */
function withoutPayload({ name, verdict, code }: Judged & { readonly found?: TrailingPayload | undefined }): Judged {
  return { name, verdict, code };
}
