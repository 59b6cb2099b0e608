/** One run of the program over all its input. */
export interface RunRecord {
  readonly title: string;
  readonly milliseconds: number;
  readonly hits: number;
  /** Files whose analysis was worked out because the cache had none to give. */
  readonly computed: number;
  /** SHA-256 of the output. */
  readonly identity: string;
}

/** Something that was looked at, and what was found. */
export interface Proof {
  readonly claim: string;
  readonly holds: boolean;
}

/** One attack on the directory, and what came of it. */
export interface AttackRecord {
  readonly title: string;
  /** What the attacker did. */
  readonly deed: string;
  /** Why it ends as it does. */
  readonly promise: string;
  /** What looking up the attacked entries must answer, in order: `hit`, `miss`, `expired`, `rejected CODE`. */
  readonly expected: readonly string[];
  readonly seen: readonly string[];
  /** Types and codes of the events above the level of information, each once. */
  readonly events: readonly string[];
  readonly proofs: readonly Proof[];
  /** The next run of the program: how many it had to work out anew, and whether its output was the same bytes. */
  readonly recomputed: number;
  readonly identical: boolean;
}

/** One step of a key rotation. */
export interface RotationRecord {
  readonly step: string;
  readonly explanation: string;
  readonly hits: number;
  readonly computed: number;
  readonly proofs: readonly Proof[];
}

/** One of the jobs that such a cache is for, done once. */
export interface ChapterRecord {
  readonly title: string;
  readonly explanation: string;
  readonly proofs: readonly Proof[];
}

/** All of a demonstration. */
export interface Evidence {
  readonly files: number;
  /** Length of the input in bytes. */
  readonly bytes: number;
  /** What the first run stored. */
  readonly stored: { readonly values: number; readonly bytes: number };
  readonly runs: readonly RunRecord[];
  readonly attacks: readonly AttackRecord[];
  readonly rotation: readonly RotationRecord[];
  readonly chapters: readonly ChapterRecord[];
}
