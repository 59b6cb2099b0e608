import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** A test whose title begins with numbers of cases. @typedef {{ file: string, numbers: number[], title: string }} Titled */

/** Text between quotes. An apostrophe within a title ends it, which costs the rest of the title and no number. */
const QUOTED = /(["'`])((?:(?!\1)[^\n])*)/g;
/** `M43 M46: both`, at the beginning or behind another one. */
const NUMBERS = /(?:^|and )((?:M\d+ )*M\d+): /g;
const NOT_OURS = /(^|\/)(node_modules|dist)(\/|$)/;

/**
 * The titles in one file of tests.
 * @param {string} text
 * @returns {{ numbers: number[], title: string }[]}
 */
export function titlesIn(text) {
  return [...text.matchAll(QUOTED)].flatMap(([, , title = ""]) => {
    const marks = [...title.matchAll(NUMBERS)].map(([, mark = ""]) => mark);
    const numbers = marks.flatMap((mark) => mark.split(" ").map((each) => Number(each.slice(1))));
    return numbers.length === 0 ? [] : [{ numbers, title }];
  });
}

/**
 * All of them below a folder.
 * @param {string} root
 * @returns {Titled[]}
 */
export function titlesBelow(root) {
  return ["apps", "packages", "tooling"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".test.ts") && !NOT_OURS.test(path.split(sep).join("/")))
      .sort()
      .flatMap((path) => {
        const file = relative(root, join(root, folder, path))
          .split(sep)
          .join("/");
        return titlesIn(readFileSync(join(root, file), "utf8")).map((titled) => ({ file, ...titled }));
      }),
  );
}
