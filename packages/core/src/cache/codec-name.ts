import { fromUtf8 } from "../bytes/text.ts";
import type { Statement } from "../record/statement.ts";

/** The name of the codec that an entry was written by; `undefined` when it is no text, which no codec writes. */
export function codecNameOf({ metadata }: Statement): string | undefined {
  try {
    return fromUtf8(metadata);
  } catch {
    return undefined;
  }
}
