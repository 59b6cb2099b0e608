import { readFileSync } from "node:fs";
import { type CacheErrorCode, isCacheError } from "@cache/core";
import type { Seen } from "@cache/core/adapter";
import { toHex, utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { SigningKey } from "@cache/core/keyring";
import { encodeRecord, RecordKind, verifyRecord } from "@cache/core/record";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ChainSignerOptions,
  chainSigner,
  issueCertificate,
  issueRevocations,
  readCertificate,
  readRevocations,
  type Scope,
} from "../src/chain/index.ts";
import { ed25519Signer } from "../src/index.ts";

const root = SigningKey.generate();
const otherRoot = SigningKey.generate();
const writer = SigningKey.generate();
const DAY = 86_400_000;
const START = 1_700_000_000_000;
const ENTRIES: Scope = { namespaces: ["builds"], entries: true };

const certify = (scope: Scope = ENTRIES, by = root, key = writer.publicKey): Promise<string> =>
  issueCertificate({ root: by, key, scope, created: START, expires: START + 30 * DAY });

const revoke = (number: number, revoked: readonly SigningKey[], by = root): Promise<string> =>
  issueRevocations({
    root: by,
    number,
    revoked: revoked.map(({ id }) => id),
    created: START,
    expires: START + 7 * DAY,
  });

interface What {
  readonly namespace?: string;
  readonly key?: string;
  readonly kind?: number;
}

/** A record that the writer signs, whoever allows it. */
function record(
  { namespace = "builds", key = "a", kind = RecordKind.entry }: What = {},
  sign = ed25519Signer({ identity: writer }),
) {
  const digest = crypto.sha256();
  const fields = { created: START, expires: 0, sequence: 1, size: 0, digest, writer: "", metadata: new Uint8Array() };
  return encodeRecord({ kind, namespace, key: utf8(key), ...fields }, sign);
}

/** The code that a reader answers, or `valid`. */
async function answer(options: Partial<ChainSignerOptions>, what: What = {}, bytes?: Uint8Array): Promise<string> {
  const { namespace = "builds", key = "a" } = what;
  const now = options.now ?? (() => START + 1);
  return codeOf(async () => {
    const reader = await chainSigner({ roots: [root.publicKey], certificates: [], now, ...options });
    const expected = { namespace, key: utf8(key), now: START + 1 };
    await verifyRecord(bytes ?? (await record(what)), reader, expected);
  });
}

async function codeOf(work: () => unknown): Promise<CacheErrorCode | "valid"> {
  try {
    await work();
    return "valid";
  } catch (error) {
    if (isCacheError(error)) return error.code;
    throw error;
  }
}

/** What was seen of the lists, as a store would keep it. */
function memory() {
  const held = new Map<string, Seen>();
  return {
    get: async (scope: Uint8Array) => held.get(toHex(scope)),
    advance: async (scope: Uint8Array, seen: Seen) => {
      const before = held.get(toHex(scope));
      const next = before !== undefined && before.sequence >= seen.sequence ? before : seen;
      held.set(toHex(scope), next);
      return next;
    },
  };
}

