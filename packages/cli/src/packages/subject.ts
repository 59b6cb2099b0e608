import { stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import type { TrustOptions } from "@cache/bundle";
import { isCacheError } from "@cache/core";
import { looksLikeKey } from "@cache/core/adapter";
import type { Invocation } from "../command.ts";
import { withHint } from "../failure.ts";
import { note } from "../output.ts";
import { pathArgument } from "../path-argument.ts";
import { type Context, contextOf } from "../session.ts";
import { UsageError } from "../usage-error.ts";
import { cosignedOf, tellUncounted } from "./signatures.ts";

/** A package file, and what it is verified against. */
export interface Subject {
  readonly file: string;
  readonly trust: TrustOptions;
  readonly context: Context;
}

/** The file that a command is about. @throws UsageError */
export function fileArgument(rest: readonly string[]): string {
  const [file = ""] = rest;
  if (file === "") throw new UsageError("no package file is named");
  return pathArgument(file, "the package file");
}

/** The package that was named is not there. */
export class MissingPackage extends UsageError {}

/** The package that a command reads. @throws MissingPackage */
export async function packageArgument(rest: readonly string[]): Promise<string> {
  const file = fileArgument(rest);
  await stat(file).catch(({ code }: { readonly code?: unknown }) => {
    if (code === "ENOENT" || code === "ENOTDIR") throw new MissingPackage(`there is no file ${file}`);
    // Whoever opens it says what else is wrong with it.
  });
  return file;
}

/** @throws UsageError for arguments that nobody asked for */
export function atMost(rest: readonly string[], most: number): void {
  if (rest.length > most) throw new UsageError("there are too many arguments");
}

/**
 * The name of a package: that of `--name`, or else of its file without what follows the last dot. So a package that was put in the
 * place of another is refused, like an entry of another key.
 */
export function nameOf({ given }: Invocation, file: string): string {
  const name = given.text("name") ?? basename(file, extname(file));
  if (name === "") throw new UsageError("the name of the package is empty", "give --name");
  // Everybody reads it in the package.
  if (looksLikeKey(name)) throw new UsageError("the name of the package is a key", "if that key is secret, replace it");
  return name;
}

/** The package that a command is about, with the configured keys. */
export async function subjectOf(invocation: Invocation, rest: readonly string[]): Promise<Subject> {
  const file = await packageArgument(rest);
  const context = await contextOf(invocation);
  return { file, context, trust: await trustOf(invocation, file, context) };
}

/** What a package is verified against. */
export async function trustOf(
  invocation: Invocation,
  file: string,
  { protection: { sign }, namespace, onEvent }: Pick<Context, "protection" | "namespace" | "onEvent">,
): Promise<TrustOptions> {
  if (sign === undefined) note("no keys are configured: who made the package is not verified");
  const cosigned = await cosignedOf(invocation.given, file);
  return { name: nameOf(invocation, file), namespace, sign, cosigned, onEvent };
}

/** Says what to do about failures of packages, for which the other commands have other advice. */
export async function advised<T>(work: Promise<T>): Promise<T> {
  return await work.catch((error: unknown) => {
    if (isCacheError(error, "ERR_CACHE_UNSIGNED")) tellUncounted(error);
    const { code, message } = error as { code?: unknown; message?: unknown };
    if (code !== "ERR_CACHE_AUTH") throw error;
    const isNamed = typeof message === "string" && message.includes("another name");
    throw withHint(error, isNamed ? "--name says as what it was made" : "it was changed; get it again from its maker");
  });
}
