import { LONGEST_ANSWER, S3Failure } from "../failure.ts";

interface Answer {
  readonly statusCode: number;
  body: unknown;
}

type Handler = (args: never) => Promise<{ readonly response: unknown }>;

/** The part of a command of the SDK that is used. */
interface Command {
  readonly middlewareStack: {
    add(middleware: (next: Handler) => Handler, options: { step: "deserialize"; priority: "low"; name: string }): void;
  };
}

/** A readable stream of Node, which every byte goes into by `push`. */
interface NodeBody {
  push(piece: Uint8Array | null, encoding?: string): boolean;
  destroy(error: Error): void;
}

/**
 * Sends a command, and takes no answer that is longer than one of S3: the SDK collects all of what it reads itself. The
 * body of an object is handed on as it comes.
 * @param command - not sent before
 * @param isObject - whether a success has an object for its body
 * @param send - sends it
 * @throws S3Failure `Misunderstood` for a longer answer; what the SDK throws
 */
export async function bounded<T>(command: object, isObject: boolean, send: () => Promise<T>): Promise<T> {
  const { middlewareStack } = command as Command;
  let onExceeded: (error: S3Failure) => void = () => undefined;
  const exceeded = new Promise<never>((_, reject) => {
    onExceeded = reject;
  });
  const count = (next: Handler): Handler => {
    return async (args) => {
      const result = await next(args);
      const answer = result.response as Answer;
      if (!isObject || answer.statusCode >= 300) answer.body = counted(answer.body, onExceeded);
      return result;
    };
  };
  middlewareStack.add(count, { step: "deserialize", priority: "low", name: "cacheAnswerBound" });
  // Some of the SDK's own readers do not end when what they read fails.
  return Promise.race([send(), exceeded]);
}

/** The same body, which ends with a failure when it is too long. */
function counted(body: unknown, onExceeded: (error: S3Failure) => void): unknown {
  let length = 0;
  const take = (piece: Uint8Array | null): void => {
    length += piece?.byteLength ?? 0;
    if (length <= LONGEST_ANSWER) return;
    const failure = new S3Failure("Misunderstood", "the answer is longer than one of S3");
    onExceeded(failure);
    throw failure;
  };
  if (body instanceof ReadableStream) return body.pipeThrough(counter(take));
  if (typeof (body as NodeBody | undefined)?.push === "function") countPushes(body as NodeBody, take);
  return body;
}

function counter(take: (piece: Uint8Array) => void): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform(piece, controller) {
      take(piece);
      controller.enqueue(piece);
    },
  });
}

/** In its place: what the SDK has yet to do with the stream asks for one of Node's own. */
function countPushes(body: NodeBody, take: (piece: Uint8Array | null) => void): void {
  const push = body.push.bind(body);
  body.push = (piece, encoding) => {
    try {
      take(piece);
    } catch (failure) {
      body.destroy(failure as Error);
      return false;
    }
    return push(piece, encoding);
  };
}
