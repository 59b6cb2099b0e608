/** What the codec of a value makes of an error that its serializer threw. */
export function cannotEncode(cause: unknown): TypeError {
  // What runs out of stack is all a serializer says of depth.
  const why = cause instanceof RangeError ? "it is nested too deeply" : String((cause as Error | null)?.message);
  return new TypeError(`the value has no form in this codec: ${why}`, { cause });
}
