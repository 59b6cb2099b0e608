import { checkOptions, parseDuration, parseSize } from "@cache/core/adapter";
import type { ContentAt } from "./content-at.ts";
import type { MakeOptions, PutOptions, RestoreOptions } from "./options.ts";

/** What is wrong about a call is found before anything is removed, made or read. All of these throw TypeErrors. */

const PUT = ["exclude", "secretFiles", "ttl", "onProgress", "signal"] as const;

function checkOne({ ttl, exclude, secretFiles = [] }: Pick<PutOptions, "ttl" | "exclude" | "secretFiles">): void {
  if (ttl !== undefined) parseDuration(ttl);
  if (exclude !== undefined && typeof exclude !== "function")
    throw new TypeError("exclude is a function that says what is left out");
  if (!Array.isArray(secretFiles)) throw new TypeError("secretFiles are paths");
}

export function checkPut(given: PutOptions): void {
  checkOptions("put", given, PUT);
  checkOne(given);
}

export function checkRestore(given: RestoreOptions): void {
  checkOptions("restore", given, ["replace", "maxBytes", "onProgress", "signal"]);
  if (given.maxBytes !== undefined) parseSize(given.maxBytes);
}

export function checkMake(make: unknown, given: MakeOptions): void {
  if (typeof make !== "function") throw new TypeError("restoreOrMake needs a function that makes what is missing");
  checkOptions("restoreOrMake", given, [...PUT, "keep", "of"]);
  checkOne(given);
  if (sourcesIn(given).some((each) => typeof each?.isCurrent !== "function"))
    throw new TypeError('"of" is what contentAt gives, or a list of that');
}

/** What something is made of, as a list. */
export function sourcesIn({ of = [] }: Pick<MakeOptions, "of">): readonly ContentAt[] {
  return Array.isArray(of) ? of : [of as ContentAt];
}

export function requirePath(path: unknown): void {
  if (typeof path !== "string" || path === "" || path.includes("\0"))
    throw new TypeError("a path is text that is not empty");
}
