import { TAG } from "./tags.ts";
import type { Writer } from "./writer.ts";

/** Writes what is no object, function or symbol. @returns false for those */
export function writePrimitive(out: Writer, value: unknown): boolean {
  switch (typeof value) {
    case "string":
      out.text(value);
      return true;
    case "number":
      out.tag(TAG.number);
      out.float(value);
      return true;
    case "undefined":
      out.tag(TAG.undefined);
      return true;
    case "boolean":
      out.tag(value ? TAG.true : TAG.false);
      return true;
    case "bigint":
      out.tag(TAG.bigint);
      out.text(String(value));
      return true;
    default:
      if (value === null) out.tag(TAG.null);
      return value === null;
  }
}
