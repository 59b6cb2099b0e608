import { utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { RecordKind, type Statement } from "@cache/core/record";

export const content: Uint8Array = utf8("hello, cache\n");

/** A statement about `content`, in which every field says something. */
export const statement: Statement = {
  kind: RecordKind.entry,
  created: 1_700_000_000_000,
  expires: 1_700_086_400_000,
  sequence: 7,
  size: content.byteLength,
  digest: crypto.sha256(content),
  namespace: "builds",
  key: utf8("src/main.ts"),
  writer: "ci-1",
  metadata: new Uint8Array(0),
};
