import type { BundleDescription, Contents } from "@cache/bundle";
import { printable, writeLine } from "../output.ts";
import { sizeText, timeText } from "../units.ts";

const KINDS = { file: "-", directory: "d" } as const;
const RIGHTS = "rwxrwxrwx";

/** `-rwxr-xr-x`. */
function modeText(type: keyof typeof KINDS, mode: number): string {
  const bits = [...RIGHTS].map((letter, at) => ((mode >> (RIGHTS.length - 1 - at)) & 1 ? letter : "-"));
  return KINDS[type] + bits.join("");
}

/** `tool 1.2.3`. */
export function titleOf({ name, version }: Pick<BundleDescription, "name" | "version">): string {
  return printable(version === undefined ? name : `${name} ${version}`);
}

function contentsText(contents: Contents, members: BundleDescription["members"]): string {
  const count = members.filter(({ path }) => path.startsWith("entries/")).length;
  return `${count} entries of a cache${contents === "sealed-entries" ? ", sealed" : ""}`;
}

/** What a package says, for people; who vouches for it is the caller's to say. */
export async function writeDescription(bundle: BundleDescription): Promise<void> {
  const { namespace, digest, created, expires, sequence, writer, contents, launch, members, size, fileSize } = bundle;
  const times = [
    created === 0 ? undefined : `made ${timeText(created)}`,
    expires === undefined ? undefined : `expires ${timeText(expires)}`,
  ].filter((each) => each !== undefined);
  await writeLine(`digest     ${digest}`);
  if (namespace !== "") await writeLine(`namespace  ${printable(namespace)}`);
  if (times.length > 0) await writeLine(`times      ${times.join(", ")}`);
  if (sequence > 0) await writeLine(`sequence   ${sequence}`);
  if (writer !== "") await writeLine(`writer     ${printable(writer)}`);
  if (contents !== undefined) await writeLine(`contents   ${contentsText(contents, members)}`);
  if (launch !== undefined)
    await writeLine(`command    ${printable([launch.command, ...(launch.arguments ?? [])].join(" "))}`);
  await writeLine(`size       ${sizeText(size)} in ${members.length} members, ${sizeText(fileSize)} as a package`);
}

/** A line for each member. */
export async function writeMembers({ members }: BundleDescription): Promise<void> {
  for (const { path, type, mode, size, purpose, compression } of members) {
    const remarks = [purpose, compression].filter((each) => each !== undefined).join(", ");
    const tail = remarks === "" ? "" : `  (${remarks})`;
    await writeLine(`${modeText(type, mode)} ${String(size).padStart(12)} ${printable(path)}${tail}`);
  }
}
