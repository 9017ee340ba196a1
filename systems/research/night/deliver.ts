import type { Brief } from '../brief/schema.ts';

/** A brief that lies in the bucket. */
export interface Delivery {
  readonly runId: string;
  readonly brief: Brief;
  /** brief.pdf. Null if it could not be made. */
  readonly pdf: Uint8Array | null;
  readonly place: { readonly bucket: string; /** Ends with a slash. */ readonly prefix: string };
}

/** Brings a finished brief to its readers. Called again for the same run it must not bring it twice. */
export type Deliver = (delivery: Delivery) => Promise<void>;
