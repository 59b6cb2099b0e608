/**
 * A fenced block of a document.
 * @typedef {object} Fence
 * @property {string} file - the document, path from the top
 * @property {number} line - of the first line inside, counted from 1
 * @property {string} language - first word behind the fence
 * @property {string[]} tags - the words after it
 * @property {string[]} lines - without the indentation of the fence
 */

const OPEN = /^([ \t]*(?:> ?)*[ \t]*)(`{3,}|~{3,})\s*([^`]*)$/;

/**
 * The fenced blocks of a Markdown document, in order; also those in lists and quotations.
 * @param {string} file
 * @param {string} text
 * @returns {Fence[]}
 */
export function fencesOf(file, text) {
  /** @type {Fence[]} */
  const fences = [];
  /** @type {{ fence: Fence, indent: string, mark: string } | undefined} */
  let open;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (open === undefined) {
      const [, indent = "", mark = "", info = ""] = OPEN.exec(line) ?? [];
      if (mark === "") continue;
      const [language = "", ...tags] = info.trim().split(/\s+/);
      open = { fence: { file, line: index + 2, language, tags, lines: [] }, indent, mark };
    } else if (isEndOf(line, open.mark)) {
      fences.push(open.fence);
      open = undefined;
    } else {
      open.fence.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line.trimStart());
    }
  }
  if (open !== undefined) fences.push(open.fence);
  return fences;
}

/**
 * @param {string} line
 * @param {string} mark
 * @returns {boolean}
 */
function isEndOf(line, mark) {
  const bare = line.replace(/^[\s>]*/, "").trimEnd();
  return bare.length >= mark.length && bare === (mark[0] ?? "").repeat(bare.length);
}
