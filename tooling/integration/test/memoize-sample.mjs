/** A value of many types, made anew, which holds itself. */
export function sample() {
  const user = { id: 7n, at: new Date(0), all: /** @type {unknown[]} */ ([]) };
  user.all.push(user);
  return { user, tags: new Set(["a", -0]), raw: Uint8Array.of(1, 2), again: [/a/g, undefined] };
}
