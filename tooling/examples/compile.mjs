import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** @typedef {import("./programs.mjs").Program} Program */

/** What a careful user has in tsconfig.json. */
const OPTIONS = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts", "lib.dom.d.ts", "lib.dom.asynciterable.d.ts"],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  types: ["node"],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  skipLibCheck: true,
  inlineSourceMap: true,
  noEmitOnError: false,
};

/**
 * The name an example has on the disk, made of the place it has in the documents.
 * @param {Program} program
 * @returns {string}
 */
export function moduleName({ file, line }) {
  return `${file.replace(/[^\w.-]/g, "+")}.${line}`;
}

/**
 * Compiles examples together, each as a module of its own, to `modules/NAME.js` in the folder.
 * @param {string} folder
 * @param {readonly Program[]} programs - in TypeScript
 * @returns {Map<Program, string[]>} what the compiler says about each, with the place in the document
 */
export function compile(folder, programs) {
  const modules = join(folder, "modules");
  mkdirSync(modules);
  const paths = new Map(programs.map((program) => [join(modules, `${moduleName(program)}.ts`), program]));
  for (const [path, { text }] of paths) writeFileSync(path, text);
  const typeRoots = [join(folder, "node_modules/@types")];
  const compiled = ts.createProgram([...paths.keys()], { ...OPTIONS, typeRoots, rootDir: modules, outDir: modules });
  compiled.emit();
  return new Map([...paths].map(([path, program]) => [program, messagesAbout(compiled, path, program)]));
}

/**
 * @param {ts.Program} compiled
 * @param {string} path
 * @param {Program} program
 * @returns {string[]}
 */
function messagesAbout(compiled, path, { file }) {
  const source = compiled.getSourceFile(path);
  const found = ts.getPreEmitDiagnostics(compiled, source);
  return found.map(({ messageText, start, code }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, "\n");
    const at = source === undefined ? 0 : source.getLineAndCharacterOfPosition(start ?? 0).line + 1;
    return `${file}:${at} TS${code}: ${text}`;
  });
}
