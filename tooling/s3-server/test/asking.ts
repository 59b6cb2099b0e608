import type { Server } from "@cache/s3-server";
import { AwsV4Signer } from "aws4fetch";

/** What a server said. */
export interface Answer {
  readonly status: number;
  /** The code of a refusal. */
  readonly code: string | undefined;
  readonly headers: Headers;
  readonly text: string;
}

/** One request. */
export interface Asked {
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
  readonly bucket?: string;
  /** Changes what was signed. */
  readonly tamper?: (headers: Headers) => void;
}

/** Sends a request as it is written here, signed by a signer that is not ours. */
export async function ask(server: Server, method: string, key: string, asked: Asked = {}): Promise<Answer> {
  const { query = {}, headers = {}, body, bucket = server.bucket, tamper } = asked;
  const url = new URL(`${server.url}/${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const { region, credentials } = server;
  const signer = new AwsV4Signer({
    method,
    url: url.href,
    headers,
    service: "s3",
    region,
    allHeaders: true,
    ...credentials,
  });
  const signed = await signer.sign();
  tamper?.(signed.headers);
  const sent = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const answer = await fetch(signed.url, { method, headers: signed.headers, body: sent as BodyInit });
  const text = await answer.text();
  return { status: answer.status, code: /<Code>(\w+)<\/Code>/.exec(text)?.[1], headers: answer.headers, text };
}

/** An upload in parts: each part's bytes, and the answer to its completion. */
export async function uploaded(
  server: Server,
  key: string,
  parts: readonly Uint8Array[],
  {
    headers = {},
    change = (list) => list,
  }: { readonly headers?: Record<string, string>; readonly change?: (list: string[]) => string[] } = {},
): Promise<Answer & { readonly id: string }> {
  const begun = await ask(server, "POST", key, { query: { uploads: "" } });
  const id = /<UploadId>([^<]+)</.exec(begun.text)?.[1] ?? "";
  const list: string[] = [];
  for (const [index, body] of parts.entries()) {
    const query = { partNumber: String(index + 1), uploadId: id };
    const { headers: said } = await ask(server, "PUT", key, { query, body });
    list.push(`<Part><PartNumber>${index + 1}</PartNumber><ETag>${said.get("etag")}</ETag></Part>`);
  }
  const body = `<CompleteMultipartUpload>${change(list).join("")}</CompleteMultipartUpload>`;
  return { ...(await ask(server, "POST", key, { query: { uploadId: id }, headers, body })), id };
}
