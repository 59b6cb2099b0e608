import { signatureOf } from "../imitation/signature.mjs";

const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/**
 * Makes a bucket, as soon as the server answers.
 * @param {{ url: string, bucket: string, region: string, credentials: { accessKeyId: string, secretAccessKey: string } }} server
 * @param {() => string | undefined} ended - why it never will
 */
export async function createBucket({ url, bucket, region, credentials }, ended) {
  for (let tries = 0; ; tries++) {
    const answer = await put(new URL(`${url}/${bucket}`), region, credentials).catch((error) => String(error));
    if (answer === 200) return;
    const reason = ended();
    if (reason !== undefined) throw new Error(reason);
    if (tries > 600) throw new Error(`no bucket within two minutes: ${answer}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/**
 * @param {URL} url
 * @param {string} region
 * @param {{ accessKeyId: string, secretAccessKey: string }} credentials
 */
async function put(url, region, { accessKeyId, secretAccessKey: secret }) {
  const date = new Date().toISOString().replaceAll(/[:-]|\.\d{3}/g, "");
  const day = date.slice(0, 8);
  const signed = ["host", "x-amz-content-sha256", "x-amz-date"];
  const headers = { host: url.host, "x-amz-content-sha256": EMPTY, "x-amz-date": date };
  const signature = signatureOf({ method: "PUT", url, headers }, signed, { secret, date, day, region });
  const scope = `Credential=${accessKeyId}/${day}/${region}/s3/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=${signed.join(";")}, Signature=${signature}`;
  const { host: _, ...sent } = headers;
  const answer = await fetch(url, { method: "PUT", headers: { ...sent, authorization } });
  await answer.arrayBuffer();
  return answer.status;
}
