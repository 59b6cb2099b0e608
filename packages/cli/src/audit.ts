// A module of its own, which is loaded only where a configuration names a file.
export { auditFile } from "@cache/config";
