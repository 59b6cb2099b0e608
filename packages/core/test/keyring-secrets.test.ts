import { format, inspect } from "node:util";
import {
  addKey,
  decodeKeyring,
  encodeKeyring,
  exportPem,
  formatKey,
  Keyring,
  keyringFromEnvironment,
  MasterKey,
  parseKey,
  parseKeyList,
  parseKeyring,
  promoteKey,
  retireKey,
  revokeKey,
  SigningKey,
} from "@cache/core/keyring";
import { keyringFromSources, readKeyringFile, readPrivateFile } from "@cache/core/keyring-file";
import { describe, expect, it } from "vitest";
import { toHex } from "../src/bytes/index.ts";

/** What of a secret must not be seen anywhere: in full, and its first eight bytes. */
function tracesOf(key: MasterKey | SigningKey): string[] {
  const secret = key.reveal();
  const start = secret.slice(0, 8);
  const subkeys =
    key.type === "master" ? (["envelope", "address", "hmac-sign"] as const).map((p) => key.subkey(p)) : [];
  return [
    ...[formatKey(key), (formatKey(key).split(".")[2] as string).slice(0, 12)],
    ...[start, ...subkeys.map((subkey) => subkey.slice(0, 8))].flatMap((bytes) => [
      ...[toHex(bytes), toHex(bytes).toUpperCase(), toHex(bytes).match(/../g)?.join(" ") as string],
      ...[Buffer.from(bytes).toString("base64").slice(0, 10), Buffer.from(bytes).toString("base64url").slice(0, 10)],
      ...[[...bytes].join(","), [...bytes].join(", "), JSON.stringify(bytes).slice(1, -1)],
    ]),
  ];
}

/** Every way in which a value may reach a log. */
function shownBy(value: unknown): string[] {
  return [
    ...[String(value), `${value}`, format("%s %o %O %j", value, value, value, value)],
    ...[JSON.stringify(value) ?? "", JSON.stringify({ value }), JSON.stringify([value], null, 2)],
    ...[
      inspect(value),
      inspect(value, { depth: Infinity, showHidden: true }),
      inspect({ value }, { customInspect: false }),
    ],
    inspect(value, { customInspect: false, depth: Infinity, showHidden: true, getters: true }),
    ...[...Object.entries(Object(value)), ...Object.entries(Object.getOwnPropertyDescriptors(Object(value)))].map(
      (entry) => inspect(entry, { customInspect: false, depth: Infinity, maxArrayLength: null }),
    ),
  ];
}

/** In one piece; arrays are shown in columns, which are undone. */
const seen = (shown: readonly string[]): string => shown.join("\n").replaceAll(/\s+/g, " ");

function expectHidden(shown: readonly string[], keys: readonly (MasterKey | SigningKey)[]): void {
  const everything = seen(shown);
  for (const trace of keys.flatMap(tracesOf)) expect(everything).not.toContain(trace);
}

