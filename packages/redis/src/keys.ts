/**
 * The keys of one cache. What concerns the same 64 digits has them in braces, so that a cluster keeps it on one server
 * and a script can change it at once.
 */
export class Keys {
  readonly prefix: string;

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /** What is known under some digits, of every kind, and what is short enough to lie beside it. */
  head(digits: string): string {
    return `${this.prefix}{${digits}}`;
  }

  /** The pieces of one long value. The scripts put it together in the same way. */
  body(digits: string, version: string): string {
    return `${this.head(digits)}:${version}`;
  }

  /** The pieces of a value whose digits are not known yet. */
  staged(version: string): string {
    return `${this.prefix}{${version}}:staged`;
  }

  /** What was set aside. */
  quarantine(digits: string): string {
    return `${this.head(digits)}:quarantine`;
  }

  /** What SCAN is asked for: heads, and whatever others have put between them. */
  get pattern(): string {
    return `${this.prefix.replace(/[\\*?[\]^-]/g, "\\$&")}{*}`;
  }

  /** The digits of a head's key; undefined for any other. */
  digitsOf(key: string): string | undefined {
    const digits = key.slice(this.prefix.length + 1, -1);
    return /^[0-9a-f]{64}$/.test(digits) && key === this.head(digits) ? digits : undefined;
  }
}
