/** One delivery of a callback. */
export interface Delivery {
  /** The `webhook-id`: the same for every delivery of a callback. */
  readonly id: string;
  /** Whose secret signs it. */
  readonly tenant: string;
  readonly url: string;
  /** The JSON that is signed and sent, byte for byte. */
  readonly body: string;
  /** The trace that the receiver may go on with. @default none */
  readonly traceparent?: string;
}

/** The result of a delivery. `failed` when the receiver sent no response. */
export type DeliveryResult =
  | {
      readonly kind: 'answered';
      /** The HTTP status. */
      readonly status: number;
      /** Milliseconds the receiver asked us to wait (`retry-after`). */
      readonly retryAfterMs?: number;
      /** The start of the response to a rejected delivery, fit for a log. */
      readonly excerpt?: string;
    }
  | {
      readonly kind: 'failed';
      /** The URL or its address may not be called · its name does not resolve · its certificate is not trusted · it is too slow · no connection, or a broken one. */
      readonly failure: 'refused' | 'unknown-host' | 'untrusted' | 'timeout' | 'unreachable';
      /** One sentence for the operator, without the URL. */
      readonly reason: string;
    };

/** Delivers callbacks. */
export interface Webhook {
  /** Signs and posts. Throws only for errors on our side, such as a secret that cannot be read. */
  deliver(delivery: Delivery): Promise<DeliveryResult>;
}