describe("a certificate", () => {
  it("makes a key believed, and nothing else does", async () => {
    expect(await answer({ certificates: [await certify()] })).toBe("valid");
    expect(await answer({})).toBe("ERR_CACHE_UNKNOWN_KEY");
    const byRoot = await record({}, ed25519Signer({ identity: root }));
    expect(await answer({ certificates: [await certify()] }, {}, byRoot)).toBe("ERR_CACHE_UNKNOWN_KEY");
  });

  it("holds from its beginning until its end, asked at each use", async () => {
    let now = START + 1;
    const reader = await chainSigner({ roots: [root.publicKey], certificates: [await certify()], now: () => now });
    const bytes = await record();
    const look = () =>
      codeOf(() => verifyRecord(bytes, reader, { namespace: "builds", key: utf8("a"), now: START + 1 }));
    expect(await look()).toBe("valid");
    now = START + 30 * DAY - 1;
    expect(await look()).toBe("valid");
    now = START + 30 * DAY;
    expect(await look()).toBe("ERR_CACHE_UNKNOWN_KEY");
    now = START - 300_000;
    expect(await look()).toBe("valid");
    now = START - 300_001;
    expect(await look()).toBe("ERR_CACHE_UNKNOWN_KEY");
  });

  it.each<[string, Scope, What, boolean]>([
    ["its namespace", ENTRIES, {}, true],
    ["one within it", ENTRIES, { namespace: "builds/linux" }, true],
    ["one that only begins like it", ENTRIES, { namespace: "builds2" }, false],
    ["one round it", { namespaces: ["builds/linux"], entries: true }, {}, false],
    ["another one", ENTRIES, { namespace: "other" }, false],
    ["the empty one, when it is listed", { namespaces: [""], entries: true }, { namespace: "" }, true],
    ["another one, when the empty one is listed", { namespaces: [""], entries: true }, { namespace: "/a" }, false],
    ["any", { namespaces: "any", entries: true }, { namespace: "other" }, true],
    ["a reserved one", { namespaces: "any", entries: true }, { namespace: "\0trust" }, false],
    ["a package, when entries are meant", ENTRIES, { kind: 2 }, false],
    ["an entry, when packages are meant", { namespaces: "any", packages: "any" }, {}, false],
    ["a package of a name", { namespaces: "any", packages: ["tool", "a"] }, { kind: 2 }, true],
    ["a package of another name", { namespaces: "any", packages: ["ab"] }, { kind: 2 }, false],
    ["any package", { namespaces: ["builds"], packages: "any" }, { kind: 2 }, true],
    ["a package elsewhere", { namespaces: ["builds"], packages: "any" }, { kind: 2, namespace: "x" }, false],
    ["a sealed file", { namespaces: "any", entries: true, packages: "any" }, { kind: 3 }, false],
  ])("covers what its scope says: %s", async (_, scope, what, allowed) => {
    const expected = allowed ? "valid" : "ERR_CACHE_UNKNOWN_KEY";
    expect(await answer({ certificates: [await certify(scope)] }, what)).toBe(expected);
    const sign = chainSigner({
      identity: writer,
      roots: [root.publicKey],
      certificates: [await certify(scope)],
      now: () => START,
    });
    expect(await codeOf(async () => record(what, await sign))).toBe(expected);
  });

  it("of one scope and one of another allow both and nothing between them", async () => {
    const certificates = [
      await certify({ namespaces: ["a"], entries: true }),
      await certify({ namespaces: ["b"], packages: ["tool"] }),
    ];
    expect(await answer({ certificates }, { namespace: "a" })).toBe("valid");
    expect(await answer({ certificates }, { namespace: "b", kind: 2, key: "tool" })).toBe("valid");
    expect(await answer({ certificates }, { namespace: "b" })).toBe("ERR_CACHE_UNKNOWN_KEY");
    expect(await answer({ certificates }, { namespace: "a", kind: 2, key: "tool" })).toBe("ERR_CACHE_UNKNOWN_KEY");
  });

  it("by another root, of a certified key, or changed anywhere is refused when it is loaded", async () => {
    expect(await answer({ certificates: [await certify(ENTRIES, otherRoot)] })).toBe("ERR_CACHE_UNKNOWN_KEY");
    const guest = SigningKey.generate();
    const byWriter = await certify(ENTRIES, writer, guest.publicKey);
    expect(await answer({ certificates: [await certify(), byWriter] })).toBe("ERR_CACHE_UNKNOWN_KEY");
    const list = await revoke(1, []);
    expect(await answer({ certificates: [list] })).toBe("ERR_CACHE_FORMAT");
    expect(await answer({ certificates: [list.replace("revocations", "certificate")] })).toBe("ERR_CACHE_AUTH");
    const text = await certify();
    for (let at = 0; at < text.length; at += 7) {
      const changed = `${text.slice(0, at)}${text[at] === "x" ? "y" : "x"}${text.slice(at + 1)}`;
      expect(await answer({ certificates: [changed] }), `${at}`).toMatch(/^ERR_/);
    }
  });

  it("is not an entry that the root signed in a cache", async () => {
    const entry = await record({ namespace: "trust", key: "certificate" }, ed25519Signer({ identity: root }));
    const text = `cachet1.certificate.${Buffer.from(entry).toString("base64url")}`;
    expect(await answer({ certificates: [text] })).toBe("ERR_CACHE_AUTH");
  });

  it("is read as it was made", async () => {
    const names = fc.uniqueArray(fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }), {
      minLength: 1,
      maxLength: 5,
    });
    const list = fc.oneof(fc.constant("any" as const), names);
    await fc.assert(
      fc.asyncProperty(
        list,
        fc.option(list, { nil: undefined }),
        fc.boolean(),
        async (namespaces, packages, entries) => {
          fc.pre(entries || packages !== undefined);
          const text = await certify({ namespaces, entries, packages });
          const { scope, key, created, expires, issuer } = await readCertificate(text, [
            otherRoot.publicKey,
            root.publicKey,
          ]);
          const inOrder = (each: Scope["packages"]) => (Array.isArray(each) ? new Set(each) : each);
          expect(inOrder(scope.namespaces)).toEqual(inOrder(namespaces));
          expect([scope.entries, inOrder(scope.packages)]).toEqual([entries, inOrder(packages)]);
          expect([key, created, expires, issuer]).toEqual([writer.publicKey, START, START + 30 * DAY, root.id]);
          expect(await certify(scope)).toBe(text);
        },
      ),
      {
        numRuns: 25,
        examples: [
          ["any", undefined, true],
          [["a"], "any", false],
        ],
      },
    );
  });

  it("of nothing, for ever, or of a private key is not made", async () => {
    for (const scope of [
      { namespaces: "any" },
      { namespaces: [], entries: true },
      { namespaces: "any", packages: [] },
      { namespaces: "all", entries: true },
      { namespaces: "any", entries: true, kinds: [1] },
    ])
      await expect(certify(scope as never), JSON.stringify(scope)).rejects.toThrow(TypeError);
    for (const [namespaces, packages] of [
      [["a", "a"], "any"],
      ["any", [""]],
      [["x".repeat(256)], "any"],
    ] as const)
      await expect(certify({ namespaces, packages })).rejects.toMatchObject({ code: "ERR_CACHE_FORMAT" });
    const base = { root, key: writer.publicKey, scope: ENTRIES, created: START };
    await expect(issueCertificate({ ...base, expires: 0 })).rejects.toThrow(TypeError);
    await expect(issueCertificate({ ...base, expires: START })).rejects.toMatchObject({ code: "ERR_CACHE_FORMAT" });
    await expect(issueCertificate({ ...base, key: writer as never, expires: START + 1 })).rejects.toThrow(TypeError);
    await expect(issueCertificate({ ...base, root: root.publicKey as never, expires: START + 1 })).rejects.toThrow(
      TypeError,
    );
  });
});

