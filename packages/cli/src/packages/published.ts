import { looksLikeKey } from "@cache/core/adapter";
import type { Given } from "../command.ts";
import { UsageError } from "../usage-error.ts";
import { LAUNCH_OPTIONS } from "./create-options.ts";

const PUBLISHED = ["release", "writer", "purpose", ...Object.keys(LAUNCH_OPTIONS)];

/** Digits that are as long as a key's are a digest here, so they are looked at as those of a path would be. */
const holdsKey = (text: string): boolean => looksLikeKey(`./${text}`);

/** Whoever gets a package reads what is said about it. @throws UsageError for a key in it */
export function refuseKeys(given: Given, namespace: string): void {
  const refuse = (what: string): never => {
    throw new UsageError(
      `${what} has a key in it, and whoever gets the package would have it`,
      "if it is secret, replace it",
    );
  };
  if (holdsKey(namespace)) refuse("the namespace");
  const option = PUBLISHED.find((name) => [given.text(name) ?? []].flat().some(holdsKey));
  if (option !== undefined) refuse(`--${option}`);
}
