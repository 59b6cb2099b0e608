// Apart from the other signer, whose curve takes longer to load than a short command to run.
export { hmacSigner } from "@cache/signer";
