import { describe, expect, it } from "vitest";
import { toHex } from "../src/bytes/index.ts";
import { formatKey, MasterKey, parseKey, SigningKey } from "../src/keyring/index.ts";

const sequence = Uint8Array.from({ length: 32 }, (_, i) => i);

describe("keys", () => {
  it("known answers of the format document", () => {
    const key = MasterKey.import(sequence);
    expect(formatKey(key)).toBe("cachek1.master.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh-itbk8");
    expect(toHex(key.id)).toBe("83ac1d850e2e8ea594e08bbee3717603");
    expect(toHex(key.subkey("envelope"))).toBe("630acef121adae407dfc855402c3d1c479e00e319a440465925e0163d7c77ca3");
    expect(toHex(key.subkey("address"))).toBe("f7f9560d4a529f2692d02af6e01ab91e2001cb3f7eb20ebd39ad13ca0d776b5d");
    expect(toHex(key.subkey("hmac-sign"))).toBe("6c7d7b34309086907f635dbd78cde25f340038f4925446b861aa5fe5d9fa2cb1");
    const signing = SigningKey.import(sequence);
    expect(formatKey(signing)).toBe("cachek1.ed25519-secret.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh_2mKrP");
    expect(formatKey(signing.publicKey)).toBe("cachek1.ed25519-public.A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbglmTlr");
    expect(parseKey(formatKey(signing)).id).toEqual(signing.id);
  });
});
