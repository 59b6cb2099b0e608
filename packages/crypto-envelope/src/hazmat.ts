/**
 * The parts of the envelope on their own, so that published vectors can be applied to them. Not for applications:
 * nothing here binds a name, checks a size or looks a key up.
 * @packageDocumentation
 */
export { aead } from "#aead";
export type { Aead, AeadProvider, Suite } from "./aead/provider.ts";
export { messageLength } from "./message/chunks.ts";
export type { Primitives } from "./message/derive.ts";
export { openMessage, sealMessage } from "./message/message.ts";
export { openMessageStream, sealMessageStream } from "./message/stream.ts";
export { sealerWith } from "./sealer.ts";
