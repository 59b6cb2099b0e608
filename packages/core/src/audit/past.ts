import { firstLine, lastLine, type OpenFile, rotatedFiles, withRotated } from "./files.ts";
import type { AuditLine } from "./line.ts";
import type { Trust } from "./trust.ts";

/** Of a file, the first and the last line that its reader believes. */
export interface Ends {
  readonly first?: AuditLine | undefined;
  readonly last?: AuditLine | undefined;
}

/** What a file is begun after. */
export interface Past {
  readonly last: AuditLine | undefined;
  /** The first `seq` of each file that was kept when the newest was begun, and its own. */
  readonly kept: readonly number[];
}

export function endsOf(file: OpenFile, trust: Trust): Ends {
  const believes = (line: AuditLine): boolean => trust.believes(line);
  return { first: firstLine(file, believes), last: lastLine(file, believes) };
}

/**
 * What is kept is said by lines and not by the directory, where any file may be gone that the log did not drop, and any may lie
 * that it did not write. Other files than the newest are read only when its own lines do not say.
 */
export function pastOf(path: string, trust: Trust, newest: Ends = {}): Past {
  let last = newest.last;
  let first = beginning(newest.first);
  if (last === undefined || first === undefined) {
    // All of them: by its name a copy of an old one can be newer than any.
    for (const each of rotatedFiles(path)) {
      const ends = withRotated(each, (file) => endsOf(file, trust));
      last = later(last, ends.last);
      first = later(first, beginning(ends.first));
    }
  }
  if (first !== undefined) return { last, kept: [...first.files, first.seq] };
  // Nothing that is believed says that any was dropped, and so none is.
  return { last, kept: last === undefined ? [] : [0] };
}

/** A line that begins a file, and says what is kept. */
const beginning = (line: AuditLine | undefined): AuditLine | undefined =>
  line === undefined || (line.seq > 0 && line.files.length === 0) ? undefined : line;

const later = (one: AuditLine | undefined, other: AuditLine | undefined): AuditLine | undefined =>
  (other?.seq ?? -1) > (one?.seq ?? -1) ? other : one;
