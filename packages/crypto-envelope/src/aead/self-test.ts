import { CacheError } from "@cache/core";
import { toHex, utf8 } from "@cache/core/bytes";
import { type Aead, NONCE_LENGTH, type Suite, TAG_LENGTH } from "./provider.ts";

/** The ASCII of `self-test`. */
const QUESTION = "73656c662d74657374";

/** The question sealed under the key 00…1f with the nonce 00…0b. */
const KNOWN_ANSWERS: Readonly<Record<Suite, string>> = {
  1: "3467ba7de891a768f9329c7f0d6f4465c6754ee8c2e5f64dba",
  2: "fa9e64660463c033c33aed7a1f440f036d093e9d153c3ca057",
};

/** Asks each suite one known question, both ways, when it is first wanted; whoever errs is not worked with. */
export function selfTested(suites: Readonly<Record<Suite, Aead>>): (suite: Suite) => Aead {
  const tested = new Set<Suite>();
  return (suite) => {
    const aead = suites[suite];
    if (!tested.has(suite)) {
      if (!answersRight(aead, suite))
        throw new CacheError("ERR_CACHE_CONFIG", `${aead.label} of this platform gives a wrong answer`);
      tested.add(suite);
    }
    return aead;
  };
}

function answersRight(aead: Aead, suite: Suite): boolean {
  const [key, nonce] = [counting(aead.keyLength), counting(NONCE_LENGTH)];
  const question = utf8("self-test");
  const sealed = new Uint8Array(question.byteLength + TAG_LENGTH);
  aead.seal(key, nonce, question, sealed);
  const forged = sealed.map((byte, i) => (i === sealed.length - 1 ? byte ^ 1 : byte));
  // A cipher that believes every tag would answer all but the last.
  return (
    toHex(sealed) === KNOWN_ANSWERS[suite] &&
    answer(() => aead.open(key, nonce, sealed)) === QUESTION &&
    answer(() => aead.open(key, nonce, forged)) === undefined
  );
}

const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i);

/** `undefined` for a refusal. */
function answer(open: () => Uint8Array): string | undefined {
  try {
    return toHex(open());
  } catch {
    // Wanted of a forgery, and otherwise as wrong an answer as any other.
    return undefined;
  }
}
