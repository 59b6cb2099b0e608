// An imitation of S3 in a process of its own, behind a counter of bytes. Tells its parent where it is; asked for anything, it tells
// how many requests there were and how many bytes went each way.
import { connect, createServer } from "node:net";
import { startImitation } from "@cache/s3-server";

const server = await startImitation();
const behind = Number(new URL(server.url).port);
const bytes = { sent: 0, received: 0 };
const counter = createServer((client) => {
  const socket = connect(behind, "127.0.0.1");
  client.on("data", (piece) => {
    bytes.sent += piece.byteLength;
  });
  socket.on("data", (piece) => {
    bytes.received += piece.byteLength;
  });
  client.pipe(socket).pipe(client);
  for (const [one, other] of /** @type {const} */ ([
    [client, socket],
    [socket, client],
  ]))
    one.on("error", () => other.destroy());
});
counter.listen(0, "127.0.0.1", () => {
  const { port } = /** @type {import("node:net").AddressInfo} */ (counter.address());
  const { bucket, region, credentials } = server;
  process.send?.({ endpoint: `http://127.0.0.1:${port}`, bucket, region, credentials });
});
process.on("message", () => process.send?.({ requests: server.requests.length, ...bytes }));
process.on("disconnect", () => process.exit());
