/** @typedef {import("./fences.mjs").Fence} Fence */

/**
 * What an example is: one block, or one and those that continue it, in one program. Every line stands where it stands
 * in the document, so that a message about line 40 is about line 40 of the document.
 * @typedef {object} Program
 * @property {"ts" | "sh"} language
 * @property {string} file - the document
 * @property {number} line - where the first block begins
 * @property {string} text
 * @property {boolean} runs - otherwise it is compiled only
 * @property {number} exit - the exit code it ends with
 */

const ELSEWHERE = /^(typescript|tsx|[mc]ts|js|[mc]js|jsx|javascript)$/;

/**
 * Makes programs of the blocks of one document.
 * @param {readonly Fence[]} fences
 * @returns {{ programs: Program[], problems: string[] }}
 */
export function programsOf(fences) {
  /** @type {Program[]} */
  const programs = [];
  /** @type {string[]} */
  const problems = [];
  for (const fence of fences) {
    const problem = problemWith(fence) ?? add(programs, fence);
    if (problem !== undefined) problems.push(`${fence.file}:${fence.line - 1} ${problem}`);
  }
  return { programs, problems };
}

/**
 * @param {Fence} fence
 * @returns {string | undefined}
 */
function problemWith({ language, tags }) {
  if (ELSEWHERE.test(language)) return `"${language}" is not checked; write "ts"`;
  const known = language === "ts" ? /^(no-run|continue)$/ : /^(run|continue|exit=\d+)$/;
  if (language !== "ts" && language !== "sh") return undefined;
  const unknown = tags.find((tag) => !known.test(tag));
  if (unknown !== undefined) return `"${language}" has no tag "${unknown}"`;
  if (language === "sh" && tags.length > 0 && !tags.includes("run")) return '"sh" has no tags without "run"';
  return undefined;
}

/**
 * @param {Program[]} programs
 * @param {Fence} fence
 * @returns {string | undefined}
 */
function add(programs, { file, line, language, tags, lines }) {
  if (language !== "ts" && !(language === "sh" && tags.includes("run"))) return undefined;
  const exit = Number(tags.find((tag) => tag.startsWith("exit="))?.slice("exit=".length) ?? 0);
  const runs = !tags.includes("no-run");
  if (!tags.includes("continue")) {
    programs.push({ language, file, line, text: placed("", line, lines), runs, exit });
    return undefined;
  }
  const before = programs.findLast((program) => program.language === language);
  if (before === undefined) return "there is nothing to continue";
  if (before.exit !== 0) return "what it continues has ended with another exit code than 0";
  Object.assign(before, { text: placed(before.text, line, lines), runs: before.runs && runs, exit });
  return undefined;
}

/**
 * Text with some lines added at the place they have in the document.
 * @param {string} text
 * @param {number} line
 * @param {readonly string[]} lines
 * @returns {string}
 */
function placed(text, line, lines) {
  const missing = line - text.split("\n").length;
  return `${text}${"\n".repeat(missing)}${lines.join("\n")}\n`;
}
