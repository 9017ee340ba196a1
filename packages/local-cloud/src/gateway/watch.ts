/** A call that a function makes to a service, before anything is done with it. */
export interface WatchedCall {
  /** The region that it is signed for; empty if it is not signed. */
  readonly region: string;
  /** The header `x-amz-target`, such as `DynamoDB_20120810.GetItem`. Empty for services that have none. */
  readonly target: string;
  readonly body: string;
}

/** What the function receives, in the moment in which it is sent. */
export interface WatchedAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * Watches the calls of functions, to record histories. What it returns is called with the answer: never if there is none, or
 * if it is so long that it is sent in parts.
 */
export type WatchCalls = (call: WatchedCall) => ((answer: WatchedAnswer) => void) | undefined;
