import type { Installation, Repository } from '../world/types.ts';

/** An event to send: its body is the same, byte for byte, in each attempt. */
export interface Event {
  readonly name: 'ping' | 'pull_request' | 'issue_comment' | 'check_run' | 'check_suite';
  readonly action: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly installation: Installation | undefined;
  readonly repository: Repository | undefined;
}

/** One attempt to deliver an event. */
export interface Delivery {
  readonly id: number;
  /** `X-GitHub-Delivery`, the same in all attempts. */
  readonly guid: string;
  readonly event: Event;
  readonly body: string;
  readonly redelivery: boolean;
  readonly deliveredAt: number;
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  duration: number;
  status: string;
  /** 0 while it is under way and when there was no answer. */
  statusCode: number;
  responseHeaders: Readonly<Record<string, string>>;
  responseBody: string;
  /** Resolves when the attempt has ended. */
  ended: Promise<void>;
}

/** What goes wrong with the next delivery: it never arrives, or it arrives twice with one GUID. */
export type DeliveryFault = 'lost' | 'twice';
