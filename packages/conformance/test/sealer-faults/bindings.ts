import { concat, fromUtf8, utf8 } from "@cache/core/bytes";
import type { SealerFixture } from "../../src/index.ts";
import type { Faults } from "../matrix.ts";
import { binding, planted } from "./planted.ts";

const text = (key: Uint8Array, change: (text: string) => string): Uint8Array => {
  try {
    return utf8(change(fromUtf8(key)));
  } catch {
    return key;
  }
};

/** What a sealed thing is bound to. */
export const bindingFaults: Faults<SealerFixture> = {
  "does not bind the namespace": binding(
    /^(open|names): (another|no|content of another) namespace|^open: another context/,
    (context) => ({ ...context, namespace: "" }),
  ),
  "does not bind the kind": binding(/^(open|names): the other kind/, (context) => ({ ...context, kind: "entries" }), {
    skipDigest: true,
  }),
  "does not bind the key": binding(
    /^(open|names): (another key is|content of another digest)/,
    (context) => ({ ...context, key: new Uint8Array(32) }),
    { skipDigest: true },
  ),
  "binds namespace and key without a border": binding(
    /^(open|names): the (border|namespace moved)/,
    ({ namespace, kind, key }) => ({
      namespace: "",
      kind,
      key: concat(utf8(namespace), key),
    }),
  ),
  "binds three bytes of a key": binding(/^(open|names): a key that goes on/, (context) => ({
    ...context,
    key: context.key.slice(0, 3),
  })),
  "binds a key up to NUL": binding(/^(open|names): a key with NUL/, (context) => {
    const end = context.key.indexOf(0);
    return context.kind === "blobs" || end < 0 ? context : { ...context, key: context.key.slice(0, end) };
  }),
  "binds the normal form of a key": binding(/^(open|names): another normal form/, (context) => ({
    ...context,
    key: text(context.key, (key) => key.normalize("NFC")),
  })),
  "binds a key without its case": binding(/^(open|names): another case/, (context) => ({
    ...context,
    key: text(context.key, (key) => key.toLowerCase()),
  })),
  "takes any context": binding(
    /^names and seal/,
    (context) => ({ ...context, namespace: context.namespace.toWellFormed() }),
    {
      unchecked: true,
    },
  ),
  "refuses long namespaces": planted(/^seal: the longest/, (sealer) => ({
    seal(context, ...rest) {
      if (context.namespace.length > 100) throw new TypeError("too long");
      return sealer.seal(context, ...rest);
    },
  })),
};
