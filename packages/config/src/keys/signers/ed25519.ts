export { ed25519Signer } from "@cache/signer";
