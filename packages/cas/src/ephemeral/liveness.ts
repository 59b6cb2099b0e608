import { connect, createServer, type Server } from "node:net";
import { basename, join } from "node:path";
import { errno } from "../failures.ts";

/** Shorter than the longest address of a Unix-domain socket on any platform; a longer one would be cut, silently. */
const LONGEST_ADDRESS = 100;

/**
 * Says that the owner of a directory lives, for as long as it does: it listens on a socket there. The system ends that
 * with the process, however it ends, so there is no process number that another process could have by then, and it
 * holds between containers that share the directory.
 * @returns `undefined` where a socket cannot be had
 */
export async function announce(directory: string): Promise<Server | undefined> {
  const path = addressIn(directory);
  if (Buffer.byteLength(path) > LONGEST_ADDRESS) return undefined;
  const server = createServer((socket) => socket.destroy());
  server.unref();
  return await new Promise((resolve) => {
    // For as long as it listens: a server that cannot take a connection still answers the question.
    server.on("error", () => resolve(undefined));
    // Exclusive: the workers of a cluster would otherwise listen through their parent, and live as long as it does.
    server.listen({ path, exclusive: true }, () => resolve(server));
  });
}

/** Whether nobody listens any longer where somebody did. False when it cannot be known. */
export async function isSilent(directory: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(addressIn(directory));
    socket.once("connect", () => {
      socket.destroy();
      resolve(false);
    });
    // Refused: the listener was killed. Absent: its thread was, and the rest of the process tidied up.
    socket.once("error", (error) => resolve(errno(error) === "ECONNREFUSED" || errno(error) === "ENOENT"));
  });
}

function addressIn(directory: string): string {
  return process.platform === "win32" ? `\\\\.\\pipe\\${basename(directory)}` : join(directory, "alive");
}
