import {
  addKey,
  decodeKeyring,
  encodeKeyring,
  Keyring,
  MasterKey,
  parseKeyring,
  promoteKey,
  retireKey,
  revokeKey,
  SigningKey,
} from "@cache/core/keyring";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toHex } from "../src/bytes/index.ts";
import { code, outcome, refusal } from "./keys.ts";

const [a, b, c] = [MasterKey.generate(), MasterKey.generate(), MasterKey.generate()];
const signing = SigningKey.generate();

/** A key of every type and in every state. */
function everything(): Keyring {
  const masters = addKey(addKey(Keyring.of(a, SigningKey.generate()), b), c);
  const states = revokeKey(retireKey(promoteKey(masters, c.id), b.id), a.id);
  return addKey(states, signing.publicKey);
}

const text = encodeKeyring(everything());
// biome-ignore lint/suspicious/noExplicitAny: the tests put into it what no type allows
const file = (): any => JSON.parse(text);

describe("the JSON form of a keyring", () => {
  it("has the fields of the format document and comes back the same", () => {
    const read = decodeKeyring(text);
    expect(encodeKeyring(read)).toBe(text);
    expect([read.primary?.id, read.generation]).toEqual([c.id, 7]);
    expect(read.entries.map(({ type, status }) => `${type} ${status}`)).toEqual([
      ...["master revoked", "ed25519-secret active", "master retired", "master active", "ed25519-public active"],
    ]);
    expect(Object.keys(file())).toEqual(["format", "version", "generation", "primary", "primarySigner", "keys"]);
    const [revoked, , retired, , open] = file().keys;
    expect(Object.keys(revoked)).toEqual(["id", "type", "status", "revoked"]);
    expect(Object.keys(retired)).toEqual(["id", "type", "status", "created", "secret"]);
    expect(Object.keys(open)).toEqual(["id", "type", "status", "created", "public"]);
    expect(parseKeyring(` \r\n\t${text}`).generation).toBe(7);
  });

  it("M43: unknown fields, states, types, versions, wrong ids and unfit primaries are refused", () => {
    const [revoked, , retired, active] = [0, 1, 2, 3];
    const changes: ((each: ReturnType<typeof file>) => void)[] = [
      ...[1, null, "x"].map((extra) => (each: ReturnType<typeof file>) => (each.extra = extra)),
      ...[0, 2, "1", null, undefined].map((version) => (each: ReturnType<typeof file>) => (each.version = version)),
      (each) => (each.format = "other"),
      (each) => delete each.format,
      ...[-1, 1.5, 2 ** 53, "7", null, undefined].map(
        (generation) => (each: ReturnType<typeof file>) => (each.generation = generation),
      ),
      ...["00".repeat(16), toHex(c.id).toUpperCase(), toHex(c.id).slice(1), "", null, 1, [toHex(c.id)]].map(
        (primary) => (each: ReturnType<typeof file>) => (each.primary = primary),
      ),
      (each) => (each.primary = each.keys[revoked].id),
      (each) => (each.primary = each.keys[retired].id),
      (each) => (each.primary = each.primarySigner),
      (each) => (each.primarySigner = toHex(signing.id)),
      (each) => (each.primarySigner = each.primary),
      ...[{}, null, undefined, "keys", [null], [[]], ["cachek1"]].map(
        (keys) => (each: ReturnType<typeof file>) => (each.keys = keys),
      ),
      (each) => (each.keys[active].status = "paused"),
      (each) => (each.keys[active].status = "Active"),
      (each) => (each.keys[active].type = "ed25519-secret"),
      (each) => (each.keys[active].type = "hmac-raw"),
      (each) => (each.keys[active].id = each.keys[revoked].id),
      (each) => (each.keys[active].id = "0".repeat(32)),
      ...["yesterday", "2026-02-30T00:00:00Z", 1, null].map(
        (date) => (each: ReturnType<typeof file>) => (each.keys[active].created = date),
      ),
      (each) => (each.keys[active].public = each.keys[active].secret),
      (each) => delete each.keys[active].secret,
      (each) => (each.keys[active].secret = each.keys[retired].secret),
      (each) => (each.keys[active].secret = each.keys[active].secret.split(".")[2]),
      (each) => (each.keys[active].secret = toHex(c.reveal())),
      (each) => (each.keys[active].comment = ""),
      (each) => each.keys.push(each.keys[active]),
      (each) => (each.keys[retired].status = "revoked"),
      (each) => (each.keys[revoked].status = "active"),
      (each) => (each.keys[revoked].secret = each.keys[retired].secret),
      (each) => (each.keys[4].secret = each.keys[4].public),
      (each) => (each.keys[4] = { ...each.keys[4], public: undefined, secret: each.keys[4].public }),
    ];
    expect(decodeKeyring(JSON.stringify(file())).masters).toHaveLength(2);
    for (const change of changes) {
      const changed = file();
      change(changed);
      expect(() => decodeKeyring(JSON.stringify(changed)), JSON.stringify(changed)).toThrow(refusal);
    }
  });

  it("M43: a field that would change what objects are is an unknown field", () => {
    for (const name of ["__proto__", "constructor", "toString"]) {
      const changed = text.replace('"format"', `"${name}": {"status": "active"}, "format"`);
      expect(() => decodeKeyring(changed)).toThrow(code("ERR_CACHE_KEY_FORMAT"));
    }
  });
});

describe("any text", () => {
  const answers = /^read$|^ERR_CACHE_(KEY_FORMAT|KEY_TYPE|WEAK_KEY|LIMIT)$/;
  const expectAnswer = (each: string): void => {
    expect(outcome(() => parseKeyring(each))).toMatch(answers);
  };

  it("is a keyring or a coded refusal", () => {
    const keys = fc.json().map((json) => `{"format":"cache-keyring","version":1,"generation":1,"keys":${json}}`);
    const binary = fc.string({ unit: "binary" });
    fc.assert(fc.property(fc.oneof(fc.string(), binary, fc.json(), keys), expectAnswer), { numRuns: 500 });
  });

  it("that was a keyring and has some characters changed, lost or doubled is a keyring or a coded refusal", () => {
    const edit = fc.record({
      at: fc.nat({ max: text.length }),
      lost: fc.nat({ max: 3 }),
      put: fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('"', "{", "}", "[", "null", "1e999", "\\u0000")),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        expectAnswer(edits.reduce((each, { at, lost, put }) => each.slice(0, at) + put + each.slice(at + lost), text));
      }),
      { numRuns: 500 },
    );
  });

  it("whose values were exchanged for any others is a keyring or a coded refusal", () => {
    const places = [["generation"], ["primary"], ["primarySigner"], ["keys"], ["keys", 0], ["keys", 3]];
    const fields = ["id", "type", "status", "created", "revoked", "secret", "public"];
    const inKey = fields.map((field) => ["keys", 3, field]);
    fc.assert(
      fc.property(fc.constantFrom(...places, ...inKey), fc.jsonValue(), (place, value) => {
        const changed = file();
        const last = place.at(-1) as string;
        // biome-ignore lint/suspicious/noExplicitAny: a way into JSON
        const holder = place.slice(0, -1).reduce((each: any, name) => each[name], changed);
        holder[last] = value;
        expectAnswer(JSON.stringify(changed));
      }),
      { numRuns: 500 },
    );
  });

  it("however deeply nested", () => {
    for (const open of ["[", '{"keys":[', '{"a":']) expectAnswer(`{"keys":${open.repeat(20_000)}`);
    expectAnswer(`{"keys":${"[".repeat(50_000)}${"]".repeat(50_000)}}`);
  });
});
