import type { S3Part, S3Upload } from "../bucket.ts";
import type { Context } from "../context.ts";
import { Crew } from "./crew.ts";

/** Parts on their way at a time. */
const AT_ONCE = 2;

/** What sends one part of an upload, and gives its ETag. */
export type SendPart = (upload: S3Upload, number: number, signal: AbortSignal) => Promise<string>;

/** An upload in parts, which are sent a few at a time. Nobody sees anything of it before it is complete. */
export class Multipart {
  readonly #context: Context;
  readonly #upload: S3Upload;
  readonly #signal: AbortSignal | undefined;
  readonly #crew = new Crew(AT_ONCE);
  readonly #parts: S3Part[] = [];
  #count = 0;

  private constructor(context: Context, upload: S3Upload, signal: AbortSignal | undefined) {
    this.#context = context;
    this.#upload = upload;
    this.#signal = signal;
  }

  /** Begins an upload. */
  static async begin(context: Context, key: string, signal: AbortSignal | undefined): Promise<Multipart> {
    const upload = await context.asker.ask({ doing: "beginning an upload", signal }, (signal) =>
      context.bucket.createMultipartUpload(key, { signal }),
    );
    return new Multipart(context, upload, signal);
  }

  /** Parts so far. */
  get count(): number {
    return this.#count;
  }

  /** Sends the next part, as soon as there is room for it. */
  async add(send: SendPart): Promise<void> {
    const number = ++this.#count;
    const asking = { doing: "sending a part", signal: this.#signal };
    await this.#crew.begin(async () => {
      const etag = await this.#context.asker.ask(asking, (signal) => send(this.#upload, number, signal));
      this.#parts.push({ number, etag });
    });
  }

  /** Makes one object of the parts. */
  async complete(ifAbsent: boolean): Promise<void> {
    await this.#crew.end();
    const parts = this.#parts.sort((a, b) => a.number - b.number);
    const asking = { doing: "completing an upload", signal: this.#signal, commits: true };
    await this.#context.asker.ask(asking, (signal) =>
      this.#context.bucket.completeMultipartUpload(this.#upload, parts, { ifAbsent, signal }),
    );
  }

  /** Drops the parts. What cannot be dropped now, a rule of the bucket drops later. */
  async abort(): Promise<void> {
    // A part that is still on its way would be kept, and paid for, without anybody who knows of it.
    await this.#crew.end().catch(() => undefined);
    const asking = { doing: "aborting an upload", signal: undefined };
    await this.#context.asker
      .ask(asking, (signal) => this.#context.bucket.abortMultipartUpload(this.#upload, { signal }))
      .catch(() => undefined);
  }
}

/** Runs `work` on a new upload, and aborts that when it fails. */
export async function withMultipart(
  context: Context,
  key: string,
  signal: AbortSignal | undefined,
  work: (multipart: Multipart) => Promise<void>,
): Promise<void> {
  const multipart = await Multipart.begin(context, key, signal);
  try {
    await work(multipart);
  } catch (error) {
    await multipart.abort();
    throw error;
  }
}
