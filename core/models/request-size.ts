/** The largest request that the Claude API accepts, in bytes (API overview, "Request size limits": 32 MB). */
export const MAX_REQUEST_BYTES = 32_000_000;

/** Kept free for the rest of a request: instructions, schema, and the answer that a repair sends back. */
const REST_BYTES = 262_144;

/** The largest document in a request of at most this many bytes. It is sent as base64, which is a third larger. */
export const maxDocumentBytes = (requestBytes: number): number => Math.floor((requestBytes - REST_BYTES) / 4) * 3;

/** The bytes of a document in a request. */
export const base64Bytes = (bytes: number): number => Math.ceil(bytes / 3) * 4;
