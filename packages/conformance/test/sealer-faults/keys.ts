import { utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import type { SealerFixture } from "../../src/index.ts";
import type { Faults } from "../matrix.ts";
import { toySealer } from "../toy-sealer.ts";
import { A } from "../toy-signer.ts";
import { answering, planted } from "./planted.ts";

/** Several keys. */
export const keyFaults: Faults<SealerFixture> = {
  "loses the metadata": answering(/open again/, (opened) => ({
    ...opened,
    metadata: { created: 0, expires: 0, sequence: 0 },
  })),
  "keeps 32 bits of a number": planted(/^seal: keeps the largest/, (sealer) => ({
    seal: (context, content, { created, expires, sequence }) =>
      sealer.seal(context, content, { created, expires, sequence: sequence >>> 0 }),
  })),
  "throws for another key": answering(/^open: what another key/, (opened) => {
    if (opened.verdict === "foreign") throw new Error("wrong key");
    return opened;
  }),
  "calls a revoked key unknown": answering(/^open: what a revoked key/, (opened) =>
    opened.verdict === "foreign" ? { ...opened, code: "ERR_CACHE_UNKNOWN_KEY" } : opened,
  ),
  "opens with a revoked key": planted(/^open: what a revoked key|^inspect: tells/, (sealer, role) => {
    if (role !== "revoked") return {};
    const { open, openStream, openRange, inspect } = toySealer([{ secret: A, state: "active" }]);
    return { ...sealer, open, openStream, openRange, inspect };
  }),
  "does not mark what a retired key sealed": answering(/^open: what a retired key/, (opened) => ({
    ...opened,
    retired: false,
  })),
  "marks everything as sealed by a retired key": answering(/^open: what the current key/, (opened) => ({
    ...opened,
    retired: true,
  })),
  "tells another key than inspect": answering(/^open: tells the key/, (opened) => ({
    ...opened,
    keyId: new Uint8Array(16),
  })),
  "goes on writing under the retired key": planted(
    /^seal: after a rotation|^open: what the current key/,
    (sealer, role) => {
      if (role !== "rotated") return {};
      return { ...sealer, seal: toySealer([{ secret: A, state: "active" }]).seal };
    },
  ),
  "names only what it would write": planted(/^names: after a rotation/, (sealer) => ({
    names: (context) => sealer.names(context).slice(0, 1),
  })),
  "names under revoked keys too": planted(/^names: none of a revoked/, (sealer, role) => {
    const old = toySealer([{ secret: A, state: "active" }]);
    return role === "revoked" ? { names: (context) => [...sealer.names(context), ...old.names(context)] } : {};
  }),
  "names by chance": planted(/^names: the same|^sealStream: tells/, () => ({ names: () => [crypto.random(32)] })),
  "names in 20 bytes": planted(/^names: the same/, (sealer) => ({
    names: (context) => sealer.names(context).map((name) => name.slice(0, 20)),
  })),
  "names the key as it is": planted(/^names: tell neither/, (sealer) => ({
    names: (context) => [context.key.length === 32 ? context.key : (sealer.names(context)[0] as Uint8Array)],
  })),
  "names without a key": planted(/^names: another key gives/, () => ({
    names: (context) => [crypto.sha256(utf8(context.namespace), context.key)],
  })),
  "inspects only its own": planted(/^inspect: tells/, (sealer) => ({
    inspect(prefix) {
      const found = sealer.inspect(prefix);
      return found?.state === "readable" ? found : undefined;
    },
  })),
  "takes everything for sealed": planted(/^inspect: what does not/, () => ({
    inspect: () => ({ keyId: new Uint8Array(16), state: "unknown" }),
  })),
};
