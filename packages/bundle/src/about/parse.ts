import { fromHex, fromUtf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { pathBytes } from "../manifest/path.ts";
import {
  type About,
  CONTENTS,
  type Compressed,
  type EnvironmentRules,
  type Launch,
  MAX_ABOUT,
  type Note,
  PURPOSES,
  WORK_DIRECTORIES,
} from "./about.ts";
import { encodeAbout, FORMAT, VERSION } from "./encode.ts";
import { fieldsOf, given, listOf, oneOf, refuse, textOf } from "./fields.ts";
import { checkName, checkPattern, checkValue } from "./names.ts";

const DIGEST = 32;

function parsePath(value: unknown): string {
  const path = textOf(value);
  pathBytes(path);
  return path;
}

function parseVariables(value: unknown, check: (text: string) => void): Record<string, string> {
  const pairs = listOf(value, (pair) => {
    const [name, text, ...rest] = listOf(pair, textOf);
    if (name === undefined || text === undefined || rest.length > 0) throw refuse("a variable is no pair");
    checkName(name);
    check(text);
    return [name, text] as const;
  });
  // By definition and not by assignment: `__proto__` is a name as good as any.
  return Object.fromEntries(pairs);
}

function parsePatterns(value: unknown): readonly string[] {
  const patterns = listOf(value, textOf);
  for (const each of patterns) checkPattern(each);
  return patterns;
}

function parseRules(value: unknown): EnvironmentRules {
  const fields = fieldsOf(value, ["pass", "unset", "map", "set"]);
  return {
    pass: given(fields, "pass", parsePatterns),
    unset: given(fields, "unset", parsePatterns),
    map: given(fields, "map", (map) => parseVariables(map, checkName)),
    set: given(fields, "set", (set) => parseVariables(set, checkValue)),
  };
}

function parseLaunch(value: unknown): Launch {
  const fields = fieldsOf(value, ["command", "arguments", "workDirectory", "environment"]);
  return {
    command: parsePath(fields.get("command")),
    arguments: given(fields, "arguments", (list) => listOf(list, textOf)),
    workDirectory: given(fields, "workDirectory", (word) => oneOf(word, WORK_DIRECTORIES)),
    environment: given(fields, "environment", parseRules),
  };
}

function parseSize(value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw refuse("a size is not from 0 to 2^53 - 1");
  return value as number;
}

function parseCompressed(value: unknown): Compressed {
  const fields = fieldsOf(value, ["algorithm", "size", "digest"]);
  const digest = fromHex(textOf(fields.get("digest")));
  if (digest?.byteLength !== DIGEST) throw refuse("a digest is not 64 hexadecimal digits");
  return {
    algorithm: oneOf(fields.get("algorithm"), ["brotli"]),
    size: parseSize(fields.get("size")),
    digest,
  };
}

function parseNote(value: unknown): Note {
  const fields = fieldsOf(value, ["path", "purpose", "compressed"]);
  return {
    path: parsePath(fields.get("path")),
    purpose: given(fields, "purpose", (word) => oneOf(word, PURPOSES)),
    compressed: given(fields, "compressed", parseCompressed),
  };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(bytes));
  } catch (cause) {
    throw refuse("it is not JSON", cause);
  }
}

/**
 * What a package says about itself. Exactly one description has these bytes: other white space, another order, a field twice and
 * an unknown one are refused.
 * @throws CacheError `ERR_CACHE_FORMAT`
 */
export function parseAbout(bytes: Uint8Array): About {
  if (bytes.byteLength > MAX_ABOUT) throw refuse("it is too large");
  const fields = fieldsOf(parseJson(bytes), ["format", "version", "release", "contents", "launch", "members"]);
  if (fields.get("format") !== FORMAT || fields.get("version") !== VERSION) throw refuse("it is of another version");
  const about = {
    version: given(fields, "release", textOf),
    contents: given(fields, "contents", (word) => oneOf(word, CONTENTS)),
    launch: given(fields, "launch", parseLaunch),
    members: given(fields, "members", (list) => listOf(list, parseNote)) ?? [],
  };
  if (!crypto.equal(encodeAbout(about), bytes)) throw refuse("it is written in another form");
  return about;
}
