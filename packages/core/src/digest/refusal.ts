import { CacheError } from "../errors.ts";

/** A place within its container: a position, the name of a field, or which key or value of a map or set. */
export type Step = number | string | { readonly key: number } | { readonly value: number };

/** Why a value has no content to go by; where it stands is known further out. */
export class Refusal extends Error {}

const MOST_NAME = 40;

function stepText(step: Step): string {
  if (typeof step === "number") return `[${step}]`;
  if (typeof step === "object") return "key" in step ? `.keys()[${step.key}]` : `.values()[${step.value}]`;
  if (/^[A-Za-z_$][\w$]{0,39}$/.test(step)) return `.${step}`;
  return `[${JSON.stringify(step.length > MOST_NAME ? `${step.slice(0, MOST_NAME)}…` : step)}]`;
}

/** `arguments[0].user.socket`. Names of fields are shown, values are not. */
export function pathText(root: string, steps: readonly Step[]): string {
  const text = (some: readonly Step[]) => some.map(stepText).join("");
  return root + (steps.length > 12 ? `${text(steps.slice(0, 6))}…${text(steps.slice(-5))}` : text(steps));
}

/** The error for a value without content. */
export function undigestible(path: string, { message }: Refusal): CacheError {
  const hint = 'give "key" or "contentOf", or its class a Symbol.for("@cache/digest") method';
  return new CacheError("ERR_CACHE_UNDIGESTIBLE", `${path} ${message}; ${hint}`);
}
