/** A file of a tree. Paths are relative to its root, with `/` between their parts; a file that is the root has an empty one. */
export interface FileMember {
  readonly path: string;
  readonly size: number;
  /** Whether its owner may execute it: all that is kept of its rights. */
  readonly executable: boolean;
}

/** A symbolic link to something in the tree. */
export interface LinkMember {
  readonly path: string;
  /** As it stands in the link, with `/` between its parts. */
  readonly target: string;
}

/** What lies at a path, each list in the order of the paths. */
export interface Tree<F = FileMember> {
  readonly kind: "file" | "directory";
  readonly files: readonly F[];
  readonly directories: readonly string[];
  readonly links: readonly LinkMember[];
}
