/** Who asks. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of credentials that end by themselves. */
  readonly sessionToken?: string | undefined;
}

/** Credentials, or what gives them: asked before the first request, and again when the server takes them no more. */
export type S3CredentialsSource = S3Credentials | (() => S3Credentials | Promise<S3Credentials>);

/** The credentials in use. */
export class Wallet {
  readonly #source: S3CredentialsSource;
  #current: Promise<S3Credentials> | undefined;

  /** @param source - where they come from */
  constructor(source: S3CredentialsSource) {
    this.#source = source;
  }

  /** The ones in use now. Many who ask at once ask the source once. */
  current(): Promise<S3Credentials> {
    this.#current ??= this.#ask();
    return this.#current;
  }

  /** Others than those the server refused, or undefined when there are none. */
  async instead(refused: S3Credentials): Promise<S3Credentials | undefined> {
    if (typeof this.#source !== "function") return undefined;
    // Somebody else may have been refused before, and have got new ones already.
    if ((await this.current()) === refused) this.#current = this.#ask();
    const next = await this.current();
    return next.accessKeyId === refused.accessKeyId && next.sessionToken === refused.sessionToken ? undefined : next;
  }

  async #ask(): Promise<S3Credentials> {
    if (typeof this.#source !== "function") return this.#source;
    try {
      return checked(await this.#source());
    } catch (error) {
      // The next request asks again.
      this.#current = undefined;
      throw error;
    }
  }
}

/** @throws TypeError for what are no credentials, without showing them */
export function checked(credentials: S3Credentials): S3Credentials {
  for (const part of ["accessKeyId", "secretAccessKey"] as const) {
    if (typeof credentials?.[part] !== "string" || credentials[part] === "") {
      throw new TypeError(`credentials have ${part}, a text that is not empty`);
    }
  }
  return credentials;
}
