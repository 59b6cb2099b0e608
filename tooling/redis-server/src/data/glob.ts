/** A pattern of the server as a regular expression: `*`, `?`, `[abc]`, `[^a-c]`, and `\` before what is meant as it is. */
export function globToRegExp(pattern: string): RegExp {
  let out = "";
  for (let at = 0; at < pattern.length; at++) {
    const sign = pattern.charAt(at);
    const close = sign === "[" ? pattern.indexOf("]", at + 1) : -1;
    if (sign === "*") out += "[^]*";
    else if (sign === "?") out += "[^]";
    else if (close > 0) {
      const inside = pattern.slice(at + 1, close);
      out += `[${inside.startsWith("^") ? "^" : ""}${inside.replace(/^\^/, "").replace(/[\\\]^]/g, "\\$&")}]`;
      at = close;
    } else {
      if (sign === "\\") at++;
      out += pattern.charAt(at).replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
    }
  }
  return new RegExp(`^${out}$`);
}
