import { Fields, Refusal, type Reply, Status } from "./reply.ts";

/** A reply as it goes over the wire. @param version - of the protocol: 2 or 3 */
export function encode(reply: Reply, version: 2 | 3): Buffer {
  const out: Buffer[] = [];
  write(out, reply, version);
  return Buffer.concat(out);
}

function write(out: Buffer[], reply: Reply, version: 2 | 3): void {
  if (reply === null) line(out, version === 3 ? "_" : "$-1");
  else if (typeof reply === "number") line(out, `:${Math.trunc(reply)}`);
  else if (reply instanceof Status) line(out, `+${reply.text}`);
  else if (reply instanceof Refusal) line(out, `-${reply.message.replace(/[\r\n]+/g, " ")}`);
  else if (typeof reply === "string") bulk(out, Buffer.from(reply));
  else if (reply instanceof Uint8Array) bulk(out, reply);
  else if (reply instanceof Fields) fields(out, reply, version);
  else {
    line(out, `*${reply.length}`);
    for (const each of reply) write(out, each, version);
  }
}

function fields(out: Buffer[], { rows }: Fields, version: 2 | 3): void {
  line(out, version === 3 ? `%${rows.length}` : `*${2 * rows.length}`);
  for (const [name, value] of rows) {
    write(out, name, version);
    write(out, value, version);
  }
}

function bulk(out: Buffer[], bytes: Uint8Array): void {
  line(out, `$${bytes.length}`);
  out.push(Buffer.from(bytes), Buffer.from("\r\n"));
}

function line(out: Buffer[], text: string): void {
  out.push(Buffer.from(`${text}\r\n`));
}
