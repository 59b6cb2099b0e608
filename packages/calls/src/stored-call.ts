import type { CacheOptions } from "@cache/core";
import type { StoredCall } from "./record.ts";

type Check = (value: unknown) => boolean;

const MOST_TEXT = 4096;
const MOST_TAGS = 64;

const isText: Check = (value) => typeof value === "string" && value.length <= MOST_TEXT;
const isSize: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isDuration: Check = (value) => Number.isFinite(value) && (value as number) >= 0;
const isDigest: Check = (value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
const isOutcome: Check = (value) => value === "computed" || value === "hit";
const orLeftOut =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An object with these fields, each as it has to be, and with no other. */
const shaped =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) &&
    Object.keys(value).every((name) => Object.hasOwn(fields, name)) &&
    Object.entries(fields).every(([name, check]) => check(value[name]));

const isTags: Check = (value) =>
  isObject(value) &&
  Object.keys(value).length <= MOST_TAGS &&
  Object.entries(value).every(([name, tag]) => isText(name) && isText(tag));

const isStoredCall = shaped({
  outcome: isOutcome,
  duration: isDuration,
  key: isText,
  result: orLeftOut(shaped({ digest: isDigest, size: isSize })),
  arguments: orLeftOut(isText),
  environment: shaped({ runtime: isText, platform: isText, host: orLeftOut(isText) }),
  tags: isTags,
});

/**
 * Refuses every value that is not the record of a call, on its way in and out: a record comes from whoever could write, and
 * without a signer that is anybody.
 */
export const storedCallSchema: NonNullable<CacheOptions<StoredCall>["schema"]> = {
  "~standard": {
    version: 1,
    vendor: "@cache/calls",
    validate: (value) =>
      isStoredCall(value) ? { value: value as StoredCall } : { issues: [{ message: "this is no record of a call" }] },
  },
};