describe("M42: a secret is shown by nothing", () => {
  const [master, other, signing] = [MasterKey.generate(), MasterKey.generate(), SigningKey.generate()];

  it("the traces that are searched for are those that a leak would leave", () => {
    const leak = { secret: master.reveal() };
    for (const shown of [inspect(leak), inspect(Object.entries(leak)), JSON.stringify(leak), String(leak.secret)]) {
      expect(
        tracesOf(master).some((trace) => seen([shown]).includes(trace)),
        shown,
      ).toBe(true);
    }
    for (const leaked of [formatKey(master), toHex(master.reveal()), Buffer.from(master.reveal()).toString("base64")]) {
      expect(
        tracesOf(master).some((trace) => leaked.includes(trace)),
        leaked,
      ).toBe(true);
    }
  });

  it("printed, serialized, inspected and enumerated, a key shows its type and short id only", () => {
    const short = toHex(master.id).slice(0, 8);
    expect([String(master), JSON.stringify(master), inspect(master)]).toEqual([
      ...[`MasterKey(${short})`, `"MasterKey(${short})"`, `MasterKey(${short})`],
    ]);
    expect(inspect([signing, signing.publicKey])).toBe(`[ ${signing}, ${signing.publicKey} ]`);
    for (const key of [master, signing]) expectHidden(shownBy(key), [key]);
  });

  it("a keyring shows short ids and states only, also within something else and after its keys were used", () => {
    const ring = retireKey(promoteKey(addKey(Keyring.of(master, signing), other), other.id), master.id);
    for (const purpose of ["envelope", "address", "hmac-sign"] as const) other.subkey(purpose);
    const ids = [`${toHex(master.id).slice(0, 8)} retired`, `${toHex(other.id).slice(0, 8)} active`];
    for (const id of ids) expect(inspect({ ring })).toContain(id);
    for (const each of [ring, { ring }, [ring], new Map([["ring", ring]]), ring.entries, revokeKey(ring, master.id)]) {
      expectHidden(shownBy(each), [master, other, signing]);
    }
  });

  it("no error of any parser repeats what it was given", () => {
    const keys = [master, other, signing];
    const file = encodeKeyring(Keyring.of(...keys));
    const failures = keys.flatMap((key) => {
      const [text, hex] = [formatKey(key), toHex(key.reveal())];
      const base64 = Buffer.from(key.reveal()).toString("base64");
      const damaged = [text, hex, base64].flatMap((each) => [
        ...[each.slice(0, -1), each.slice(1), `${each}x`, `x${each}`, `${each},`, `${each} ${each}`, `"${each}"`],
        `${each.slice(0, 20)}!${each.slice(21)}`,
      ]);
      const inFile = [text.slice(20), `${text}" "`].map((each) => file.replace(each, `${each}\n`));
      const types = ["master", "ed25519-secret", "ed25519-public"].map((type) => text.replace(key.type, type));
      return [
        ...damaged,
        ...inFile,
        ...types,
        file.slice(0, -3),
        file.replace("active", text),
        file.replace('"id"', `"${text}"`),
      ];
    });
    const parsers = [
      ...[parseKey, parseKeyList, parseKeyring, decodeKeyring],
      (text: string) => keyringFromEnvironment({ CACHE_KEYRING: text }),
    ];
    let refused = 0;
    for (const parse of parsers) {
      for (const text of failures) {
        try {
          parse(text);
        } catch (error) {
          refused++;
          const { stack = "", message, cause } = error as Error;
          expectHidden([...shownBy(error), stack, message, ...shownBy(cause)], keys);
        }
      }
    }
    expect(refused).toBeGreaterThan(300);
  });

  it("no error about a file repeats a key that was given in place of its path, and neither does its cause", async () => {
    const pem = exportPem(signing);
    const paths = [master, other, signing].flatMap((key) => [formatKey(key), toHex(key.reveal())]);
    let refused = 0;
    for (const path of [...paths, pem, `/nowhere/${formatKey(master)}`, `${formatKey(master)}/keys`]) {
      const sources = { environment: { CACHE_KEYRING_FILE: path } };
      for (const read of [
        () => readKeyringFile(path),
        () => keyringFromSources(sources),
        () => readPrivateFile(path),
      ]) {
        const error: unknown = await (async () => read())().catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code: "ERR_CACHE_CONFIG", cause: { code: expect.any(String) } });
        const { stack = "", cause } = error as Error;
        const shown = [...shownBy(error), stack, ...shownBy(cause), String((cause as Error).stack)];
        // Of digits, which may be a digest, the first eight are shown.
        expect(seen(shown)).not.toMatch(/[0-9a-f]{16}/);
        expectHidden(shown, [master, other, signing]);
        expect(seen(shown)).not.toContain((pem.split("\n")[1] as string).slice(-16));
        refused++;
      }
    }
    expect(refused).toBe(27);
  });

  it("no refusal of weak or misused material repeats it", () => {
    const text = "correct horse battery staple abc";
    for (const type of [MasterKey, SigningKey]) {
      expect(() => type.import(Buffer.from(text))).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining("horse") }),
      );
    }
    for (const make of [() => Keyring.of(master, master), () => promoteKey(Keyring.of(master), other.id)]) {
      try {
        make();
        expect.unreachable();
      } catch (error) {
        expectHidden(shownBy(error), [master, other]);
      }
    }
  });
});
