import { pae } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { decodeStatement, type Statement } from "@cache/core/record";

const LABEL = "cache/v1/signed-entry";
/** In front of the record's header: the number of pieces, the label and its length, the header's length. */
const HEADER_AT = 8 + 8 + LABEL.length + 8;
const HEADER_LENGTH = 32;
const BODY_AT = HEADER_AT + HEADER_LENGTH + 8;

/** What a message that was signed states; `undefined` when it is not of a record. To be asked once its proof held. */
export function signedStatement(message: Uint8Array): Statement | undefined {
  const header = message.subarray(HEADER_AT, HEADER_AT + HEADER_LENGTH);
  const body = message.subarray(BODY_AT);
  // Made again and compared, so no second reader of this encoding is needed.
  if (!crypto.equal(pae(LABEL, header, body), message)) return undefined;
  try {
    return decodeStatement(body);
  } catch {
    // What is no statement is of no scope, whatever is wrong with it.
    return undefined;
  }
}
