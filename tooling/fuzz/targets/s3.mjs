import { utf8 } from "@cache/core/bytes";
import { promise, textOf } from "../promises.mjs";
import { internal } from "../target.mjs";

/** @typedef {import("../target.mjs").Target} Target */

/** @type {typeof import("../../../packages/s3/src/fetch/xml.ts")} */
const { parseXml } = await internal("s3/fetch/xml");
/** @type {typeof import("../../../packages/s3/src/fetch/answers.ts")} */
const { Misunderstood, objectsIn, uploadsIn } = await internal("s3/fetch/answers");

const LISTING = `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix>cache/</Prefix><EncodingType>url</EncodingType>
<IsTruncated>true</IsTruncated><NextContinuationToken>dG9r&#38;ZW4=</NextContinuationToken><Contents><Key>cache/v1/a%20b</Key>
<LastModified>2026-11-22T04:20:54.000Z</LastModified><ETag>&quot;0123&quot;</ETag><Size>16</Size><Owner/></Contents></ListBucketResult>`;
const UPLOADS = `<ListMultipartUploadsResult><IsTruncated>true</IsTruncated><NextKeyMarker>k</NextKeyMarker>
<NextUploadIdMarker>i</NextUploadIdMarker><Upload><Key>k</Key><UploadId>i</UploadId><Initiated>2026-11-22T04:20:54Z</Initiated></Upload>
</ListMultipartUploadsResult>`;
const REFUSAL = "<Error><Code>SlowDown</Code><Message>Please &lt;reduce&gt; &#x41; your rate</Message></Error>";

/** @param {import("../../../packages/s3/src/fetch/xml.ts").Element} element */
function written({ name, text, children }) {
  /** @type {string} */
  const inside = children.map(written).join("");
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<${name}>${inside}${escaped}</${name}>`;
}

/** @param {() => unknown} read */
function understood(read) {
  try {
    read();
  } catch (error) {
    promise(error instanceof Misunderstood, "what is no listing is said to be none");
  }
}

/** @param {string} text */
function parsed(text) {
  try {
    return parseXml(text);
  } catch (error) {
    promise(error instanceof SyntaxError, "what is no document is a SyntaxError");
    return undefined;
  }
}

/** @type {Target} */
const answer = {
  name: "s3-answer",
  covers: ["parseXml"],
  seeds: () => [LISTING, UPLOADS, REFUSAL].map((text) => utf8(text)),
  run(bytes) {
    const text = textOf(bytes);
    const root = text === undefined ? undefined : parsed(text);
    if (root === undefined) return;
    promise(written(parseXml(written(root))) === written(root), "what was understood is understood again");
    understood(() => objectsIn(root));
    understood(() => uploadsIn(root));
  },
  dictionary: [
    "<Contents>",
    "</Contents>",
    "<Key>",
    "</Key>",
    "<Size>",
    "&amp;",
    "&#x10ffff;",
    "&#0;",
    "/>",
    "<?",
    "<!",
    "<![CDATA[",
  ],
};

/** @type {readonly Target[]} */
export const s3Targets = [answer];
