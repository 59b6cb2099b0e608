import { type Kind, type Name, parseName } from "@cache/core/adapter";

const ALLOWED = /^[A-Za-z0-9._/-]*$/;

/** Where in a bucket a cache keeps what. */
export class Layout {
  readonly #prefix: string;

  /** @throws TypeError for a prefix that not every server and every listing would give back as it is */
  constructor(prefix: string) {
    if (
      typeof prefix !== "string" ||
      !ALLOWED.test(prefix) ||
      prefix.startsWith("/") ||
      /(^|\/)\.{0,2}\//.test(prefix)
    ) {
      throw new TypeError(
        'a prefix is letters, digits, ".", "_", "-" and "/", such as "cache/", with no empty, "." or ".." part',
      );
    }
    this.#prefix = prefix;
  }

  /** @throws TypeError for what is no name */
  keyOf(name: Name): string {
    parseName(name);
    return `${this.#prefix}v1/${name}`;
  }

  /** The name of a key; undefined for somebody else's. */
  nameOf(key: string): Name | undefined {
    if (!key.startsWith(`${this.#prefix}v1/`)) return undefined;
    const name = key.slice(this.#prefix.length + 3) as Name;
    try {
      parseName(name);
      return name;
    } catch {
      return undefined;
    }
  }

  /** What every key of a kind begins with. */
  folderOf(kind: Kind): string {
    return `${this.#prefix}v1/${kind}/`;
  }

  /** Where a version is set aside, the same for all who do. */
  quarantineOf(name: Name, etag: string): string {
    return `${this.#prefix}quarantine/${name}-${etag.replaceAll(/[^A-Za-z0-9-]/g, "")}`;
  }

  /** What every key begins with that nobody needs after a crash. */
  get temporary(): string {
    return `${this.#prefix}tmp/`;
  }

  /** Whether a key is one that a stream or a check made to remove again, and nobody else's. */
  isTemporary(key: string): boolean {
    return (
      key.startsWith(this.temporary) && /^(check-[0-9a-f]{32}\/.+|[0-9a-f]{32})$/.test(key.slice(this.temporary.length))
    );
  }

  /** Whether a key is one that a cache here puts things under. */
  isOwn(key: string): boolean {
    return this.nameOf(key) !== undefined || this.isTemporary(key);
  }

  /** What every key of the cache begins with. */
  get all(): string {
    return this.#prefix;
  }
}
