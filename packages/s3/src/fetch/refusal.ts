import { S3Failure } from "../failure.ts";
import { textIn } from "./answers.ts";
import { parseXml, textOf } from "./xml.ts";

/** What an answer that is no success says. */
export async function refusalIn(response: Response): Promise<S3Failure> {
  const { status } = response;
  const text = await textIn(response).catch(() => "");
  return refusalOf(text, status) ?? new S3Failure(`HTTP ${status}`, "an answer without a code of S3", { status });
}

/** The refusal that a body holds; undefined when it holds none. Two operations answer 200 before they know. */
export function refusalOf(text: string, status: number): S3Failure | undefined {
  try {
    const root = parseXml(text);
    if (root.name !== "Error") return undefined;
    return new S3Failure(textOf(root, "Code") ?? `HTTP ${status}`, plain(textOf(root, "Message") ?? ""), { status });
  } catch {
    return undefined;
  }
}

/** What a server says, without what could do harm in a log. */
function plain(text: string): string {
  return text.replaceAll(/[^ -~]/g, " ").slice(0, 300);
}
