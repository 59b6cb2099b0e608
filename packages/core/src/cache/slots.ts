/** What a slot is filled with has to have: the names of its methods. */
const METHODS = {
  store: ["get", "open", "put", "putStream", "stat", "delete", "list"],
  seal: ["names", "seal", "open", "sealStream", "openStream", "openRange", "inspect"],
  sign: ["sign", "verify"],
  rollback: ["get", "advance"],
  leases: ["take"],
  codec: ["encode", "decode"],
} as const;

const isFunction = (value: unknown): boolean => typeof value === "function";

/**
 * Refuses what only looks like a slot. Above all `null`: whoever writes `sign: key ? signer : null` wants no unsigned cache.
 * @throws TypeError
 */
export function checkSlot(name: keyof typeof METHODS, value: unknown): void {
  if (value === undefined) return;
  const methods = value as Readonly<Record<string, unknown>> | null;
  if (methods === null || !METHODS[name].every((method) => isFunction(methods[method]))) {
    throw new TypeError(`what was given as "${name}" is none; leave it out, or give one`);
  }
  if (name === "codec" && (typeof methods["name"] !== "string" || methods["name"] === "")) {
    throw new TypeError("a codec has a name");
  }
  if (name === "leases" && !((methods["ttl"] as number) > 0)) throw new TypeError("leases last some milliseconds");
}

/** @throws TypeError for what is no Standard Schema */
export function checkSchema(schema: unknown): void {
  if (schema === undefined) return;
  const standard = (schema as { "~standard"?: { validate?: unknown } } | null)?.["~standard"];
  if (!isFunction(standard?.validate)) throw new TypeError('what was given as "schema" is no Standard Schema');
}

/** @throws TypeError for an option that is there and of another type */
export function checkType(name: string, value: unknown, type: "boolean" | "function" | "string"): void {
  if (value !== undefined && typeof value !== type) throw new TypeError(`"${name}" is a ${type}, or left out`);
}

/** @throws TypeError for what is no store */
export function requireStore(of: string, store: unknown): void {
  if (store === undefined) throw new TypeError(`${of} needs a store`);
  checkSlot("store", store);
}
