/** An element of an answer, its attributes left out. */
export interface Element {
  readonly name: string;
  readonly children: readonly Element[];
  /** What stands in it between the elements, decoded. */
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly children: Element[];
  text: string;
}

const DEEPEST = 8;
const TOKEN = /<\?[^<>]*\?>|<(\/?)([A-Za-z][A-Za-z0-9:]*)((?:\s[^<>]*?)?)(\/?)>|([^<]+)/y;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/**
 * The root of an XML document as S3 writes them: elements and text. Declarations of entities, comments and whatever else
 * XML knows are refused, as is what is no document.
 * @throws SyntaxError
 */
export function parseXml(text: string): Element {
  const stack: Open[] = [{ name: "", children: [], text: "" }];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    const token = TOKEN.exec(text);
    if (token === null) throw malformed();
    take(stack, token);
  }
  const [document, ...open] = stack;
  const root = document?.children[0];
  if (root === undefined || open.length > 0 || document?.children.length !== 1 || document.text.trim() !== "") {
    throw malformed();
  }
  return root;
}

function take(stack: Open[], [, slash, name, , closed, text]: RegExpExecArray): void {
  const top = stack.at(-1) as Open;
  if (text !== undefined) {
    top.text += decoded(text);
  } else if (name === undefined) {
    // What stands in front of a document.
    if (stack.length > 1) throw malformed();
  } else if (slash === "/") {
    if (stack.length === 1 || top.name !== name) throw malformed();
    stack.pop();
  } else {
    const element = { name, children: [], text: "" };
    top.children.push(element);
    if (closed !== "/") stack.push(element);
    if (stack.length > DEEPEST) throw malformed();
  }
}

function decoded(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{1,8}));|&/g, (_, decimal, hex, name) => {
    const code = decimal !== undefined ? Number(decimal) : hex !== undefined ? Number.parseInt(hex, 16) : Number.NaN;
    const sign = name === undefined ? (code <= 0x10ffff ? String.fromCodePoint(code) : undefined) : ENTITIES[name];
    if (sign === undefined) throw malformed();
    return sign;
  });
}

function malformed(): SyntaxError {
  return new SyntaxError("the answer is no XML as S3 writes it");
}

/** The text of a child; undefined when there is none of this name. */
export function textOf(element: Element, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text;
}

/** The children of a name. */
export function childrenOf(element: Element, name: string): readonly Element[] {
  return element.children.filter((child) => child.name === name);
}
