import type { Member } from "../manifest/manifest.ts";

const OTHERS_WRITE = 0o022;
/** What its user needs to read it back, and to remove it. */
const OWNER = { file: 0o400, directory: 0o700 } as const;
/** Of directories that are only mentioned in a path. */
const IMPLIED: number = 0o755;

/** The rights that a member gets: those it states, less the right of others to write, and never less than its user needs. */
export function extractedMode({ type, mode }: Pick<Member, "type" | "mode">): number {
  return (mode & ~OTHERS_WRITE) | OWNER[type];
}

/** The rights of a directory that no member states. */
export const impliedMode: number = extractedMode({ type: "directory", mode: IMPLIED });
