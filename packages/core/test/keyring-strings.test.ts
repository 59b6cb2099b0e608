import {
  addKey,
  encodeKeyring,
  formatKey,
  type Key,
  Keyring,
  keyringFromEnvironment,
  MasterKey,
  parseKey,
  parseKeyList,
  parseKeyring,
  promoteKey,
  retireKey,
  SigningKey,
  VerifyingKey,
} from "@cache/core/keyring";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toHex } from "../src/bytes/index.ts";
import { code, outcome, refusal, secretBytes, sequence } from "./keys.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const bytesOf = (key: Key): Uint8Array => (key.type === "ed25519-public" ? key.bytes : key.reveal());

describe("key strings", () => {
  it("M50: known answers of the format document", () => {
    const key = MasterKey.import(sequence);
    expect(formatKey(key)).toBe("cachek1.master.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh-itbk8");
    expect(toHex(key.id)).toBe("83ac1d850e2e8ea594e08bbee3717603");
    expect(toHex(key.subkey("envelope"))).toBe("630acef121adae407dfc855402c3d1c479e00e319a440465925e0163d7c77ca3");
    expect(toHex(key.subkey("address"))).toBe("f7f9560d4a529f2692d02af6e01ab91e2001cb3f7eb20ebd39ad13ca0d776b5d");
    expect(toHex(key.subkey("hmac-sign"))).toBe("6c7d7b34309086907f635dbd78cde25f340038f4925446b861aa5fe5d9fa2cb1");
    const signing = SigningKey.import(sequence);
    expect(toHex(signing.publicKey.bytes)).toBe("03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8");
    expect(toHex(signing.id)).toBe("6d576a2d12cefd46eadf5f5d28b3a422");
    expect(formatKey(signing)).toBe("cachek1.ed25519-secret.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh_2mKrP");
    expect(formatKey(signing.publicKey)).toBe(
      "cachek1.ed25519-public.A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbglmTlr",
    );
  });

  it("every key comes back from its string with its type, its id and its bytes", () => {
    fc.assert(
      fc.property(secretBytes, fc.constantFrom("master", "secret", "public"), (bytes, kind) => {
        const signing = SigningKey.import(bytes);
        const key = kind === "master" ? MasterKey.import(bytes) : kind === "secret" ? signing : signing.publicKey;
        const read = parseKey(formatKey(key));
        expect([read.type, toHex(read.id), toHex(bytesOf(read))]).toEqual([
          key.type,
          toHex(key.id),
          toHex(bytesOf(key)),
        ]);
        expect(parseKeyList(formatKey(key))).toHaveLength(1);
      }),
    );
  });

  it("M38: a native string with one changed, missing or added character is refused", () => {
    for (const key of [MasterKey.generate(), SigningKey.generate(), SigningKey.generate().publicKey]) {
      const text = formatKey(key);
      for (let at = 0; at <= text.length; at++) {
        for (const other of [...ALPHABET, ".", "+", "/", "=", " ", ""]) {
          const changed = text.slice(0, at) + other + text.slice(at + 1);
          if (changed !== text) expect(() => parseKey(changed), `${at} ${other}`).toThrow(code("ERR_CACHE_KEY_FORMAT"));
        }
      }
      for (const added of [`${text}\n`, ` ${text}`, text + text, text.toUpperCase(), ""]) {
        expect(() => parseKey(added)).toThrow(code("ERR_CACHE_KEY_FORMAT"));
      }
    }
  });

  it("M38: a key pasted as another type is refused, so a secret never stands where a public key belongs", () => {
    const signing = SigningKey.generate();
    const types = ["master", "ed25519-secret", "ed25519-public"];
    for (const key of [MasterKey.generate(), signing, signing.publicKey]) {
      for (const type of types.filter((each) => each !== key.type)) {
        expect(() => parseKey(formatKey(key).replace(key.type, type))).toThrow(code("ERR_CACHE_KEY_FORMAT"));
      }
    }
  });

  it("M40: zeros, repeated bytes, printable text and other lengths are refused, also from a string with the right check", () => {
    const weak = [
      new Uint8Array(32),
      new Uint8Array(32).fill(7),
      Uint8Array.from({ length: 32 }, (_, i) => i % 15),
      Buffer.from("a passphrase of thirty-two chars"),
      Buffer.from("hello"),
      new Uint8Array(0),
      sequence.subarray(1),
      Buffer.concat([sequence, Uint8Array.of(32)]),
    ];
    for (const bytes of weak) {
      expect(() => MasterKey.import(bytes)).toThrow(code("ERR_CACHE_WEAK_KEY"));
      expect(() => SigningKey.import(bytes)).toThrow(code("ERR_CACHE_WEAK_KEY"));
    }
    expect(() => parseKeyList("00".repeat(32))).toThrow(code("ERR_CACHE_WEAK_KEY"));
    expect(() => parseKeyList(Buffer.from("a passphrase of thirty-two chars").toString("base64"))).toThrow(
      code("ERR_CACHE_WEAK_KEY"),
    );
    for (const length of [0, 31, 33]) {
      expect(() => VerifyingKey.import(new Uint8Array(length))).toThrow(code("ERR_CACHE_KEY_FORMAT"));
    }
  });

  it("what is no bytes is wrong use, and never a shorter key", () => {
    for (const wrong of ["a".repeat(32), new Uint16Array(16), [...sequence], undefined]) {
      for (const type of [MasterKey, SigningKey, VerifyingKey]) {
        expect(() => type.import(wrong as unknown as Uint8Array)).toThrow(TypeError);
      }
    }
  });
});

