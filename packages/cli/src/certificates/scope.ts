import { looksLikeKey } from "@cache/core/adapter";
import type { Scope } from "@cache/signer/chain";
import type { Given } from "../command.ts";
import { printable } from "../output.ts";
import { UsageError } from "../usage-error.ts";

type Names = "any" | readonly string[];

/** The empty name is a value of its own: left over between commas it would allow what nobody meant. */
function namesOf(text: string, option: string): string[] {
  const names = text.split(",");
  if (names.length > 1 && names.includes("")) throw new UsageError(`--${option} has an empty name between commas`);
  if (names.some((name) => name !== name.trim()))
    throw new UsageError(`--${option} has a name with blanks around it`, "names are divided by commas alone");
  // A certificate is public, and so is what it names.
  if (names.some(looksLikeKey)) throw new UsageError(`--${option} has a key in it`, "if it is secret, replace it");
  return names;
}

function namesIn(given: Given, option: string): Names | undefined {
  const names = given.all(option).flatMap((text) => namesOf(text, option));
  if (names.length === 0) return undefined;
  if (!names.includes("any")) return names;
  if (names.length > 1) throw new UsageError(`--${option} are any, or names`, "any covers every name");
  return "any";
}

/** What a key may sign, as the command line says in so many words. @throws UsageError */
export function scopeOf(given: Given): Scope {
  const namespaces = namesIn(given, "namespaces");
  if (namespaces !== "any" && namespaces?.some((name) => name.endsWith("/")))
    throw new UsageError("--namespaces has a name with / at its end", "builds covers what is within it, too");
  const packages = namesIn(given, "packages");
  const entries = given.flag("entries");
  if (namespaces === undefined)
    throw new UsageError("where the key may sign is not said", "give --namespaces any, or names with commas");
  if (!entries && packages === undefined)
    throw new UsageError("what the key may sign is not said", "give --entries, --packages NAMES, or both");
  return { namespaces, entries, packages };
}

const namesText = (names: Names): string =>
  names === "any" ? "any" : names.map((name) => (name === "" ? '""' : printable(name))).join(", ");

/** A scope for people. */
export function scopeText({ namespaces, entries, packages }: Scope): string {
  const what = [entries ? "entries" : undefined, packages && `packages ${namesText(packages)}`];
  return `${what.filter((each) => each !== undefined).join(" and ")} in namespaces ${namesText(namespaces)}`;
}
