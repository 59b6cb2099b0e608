/**
 * The parts of the envelope on their own, so that published vectors can be applied to them. Not for applications:
 * nothing here binds a name, checks a size, looks a key up, or keeps a nonce from being used twice.
 * @packageDocumentation
 */

export { type CryptoProvider, hkdfExpand } from "@cache/core/crypto";
export { aead } from "#aead";
export type { Aead, AeadProvider, Suite } from "./aead/provider.ts";
export { strict } from "./aead/strict.ts";
export type { Primitives } from "./message/derive.ts";
export { messageLength } from "./message/layout.ts";
export { openMessage, sealMessage } from "./message/message.ts";
export { openMessageStream, sealMessageStream } from "./message/stream.ts";
export type { Providers, SealerOptions } from "./options.ts";
export { sealerWith } from "./sealer.ts";