describe("key lists", () => {
  const [a, b] = [MasterKey.generate(), MasterKey.generate()].map((key) => toHex(key.reveal())) as [string, string];

  it("items stand between ASCII white space or single commas, and keep their order", () => {
    const ids = [a, b].map((hex) => toHex(parseKeyring(hex).masters[0]?.id as Uint8Array));
    for (const between of [",", " ", "\n", "\t", "\r\n", "\f", "  ", " , ", ",\n", "\n,\n"]) {
      const keys = parseKeyList(`\n ${a}${between}${b} \r\n`);
      expect(keys.map(({ id }) => toHex(id))).toEqual(ids);
    }
    expect(parseKeyList(a.toUpperCase()).map(({ id }) => toHex(id))).toEqual([ids[0]]);
  });

  it("M36: an empty item, a doubled, leading or trailing comma, or nothing at all is refused", () => {
    const lists = ["", " ", "\n", ",", " , ", ",,", `${a},`, `${a} ,\n`, `,${a}`, `${a},,${b}`, `${a}, ,${b}`];
    for (const text of lists)
      expect(() => parseKeyList(text), JSON.stringify(text)).toThrow(code("ERR_CACHE_KEY_FORMAT"));
  });

  it("M36: an odd number of digits, foreign digits, white space inside and other separators are refused", () => {
    const half = a.slice(0, 30);
    const items = [
      ...[a.slice(1), `${a}0`, a.slice(2), `${a}00`, `0x${a}`, a + b],
      ...["zz".repeat(32), `${a.slice(0, 63)}g`, `${a.slice(0, 63)}é`, `${a.slice(0, 63)}\u0660`],
      ...[" ", "\n", "\t", ",", "\0", "\v", "\u00a0", "\u2028"].map((white) => half + white + a.slice(30)),
      ...[":", ";", "|", "\0", "\v", "\u00a0", "\ufeff"].flatMap((mark) => [`${a}${mark}`, mark + a, a + mark + b]),
    ];
    for (const text of items) expect(() => parseKeyList(text), JSON.stringify(text)).toThrow(refusal);
  });

  it("M37: base64 of exactly 32 bytes in one alphabet, padded or not, is read", () => {
    fc.assert(
      fc.property(secretBytes, (bytes) => {
        const id = toHex(MasterKey.import(bytes).id);
        const [standard, url] = [Buffer.from(bytes).toString("base64"), Buffer.from(bytes).toString("base64url")];
        for (const text of [standard, standard.slice(0, -1), url, `${url}=`]) {
          expect(parseKeyList(text).map((key) => toHex(key.id))).toEqual([id]);
        }
      }),
    );
  });

  it("M37: mixed alphabets, wrong padding and 31 or 33 bytes are refused", () => {
    const bytes = Uint8Array.from({ length: 32 }, (_, i) => (i % 2 === 0 ? 0xfb : 240 + (i >> 1)));
    const standard = Buffer.from(bytes).toString("base64");
    expect(standard).toMatch(/\+.*\+|\/.*\//);
    const mixed = standard.replace("+", "-").replace("/", "_");
    const url = Buffer.from(bytes).toString("base64url");
    const wrong = [31, 33].flatMap((length) => [
      Buffer.alloc(length, bytes).toString("base64"),
      Buffer.alloc(length, bytes).toString("base64url"),
    ]);
    for (const text of [mixed, `${url}==`, `=${url}`, `${url.slice(0, -1)}=`, `${url.slice(0, 42)}==`, ...wrong]) {
      expect(() => parseKeyList(text), text).toThrow(code("ERR_CACHE_KEY_FORMAT"));
    }
  });

  it("M37: of the 64 last characters only the 16 without trailing bits are read", () => {
    const start = Buffer.from(sequence).toString("base64url").slice(0, 42);
    const read = [...ALPHABET].filter((last) => {
      try {
        return parseKeyList(start + last).length === 1;
      } catch (error) {
        expect(error).toMatchObject({ code: "ERR_CACHE_KEY_FORMAT" });
        return false;
      }
    });
    expect(read.join("")).toBe("AEIMQUYcgkosw048");
  });

  it("a key given twice, and more keys than a keyring reads, are refused", () => {
    expect(() => parseKeyring(`${a}\n${a.toUpperCase()}`)).toThrow(code("ERR_CACHE_KEY_FORMAT"));
    const keys = Array.from({ length: 17 }, () => formatKey(MasterKey.generate()));
    expect(parseKeyring(keys.slice(1).join("\n")).masters).toHaveLength(16);
    expect(() => parseKeyring(keys.join("\n"))).toThrow(code("ERR_CACHE_KEY_FORMAT"));
  });

  it("takes time in proportion to the text, whatever it is", () => {
    const began = performance.now();
    for (const filler of [" ", "\t\n", ",", " ,", "A", ".", "#", "{", "\ufeff"]) {
      const text = filler.repeat(Math.floor(200_000 / filler.length));
      for (const each of [`${a}${text}${b}`, `x${text}x`]) {
        for (const parse of [parseKeyList, parseKeyring])
          expect(outcome(() => parse(each))).toMatch(/^read|^ERR_CACHE_/);
      }
    }
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe("a keyring in the environment", () => {
  it("the first master and the first signing key are the ones that write", () => {
    const [first, second] = [MasterKey.generate(), MasterKey.generate()];
    const signing = SigningKey.generate();
    const list = [signing.publicKey, first, second].map(formatKey).join(" ");
    const ring = keyringFromEnvironment({ CACHE_KEYRING: list });
    expect([ring?.primary?.id, ring?.primarySigner]).toEqual([first.id, undefined]);
    expect(keyringFromEnvironment({ OTHER: formatKey(signing) }, "OTHER")?.primarySigner?.id).toEqual(signing.id);
  });

  it("is a list, or the text of a keyring file of either form, with its states", () => {
    const [old, fresh] = [MasterKey.generate(), MasterKey.generate()];
    const rotated = retireKey(promoteKey(addKey(Keyring.of(old), fresh), fresh.id), old.id);
    const json = encodeKeyring(rotated);
    for (const text of [json, json.trimEnd(), JSON.stringify(JSON.parse(json)), `\ufeff${json}`]) {
      const ring = keyringFromEnvironment({ CACHE_KEYRING: text });
      expect(ring?.primary?.id).toEqual(fresh.id);
      expect(ring?.find(old.id)?.status).toBe("retired");
    }
    const lines = `# of the writer\n${formatKey(fresh)}\n\n# of before\n${formatKey(old)}`;
    expect(keyringFromEnvironment({ CACHE_KEYRING: lines })?.masters.map(({ id }) => id)).toEqual([fresh.id, old.id]);
  });

  it("that was a protected file is refused with a word on passphrases, whatever a shell made of its first byte", () => {
    for (const first of ["\ufffd", "\x89", ""]) {
      const read = () => keyringFromEnvironment({ CACHE_KEYRING: `${first}CKRW\r\n\x1a\u0001abc` });
      expect(read).toThrow(expect.objectContaining({ code: "ERR_CACHE_PASSPHRASE" }));
      expect(read).toThrow(/CACHE_KEYRING holds .* passphrase .* CACHE_KEYRING_FILE/);
    }
  });

  it("says in a refusal which variable it is, and repeats nothing of it", () => {
    const secret = formatKey(MasterKey.generate());
    for (const text of [`{"keys":["${secret}"]}`, `{"${secret}":1}`, `${secret}x`, `{${secret}`])
      for (const variable of ["CACHE_KEYRING", "OTHER"]) {
        const read = () => keyringFromEnvironment({ [variable]: text }, variable);
        expect(read).toThrow(new RegExp(`^${variable}: `));
        expect(read).not.toThrow(secret.slice(15, 30));
      }
  });

  it("M39: a variable that is not set is no keyring; one that is set to anything unusable is an error", () => {
    expect(keyringFromEnvironment({})).toBeUndefined();
    expect(keyringFromEnvironment({ CACHE_KEYRING: undefined })).toBeUndefined();
    for (const text of ["", " ", "none", "off", "0", "false", "{}", "#", "# cachek1", "null"]) {
      expect(() => keyringFromEnvironment({ CACHE_KEYRING: text }), text).toThrow(refusal);
    }
  });
});

describe("the text of a keyring file", () => {
  it("one key a line, blank lines and comments, with any line ends and with the mark of Windows editors", () => {
    const keys = [MasterKey.generate(), MasterKey.generate()];
    const [first, second] = keys.map(formatKey);
    for (const end of ["\n", "\r\n"]) {
      const text = ["# ours", `${first}`, "", `  ${second}  `, "\t# theirs, until May", ""].join(end);
      for (const each of [text, `\ufeff${text}`]) {
        expect(parseKeyring(each).masters.map(({ id }) => id)).toEqual(keys.map(({ id }) => id));
      }
    }
  });

  it("M39: nothing but comments, and a comment behind a key, are refused", () => {
    for (const text of ["", "\n\n", "# nothing", `${formatKey(MasterKey.generate())} # ours`, "\ufeff\ufeff{}"]) {
      expect(() => parseKeyring(text), JSON.stringify(text)).toThrow(code("ERR_CACHE_KEY_FORMAT"));
    }
  });

  it("more than 256 KiB are refused before they are read", () => {
    expect(() => parseKeyring("#".repeat(262_145))).toThrow(code("ERR_CACHE_KEY_FORMAT"));
    const key = formatKey(MasterKey.generate());
    expect(parseKeyring(`${key}\n`.padEnd(262_144, "#")).masters).toHaveLength(1);
  });
});