describe("a list of revocations", () => {
  it("takes belief from a key, whatever certifies it", async () => {
    const certificates = [await certify()];
    expect(await answer({ certificates, revocations: [await revoke(1, [])] })).toBe("valid");
    expect(await answer({ certificates, revocations: [await revoke(2, [writer])] })).toBe("ERR_CACHE_REVOKED_KEY");
    const roots = [root.publicKey, otherRoot.publicKey];
    const byOther = [...certificates, await certify(ENTRIES, otherRoot)];
    expect(await answer({ roots, certificates: byOther, revocations: [await revoke(1, [writer], otherRoot)] })).toBe(
      "ERR_CACHE_REVOKED_KEY",
    );
  });

  it("of a lower number beside a higher one does not count", async () => {
    const lists = [await revoke(1, []), await revoke(2, [writer])];
    for (const revocations of [lists, lists.toReversed()])
      expect(await answer({ certificates: [await certify()], revocations })).toBe("ERR_CACHE_REVOKED_KEY");
  });

  it("and another one of its number are refused together, in whatever order", async () => {
    const certificates = [await certify()];
    const twins = [await revoke(2, []), await revoke(2, [writer])];
    for (const lists of [twins, twins.toReversed(), [...twins, await revoke(3, [])]])
      expect(await answer({ certificates, revocations: lists })).toBe("ERR_CACHE_ROLLBACK");
    expect(await answer({ certificates, revocations: [await revoke(2, []), await revoke(2, [])] })).toBe("valid");
    const roots = [root.publicKey, otherRoot.publicKey];
    const ofTwoRoots = [await revoke(2, []), await revoke(2, [writer], otherRoot)];
    expect(await answer({ roots, certificates, revocations: ofTwoRoots })).toBe("ERR_CACHE_REVOKED_KEY");
  });

  it("whose time is over is refused when it is loaded, and ends belief when that comes later", async () => {
    const parts = { certificates: [await certify()], revocations: [await revoke(1, [])] };
    expect(await answer({ ...parts, now: () => START + 7 * DAY })).toBe("ERR_CACHE_EXPIRED");
    expect(await answer({ ...parts, now: () => START - 300_001 })).toBe("ERR_CACHE_NOT_YET_VALID");
    let now = START;
    const reader = await chainSigner({ roots: [root.publicKey], ...parts, now: () => now });
    const bytes = await record();
    const look = () => codeOf(() => verifyRecord(bytes, reader, { namespace: "builds", key: utf8("a"), now: START }));
    expect(await look()).toBe("valid");
    now = START + 7 * DAY;
    expect(await look()).toBe("ERR_CACHE_UNKNOWN_KEY");
  });

  it("that is older than one that was seen is refused, another one of its number, and none at all", async () => {
    const seen = memory();
    const certificates = [await certify()];
    const look = (...revocations: string[]) => answer({ certificates, revocations, seen });
    const [first, second, twin] = [await revoke(1, []), await revoke(2, []), await revoke(2, [otherRoot])];
    expect(await look()).toBe("valid");
    expect(await look(first)).toBe("valid");
    expect(await look(second)).toBe("valid");
    expect(await look(second)).toBe("valid");
    for (const revocations of [[first], [twin], []]) expect(await look(...revocations)).toBe("ERR_CACHE_ROLLBACK");
    expect(await look(await revoke(3, []))).toBe("valid");
  });

  it("is read as it was made, in one order", async () => {
    const keys = Array.from({ length: 5 }, () => SigningKey.generate());
    const text = await revoke(9, keys);
    expect(await revoke(9, keys.toReversed())).toBe(text);
    const { number, revoked, issuer } = await readRevocations(text, [root.publicKey]);
    expect([number, revoked.map(toHex), issuer]).toEqual([9, keys.map(({ id }) => toHex(id)).sort(), root.id]);
    await expect(revoke(1, [writer, writer])).rejects.toMatchObject({ code: "ERR_CACHE_FORMAT" });
    await expect(revoke(0, [])).rejects.toThrow(TypeError);
    const short = { root, number: 1, revoked: [new Uint8Array(15)], expires: START + DAY };
    await expect(issueRevocations(short)).rejects.toThrow(TypeError);
  });
});

