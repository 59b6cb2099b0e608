/** Where the member lies that says about a package what its manifest has no field for. */
export const ABOUT_PATH = ".bundle/about.json";
/** Paths that begin so are the format's own. */
export const RESERVED = ".bundle";
/** Most bytes of that member. */
export const MAX_ABOUT = 33_554_432;
/** Permissions of that member. */
export const ABOUT_MODE = 0o644;

/** What a member is for. */
export type Purpose = "code" | "config" | "data" | "document";
export const PURPOSES: readonly Purpose[] = ["code", "config", "data", "document"];

/** How the stored bytes of a member were made smaller. */
export interface Compressed {
  readonly algorithm: "brotli";
  /** Length in bytes once expanded. */
  readonly size: number;
  /** SHA-256 of the expanded bytes, 32 bytes. */
  readonly digest: Uint8Array;
}

/** What is said about one member; members of which nothing is to be said are left out. */
export interface Note {
  readonly path: string;
  readonly purpose?: Purpose | undefined;
  readonly compressed?: Compressed | undefined;
}

/**
 * Which variables a launched command finds. It starts with a short list that nearly every program needs, and with `pass`; `unset`
 * takes away, then `map` gives a variable under another name, and `set` comes last.
 */
export interface EnvironmentRules {
  /** Names, or beginnings of names that end with `*`. */
  readonly pass?: readonly string[] | undefined;
  /** Names, or beginnings of names that end with `*`. */
  readonly unset?: readonly string[] | undefined;
  /** The new name, and the name of the variable whose value it gets. */
  readonly map?: Readonly<Record<string, string>> | undefined;
  readonly set?: Readonly<Record<string, string>> | undefined;
}

/** Where a launched command begins: where its user is, in the extracted package, or in a directory that goes with it. */
export type WorkDirectory = "caller" | "package" | "temporary";
export const WORK_DIRECTORIES: readonly WorkDirectory[] = ["caller", "package", "temporary"];

/** What a package starts. */
export interface Launch {
  /** Path of a member: a file with a right to execute. */
  readonly command: string;
  /** Before those that its user gives. */
  readonly arguments?: readonly string[] | undefined;
  /** @defaultValue "caller" */
  readonly workDirectory?: WorkDirectory | undefined;
  readonly environment?: EnvironmentRules | undefined;
}

/**
 * What all members of a package are, if they are no files of their own: `entries` of a cache, as its store holds them, or
 * `sealed-entries`, which need the master key that sealed them.
 */
export type Contents = "entries" | "sealed-entries";
export const CONTENTS: readonly Contents[] = ["entries", "sealed-entries"];

/** What a package says about itself besides its members. */
export interface About {
  /** Of what is in it, by its maker's count: `1.4.2`. */
  readonly version?: string | undefined;
  /** Absent: files and directories. */
  readonly contents?: Contents | undefined;
  readonly launch?: Launch | undefined;
  /** In ascending order of the bytes of their paths. */
  readonly members: readonly Note[];
}