it("certificates and lists are those of the format document", async () => {
  const at = (first: number) => SigningKey.import(Uint8Array.from({ length: 32 }, (_, i) => first + i));
  const [by, key] = [at(0), at(0x60).publicKey];
  const document = readFileSync(new URL("../../../docs/format.md", import.meta.url), "utf8").replaceAll(/\n {2}/g, "");
  const scope: Scope = { namespaces: ["builds"], entries: true, packages: ["tool"] };
  const certificate = await issueCertificate({ root: by, key, scope, created: START, expires: 1_702_592_000_000 });
  expect(document).toContain(certificate);
  const list = { root: by, number: 7, revoked: [key.id], created: START, expires: 1_700_604_800_000 };
  expect(document).toContain(await issueRevocations(list));
});

describe("an identity", () => {
  it("signs what readers of the chain believe, and has a certificate or is refused", async () => {
    const parts = { identity: writer, roots: [root.publicKey], certificates: [await certify()], now: () => START };
    const signer = await chainSigner(parts);
    expect(await answer(parts, {}, await record({}, signer))).toBe("valid");
    expect(await codeOf(() => chainSigner({ ...parts, certificates: [] }))).toBe("ERR_CACHE_UNKNOWN_KEY");
    expect(await codeOf(() => chainSigner({ ...parts, identity: root }))).toBe("ERR_CACHE_UNKNOWN_KEY");
  });

  it("signs nothing once its certificate has ended, once it is revoked, or what is no record", async () => {
    const parts = { identity: writer, roots: [root.publicKey], certificates: [await certify()] };
    const late = await chainSigner({ ...parts, now: () => START + 30 * DAY });
    expect(await codeOf(() => record({}, late))).toBe("ERR_CACHE_UNKNOWN_KEY");
    const revoked = await chainSigner({ ...parts, revocations: [await revoke(1, [writer])], now: () => START });
    expect(await codeOf(() => record({}, revoked))).toBe("ERR_CACHE_REVOKED_KEY");
    const good = await chainSigner({ ...parts, now: () => START });
    for (const message of [utf8(""), utf8("something else"), new Uint8Array(200)])
      expect(await codeOf(() => good.sign(message))).toBe("ERR_CACHE_UNKNOWN_KEY");
  });

  it("is absent in a reader, which cannot sign", async () => {
    const reader = await chainSigner({ roots: [root.publicKey], certificates: [await certify()] });
    expect(reader.identity).toBe(undefined);
    expect(await codeOf(() => reader.sign(utf8("a")))).toBe("ERR_CACHE_READ_ONLY");
  });
});

it("a chain begins at a root, and takes no option that it does not know", async () => {
  const certificates = [await certify()];
  await expect(chainSigner({ roots: [], certificates })).rejects.toThrow(TypeError);
  await expect(chainSigner({ roots: [root.publicKey] } as never)).rejects.toThrow(TypeError);
  await expect(chainSigner({ roots: [root.publicKey], certificates: certificates[0] } as never)).rejects.toThrow(
    TypeError,
  );
  const misspelt = { roots: [root.publicKey], certificates, revocation: [] };
  await expect(chainSigner(misspelt as never)).rejects.toThrow(TypeError);
});
